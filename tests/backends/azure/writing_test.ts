import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  ContentDigest,
  IntegrityError,
  InvalidArgumentError,
  isRemoteStoreError,
  PreconditionFailedError,
  ResourceLockedError,
} from "../../../mod.ts";
import { toFacts } from "../../../backends/azure/writing.ts";
import { createFake } from "./fake_store.ts";

const BLOCKS = { blockSize: 4 };
const LONG = "0123456789";

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(new TextEncoder().encode(chunk));
      }
      controller.close();
    },
  });
}

Deno.test("AZ-035 content within a block is one Put Blob, a stream too", async () => {
  const { service, store } = createFake(BLOCKS);
  await store.write("a", "0123");
  await store.write("b", streamOf("01", "23"));
  assertEquals([...service.counts], [["PUT", 2]]);
});

Deno.test("AZ-035 longer content is equal blocks and a list, of names of one length", async () => {
  const { service, store, sent } = createFake(BLOCKS);
  await store.write("a", streamOf("012", "3456789"), { overwrite: true });
  assertEquals([...service.counts], [["PUT block", 3], ["PUT blocklist", 1]]);
  const ids = sent.flatMap(({ url }) =>
    new URL(url).searchParams.get("blockid") ?? []
  );
  assertEquals(ids.map((id) => atob(id).length), [48, 48, 48]);
  assertEquals(await store.readText("a"), LONG);
});

Deno.test("AW-003 a conflict that can be seen is seen before the first block", async () => {
  const { service, store } = createFake(BLOCKS);
  await store.write("a", "A");
  await assertRejects(() => store.write("a", LONG), AlreadyExistsError);
  assertEquals(service.counts.get("PUT block"), undefined);
});

Deno.test("CAS-002 blocks that another writer's commit has discarded are a conflict where there is a condition", async () => {
  const { store, paths, service } = createFake(BLOCKS);
  const { etag } = await store.write("a", "A");
  const interfere = async (url: string, init: RequestInit) => {
    if (url.includes("comp=blocklist")) {
      paths.uncommitted.clear();
      paths.put("a", { bytes: new Uint8Array(1) });
    }
    return await service.fetch(url, init);
  };
  const other = createFake({ ...BLOCKS, fetch: interfere }).store;
  await assertRejects(
    () => other.write("a", LONG, { ifMatch: etag ?? "" }),
    PreconditionFailedError,
  );
  // Without one the loser learns it by the same code.
  await assertRejects(
    () => other.write("new/a", LONG, { overwrite: true }),
    PreconditionFailedError,
    "discarded the blocks",
  );
});

Deno.test("AZ-025 a lease is ResourceLockedError and is not tried again", async () => {
  const { store, paths, service } = createFake();
  await store.write("a", "A");
  paths.leased.add("a");
  await assertRejects(
    () => store.write("a", "B", { overwrite: true }),
    ResourceLockedError,
  );
  assertEquals(service.counts.get("PUT"), 2);
});

Deno.test("WR-011 a metadata key that is no C# identifier is refused before any request, by its name", async () => {
  for (const key of ["a-b", "1a", "a.b", "hdi_isfolder"]) {
    const { store, sent } = createFake();
    await assertRejects(
      () => store.write("a", "A", { metadata: { [key]: "x" } }),
      InvalidArgumentError,
      `"${key}"`,
    );
    assertEquals(sent.length, 0);
  }
});

Deno.test("WR-003 content headers travel by their stored names", async () => {
  const { store, sent } = createFake();
  await store.write("a", "A", {
    contentType: "text/csv",
    contentEncoding: "gzip",
    metadata: { Title: "é" },
  });
  const { headers } = sent[0] ?? { headers: new Headers() };
  assertEquals(headers.get("content-type"), null);
  assertEquals(headers.get("x-ms-blob-content-type"), "text/csv");
  assertEquals(headers.get("x-ms-blob-content-encoding"), "gzip");
  assertEquals(headers.get("x-ms-meta-title"), "=?UTF-8?B?w6k=?=");
});

