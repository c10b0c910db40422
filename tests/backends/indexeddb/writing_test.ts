import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { Leases, type Locks } from "../../../backends/indexeddb/leases.ts";
import { toSettings } from "../../../backends/indexeddb/options.ts";
import { Writer } from "../../../backends/indexeddb/writing.ts";
import type { Body, WriteRequest } from "../../../core/backend.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  InvalidPathError,
} from "../../../mod.ts";
import { hanging, imitate, keysOf, NEW, newDatabase } from "./imitation.ts";

const REQUEST: WriteRequest = {
  condition: NEW,
  headers: {
    contentType: null,
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  },
  metadata: null,
  check: null,
  signal: undefined,
};

function bytes(size: number): Body {
  return { kind: "bytes", bytes: new Uint8Array(size) };
}

function stream(...lengths: number[]): Body {
  const chunks = lengths.map((length) => new Uint8Array(length));
  return { kind: "stream", stream: ReadableStream.from(chunks), size: null };
}

/** Rows of 4 bytes, parts of 16, Blobs of 64. */
function newWriter(representation: "blob" | "bytes" | "auto") {
  const database = newDatabase();
  const leases = new Leases(database, () => undefined);
  const settings = toSettings({ representation, chunkSize: 4 });
  return { database, writer: new Writer(database, leases, settings) };
}

Deno.test("IDB content is stored in equal records, however it comes", async () => {
  const rows: [body: Body, rows: number, blobs: number][] = [
    [bytes(0), 0, 0],
    [bytes(4), 1, 1],
    [bytes(16), 4, 4],
    [bytes(17), 5, 1],
    [bytes(130), 33, 3],
    [stream(), 0, 0],
    [stream(3, 2), 2, 2],
    [stream(16), 4, 4],
    [stream(16, 1), 5, 1],
    [stream(7, 70), 20, 2],
  ];
  for (const representation of ["bytes", "blob"] as const) {
    for (const [body, ofRows, ofBlobs] of rows) {
      const { database, writer } = newWriter(representation);
      const given: Body = body.kind === "bytes" ? body : {
        ...body,
        stream: new Blob([new Uint8Array(0)]).stream(),
      };
      if (body.kind === "stream") {
        const [one, two] = body.stream.tee();
        Object.assign(given, { stream: one });
        Object.assign(body, { stream: two });
      }
      await writer.write("a", given, REQUEST);
      const wanted = representation === "bytes" ? ofRows : ofBlobs;
      assertEquals((await keysOf(database)).length - 1, wanted);
      await database.close();
    }
  }
});

Deno.test("WR-001a each write has an etag of its own, and a time", async () => {
  const { database, writer } = newWriter("auto");
  const one = await writer.write("a", bytes(100), REQUEST);
  const two = await writer.write("b", bytes(1), REQUEST);
  assertNotEquals(one.etag, two.etag);
  assertEquals(typeof one.lastModified, "number");
  await database.close();
});

Deno.test("AW-003 bytes that cannot be put are not staged first", async () => {
  const { database, writer } = newWriter("bytes");
  await writer.write("a", bytes(1), REQUEST);
  const before = await keysOf(database);
  await assertRejects(
    () => writer.write("a", bytes(1000), REQUEST),
    AlreadyExistsError,
  );
  await assertRejects(
    () => writer.write("a/b", bytes(1000), REQUEST),
    InvalidPathError,
  );
  assertEquals(await keysOf(database), before);
  await database.close();
});

Deno.test("IDB a trial of Blobs that failed with its database is made again", async () => {
  const scope = imitate();
  const database = newDatabase(scope);
  let refused = 0;
  // As on a page that is being left.
  const locks: Locks = {
    request: (name, options, held) =>
      refused++ === 0
        ? Promise.reject(new DOMException("", "InvalidStateError"))
        : held({ name, ...options }),
  };
  const leases = new Leases(database, () => locks);
  const settings = toSettings({ chunkSize: 4, scope });
  const writer = new Writer(database, leases, settings);
  await assertRejects(() => writer.write("a", bytes(100), REQUEST));
  await writer.write("a", bytes(100), REQUEST);
  assertEquals((await keysOf(database)).length, 1 + 2);
  await database.close();
});

Deno.test("IDB-001 an engine that lets a transaction hang is given rows from then on", async () => {
  for (const representation of ["auto", "blob"] as const) {
    const hangs = { left: 0 };
    const scope = hanging(imitate(), hangs);
    const database = newDatabase(scope);
    const leases = new Leases(database, () => undefined);
    const settings = toSettings({ representation, chunkSize: 4, scope });
    const writer = new Writer(database, leases, settings);
    const records = async (key: string) => {
      const before = (await keysOf(database)).length;
      await writer.write(key, bytes(100), REQUEST);
      return (await keysOf(database)).length - before - 1;
    };
    const [blobs, rows] = [2, 25];
    assertEquals(await records("a"), blobs);
    hangs.left = 1;
    const failure = await assertRejects(
      () => writer.write("b", bytes(100), REQUEST),
      BackendUnavailableError,
    );
    assertEquals(failure.inDoubt, true);
    assertEquals(await records("c"), representation === "auto" ? rows : blobs);
    await database.close();
  }
});

Deno.test("IDB-001 writes that share a transaction which hangs are not tried one by one", async () => {
  const hangs = { left: 0 };
  const scope = hanging(imitate(), hangs);
  const database = newDatabase(scope);
  const leases = new Leases(database, () => undefined);
  const writer = new Writer(database, leases, toSettings({ scope }));
  await writer.write("first", bytes(1), REQUEST);
  hangs.left = 1;
  const outcomes = await Promise.allSettled(
    Array.from(
      { length: 10 },
      (_, i) => writer.write(`${i}`, bytes(i), REQUEST),
    ),
  );
  // A second one would have counted too.
  assertEquals(hangs.left, 0);
  const reasons = outcomes.map((outcome) =>
    outcome.status === "rejected" ? outcome.reason : outcome
  );
  assert(reasons.every((one) => one instanceof BackendUnavailableError));
  assert(reasons.every((one) => one.inDoubt));
  // Each will be told with a path of its own.
  assertEquals(new Set(reasons).size, reasons.length);
  await database.close();
});