// The fake compares nothing: what is tested is what is sent, and what comes of an answer.
Deno.test("WR-007 a check is sent with the blob, or with each block and the list", async () => {
  const digest = new ContentDigest("md5", "5eb63bbbe01eeed093cb22bb8f5acdc3");
  const check = {
    algorithm: "md5",
    digest: () => Promise.resolve(digest),
    digestOf: () => Promise.resolve(digest),
  };
  const { store, sent } = createFake(BLOCKS);
  const result = await store.write("a", LONG, { check, overwrite: true });
  const md5 = sent.map(({ headers }) => headers.get("content-md5"));
  assertEquals(md5.filter((value) => value !== null).length, 3);
  assertEquals(
    sent.at(-1)?.headers.get("x-ms-blob-content-md5"),
    "XrY7u+Ae7tCTyyK7j1rNww==",
  );
  assert(digest.equals(result.digest));
  assert(digest.equals((await store.getFileInfo("a")).digest));
  const refusing = createFake(
    {},
    () =>
      new Response("", {
        status: 400,
        headers: { "x-ms-error-code": "Md5Mismatch" },
      }),
  );
  await assertRejects(
    () => refusing.store.write("a", "A", { check }),
    IntegrityError,
  );
});

Deno.test("BODY-003 bytes are taken at the call: what the caller changes afterwards is not sent", async () => {
  for (const size of [3, 10]) {
    const { store } = createFake(BLOCKS);
    const bytes = new Uint8Array(size).fill(65);
    const write = store.write("a", bytes);
    bytes.fill(66);
    await write;
    assertEquals(await store.readText("a"), "A".repeat(size));
  }
});

Deno.test("ABT-003 a source that fails leaves no blob, and the error is its own", async () => {
  const { store, paths } = createFake(BLOCKS);
  const failure = new Error("the source broke");
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(6));
      controller.error(failure);
    },
  });
  const error = await store.write("a", source).then(() => null, (e) => e);
  assertEquals(error, failure);
  assert(!isRemoteStoreError(error));
  assertEquals(paths.nodes.size, 0);
});

for (const hns of [false, true]) {
  Deno.test(`CONT-001, CONT-002: a Blob that does not know its size replaces a file by all of it, hns ${hns}`, async () => {
    for (const text of ["", "0123", LONG]) {
      for (const size of [NaN, Infinity, -1]) {
        const { store } = createFake({ ...BLOCKS, hns });
        await store.write("a", "old");
        const blob = { size, type: "", stream: () => streamOf(text) };
        await store.write("a", blob as never, { overwrite: true });
        assertEquals(await store.readText("a"), text);
      }
    }
  });
}

Deno.test("PLAN-001: a known size that Azure does not store is refused before anything is sent", async () => {
  const { store, sent } = createFake();
  const blob = { size: 2.2e14, type: "", stream: () => streamOf(LONG) };
  await assertRejects(
    () => store.write("a", blob as never, { overwrite: true }),
    InvalidArgumentError,
    "the service takes 50000 parts of 4194304000 bytes at most",
  );
  assertEquals(sent, []);
});

Deno.test("DATE-002 the time of a write is that of its own answer, whatever came before", () => {
  const times = [
    ["Fri, 26 Jun 2026 23:39:12 GMT", Date.UTC(2026, 5, 26, 23, 39, 12)],
    ["Fri, 26 Jun 2026 23:39:13 GMT", Date.UTC(2026, 5, 26, 23, 39, 13)],
    ["soon", null],
    [null, null],
  ] as const;
  const read = (text: string | null) => {
    const headers = new Headers(text === null ? {} : { "last-modified": text });
    return toFacts(headers, null).lastModified;
  };
  for (const [before] of times) {
    for (const [text, time] of times) {
      read(before);
      assertEquals(read(text), time, `${text} after ${before}`);
      assertEquals(read(text), time, `${text} again`);
    }
  }
});
