import { Buffer } from "node:buffer";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  BackendUnavailableError,
  type ByteRange,
  InvalidArgumentError,
  NotFoundError,
  PreconditionFailedError,
  type ReadAnswer,
  type ReadRequest,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { decodeText } from "../../core/reading.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const CONTENT = Uint8Array.from({ length: 50 }, (_, i) => i);

/** The same content behind every shape of backend: ranges served or not, bytes or a stream. */
async function shapes(): Promise<Map<string, Store>> {
  const stores = new Map<string, Store>();
  for (const atHand of [true, false]) {
    for (const native of [true, false]) {
      const backend = new FailingBackend({
        namespace: "flat",
        atHand,
        without: native ? [] : ["seekable_read"],
      });
      const store = new Store({ backend });
      await store.write("a", CONTENT);
      stores.set(
        `${atHand ? "bytes" : "stream"}, ${native ? "native" : "cut"}`,
        store,
      );
    }
  }
  return stores;
}

function slice(range: ByteRange): Uint8Array {
  if ("suffix" in range) {
    return CONTENT.slice(Math.max(0, CONTENT.length - range.suffix));
  }
  const { offset, length } = range;
  return CONTENT.slice(
    offset,
    length === undefined ? undefined : offset + length,
  );
}

Deno.test("SEEK-002 a range equals a slice on every kind of backend", async () => {
  const range = fc.oneof(
    fc.record({ offset: fc.nat(60), length: fc.nat(60) }),
    fc.record({ offset: fc.nat(60) }),
    fc.record({ suffix: fc.nat(60) }),
  );
  for (const [shape, store] of await shapes()) {
    await fc.assert(
      fc.asyncProperty(range, async (range) => {
        const expected = [...slice(range)];
        assertEquals(
          [...await store.readBytes("a", { range })],
          expected,
          shape,
        );
        const stream = await store.read("a", { range });
        assertEquals([...await new Response(stream).bytes()], expected, shape);
      }),
      { seed: 8, numRuns: 150 },
    );
  }
});

Deno.test("SEEK-002 a suffix works where nobody tells the size", async () => {
  const { store, backend } = await fixture({
    namespace: "flat",
    without: ["seekable_read"],
  });
  const read = backend.read.bind(backend);
  backend.read = async (key, request) => {
    const answer = await read(key, request);
    return answer &&
      { ...answer, length: null, entry: { ...answer.entry, size: null } };
  };
  const bytes = await store.readBytes("data/a.txt", { range: { suffix: 3 } });
  assertEquals(decodeText(bytes), "789");
});

Deno.test("SEEK a backend that serves ranges is asked for them, one that does not is not", async () => {
  for (const without of [[], ["seekable_read"]] as const) {
    const backend = new FlatBackend({ without });
    const asked: unknown[] = [];
    const read = backend.read.bind(backend);
    backend.read = (key, request) => {
      asked.push(request.range);
      return read(key, request);
    };
    const store = new Store({ backend });
    await store.write("a", CONTENT);
    await store.readBytes("a", { range: { offset: 5, length: 2 } });
    assertEquals(asked, [without.length > 0 ? null : { offset: 5, length: 2 }]);
  }
});

Deno.test("SIO-001 an answer that is not what was asked for is refused and released", async () => {
  for (const [offset, range] of [[3, undefined], [7, { offset: 5 }]] as const) {
    const { store, backend } = await fixture({ namespace: "flat" });
    const read = backend.read.bind(backend);
    backend.read = async (key, request): Promise<ReadAnswer | null> => {
      const answer = await read(key, { ...request, range: null });
      return answer && { ...answer, offset };
    };
    for (const call of ["read", "readBytes"] as const) {
      await assertRejects(
        () => store[call]("data/a.txt", { range }),
        BackendUnavailableError,
        "not those asked for",
      );
    }
    assertEquals(backend.bodies.map((body) => body.state), [
      "cancelled",
      "cancelled",
    ]);
  }
});

Deno.test("SIO-001 a body is released when its version is not the one wanted", async () => {
  const { store, backend } = await fixture();
  const read = backend.read.bind(backend);
  backend.read = (key, request) => read(key, { ...request, ifMatch: null });
  await assertRejects(
    () => store.read("data/a.txt", { ifMatch: '"other"' }),
    PreconditionFailedError,
  );
  assertEquals(backend.bodies.map((body) => body.state), ["cancelled"]);
});

Deno.test("a body that ends early or late is never taken for the file", async () => {
  for (const claimed of [9, 11]) {
    const { store, backend } = await fixture();
    const read = backend.read.bind(backend);
    backend.read = async (key, request) => {
      const answer = await read(key, request);
      if (answer === null) return null;
      const entry = { ...answer.entry, size: claimed };
      return { ...answer, entry, length: claimed };
    };
    await assertRejects(
      () => store.readBytes("data/a.txt"),
      BackendUnavailableError,
      `of ${claimed} bytes`,
    );
  }
});

Deno.test("SIO-001 an answer with less than was asked for is refused and released", async () => {
  const CUT = 4;
  const ranges: (ByteRange | undefined)[] = [
    undefined,
    { offset: 0 },
    { offset: 2, length: 5 },
    { offset: 2, length: 500 },
    { suffix: 8 },
  ];
  for (const atHand of [true, false]) {
    for (const range of ranges) {
      const backend = new FailingBackend({ namespace: "flat", atHand });
      const store = new Store({ backend });
      await store.write("a", CONTENT);
      const read = backend.read.bind(backend);
      backend.read = async (key, request) => {
        const whole = await read(key, { ...request, range: null });
        if (whole === null) return null;
        await (whole.body instanceof ReadableStream && whole.body.cancel());
        const offset = range === undefined
          ? 0
          : "suffix" in range
          ? CONTENT.length - range.suffix
          : range.offset;
        const bytes = CONTENT.slice(offset, offset + CUT);
        const body = atHand ? bytes : new Blob([bytes]).stream();
        return { ...whole, offset, length: CUT, body };
      };
      await assertRejects(
        () => store.readBytes("a", { range }),
        BackendUnavailableError,
        "the backend answered with the bytes up to",
      );
      const few = { range: { offset: 0, length: 0 } };
      if (range === undefined) {
        assertEquals((await store.readBytes("a", few)).length, 0);
      }
    }
  }
});

Deno.test("SIO-004 an absent file is a rejection and no broken stream", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const error = await assertRejects(
      () => store.read("missing"),
      NotFoundError,
      'Cannot read "missing": it does not exist',
    );
    assertEquals(error.path, "missing");
  }
});

Deno.test("SIO-009 a stream pulls one chunk at a time and none ahead", async () => {
  const { store, backend } = await fixture();
  const reader = (await store.read("data/a.txt")).getReader();
  assertEquals(backend.calls, ["read"]);
  await reader.read();
  assertEquals(backend.calls, ["read", "chunk"]);
  await reader.cancel();
  assertEquals(backend.calls, ["read", "chunk"]);
});

Deno.test("SIO-012 after an error in the middle the stream stays finished", async () => {
  const { store, backend } = await fixture();
  backend.fail("chunk", { reject: new TypeError("reset") }, 2);
  const reader = (await store.read("data/a.txt")).getReader();
  assertEquals((await reader.read()).value?.length, 4);
  for (let i = 0; i < 2; i++) {
    const error = await reader.read().catch((error) => error);
    assertEquals([error.code, error.path, error.backend], [
      "RemoteStoreError",
      "data/a.txt",
      "failing",
    ]);
    assertEquals(
      error.message,
      'Cannot read "data/a.txt": the backend failed: reset',
    );
  }
});

Deno.test("ifMatch reads the named version only", async () => {
  const { store } = await fixture();
  const { etag } = await store.write("x", "one");
  assertEquals((await store.readBytes("x", { ifMatch: etag ?? "" })).length, 3);
  const { etag: second } = await store.write("x", "two", { overwrite: true });
  assertNotEquals(second, etag);
  await assertRejects(
    () => store.readText("x", { ifMatch: etag ?? "" }),
    PreconditionFailedError,
  );
  await assertRejects(
    () => store.read("x", { ifMatch: "bare" }),
    InvalidArgumentError,
  );
});

Deno.test("RTXT a byte order mark stays, ill-formed bytes are the platform's error", async () => {
  assertEquals(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), "\ufeffa");
  const error = assertThrows(
    () => decodeText(new Uint8Array([0xff])),
    TypeError,
  );
  assert(!(error instanceof InvalidArgumentError));
  const { store } = await fixture();
  await store.write("bad", new Uint8Array([0xc3]));
  await assertRejects(() => store.readText("bad"), TypeError);
});

Deno.test("WTXT text comes back as it was written", async () => {
  const text = fc.array(fc.nat(0x10ffff))
    .map((codes) => String.fromCodePoint(...codes))
    .filter((text) => text.isWellFormed());
  const { store } = await fixture();
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      await store.writeText("t", text, { overwrite: true });
      assertEquals(await store.readText("t"), text);
    }),
    { seed: 9, numRuns: 100 },
  );
  await assertRejects(
    () => store.writeText("t2", "\udc00"),
    InvalidArgumentError,
  );
  await assertRejects(
    () => store.writeText("t2", new Uint8Array(1) as never),
    InvalidArgumentError,
    "the text is of type object",
  );
});

Deno.test("MEM-011 a Buffer that the backend keeps is not handed out", async () => {
  const kept = Buffer.from("kept");
  class KeepingBackend extends MemoryBackend {
    override async read(key: string, request: ReadRequest) {
      const answer = await super.read(key, request);
      return answer === null ? null : { ...answer, body: kept };
    }
  }
  const store = new Store({ backend: new KeepingBackend() });
  await store.write("a", "kept");
  (await store.readBytes("a")).fill(0);
  for await (const chunk of await store.read("a")) chunk.fill(0);
  assertEquals(kept.toString(), "kept");
});

Deno.test("PERF a backend is told where nothing is wanted but bytes, and nowhere else", async () => {
  const asked: (boolean | undefined)[] = [];
  class AskedBackend extends MemoryBackend {
    override async read(key: string, request: ReadRequest) {
      asked.push(request.bytesOnly);
      return await super.read(key, request);
    }
  }
  const store = new Store({ backend: new AskedBackend() });
  await store.write("a", "text");
  await store.readBytes("a");
  await store.readText("a", { ifMatch: (await store.head("a")).etag! });
  await (await store.read("a", { range: { offset: 1 } })).cancel();
  assertEquals(asked.splice(0), [true, true, true]);
  // A coding is told by the entry.
  await store.readText("a", { decode: true });
  await (await store.open("a")).body?.cancel();
  await (await store.openBlob("a")).text();
  assertEquals(asked, [false, false, false]);
});

Deno.test("open() gives info and bytes of one answer", async () => {
  for (const namespace of NAMESPACES) {
    for (const atHand of [true, false]) {
      const { store, backend } = await fixture({ namespace, atHand });
      const { info, body } = await store.child("data").open("/a.txt", {
        range: { offset: 2, length: 3 },
      });
      assertEquals(await new Response(body).text(), "234");
      assertEquals([info.path, info.size], ["a.txt", 10]);
      const requests = backend.calls.filter((call) => call !== "chunk");
      assertEquals(requests, ["read"]);
      assertEquals(info.etag, (await store.head("data/a.txt")).etag);
    }
  }
});

Deno.test("RFC 9110 §13.1.2 open() leaves out the body of the version that is known", async () => {
  for (const namespace of NAMESPACES) {
    const { store, backend } = await fixture({ namespace });
    const { etag } = await store.head("data/a.txt");
    for (const ifNoneMatch of [etag ?? "", `W/${etag}`]) {
      const { info, body } = await store.open("data/a.txt", { ifNoneMatch });
      assertEquals([info.etag, body], [etag, null]);
    }
    for (const body of backend.bodies) assertEquals(body.state, "cancelled");
    await store.write("data/a.txt", "new", { overwrite: true });
    const again = await store.open("data/a.txt", { ifNoneMatch: etag ?? "" });
    assertEquals(await new Response(again.body).text(), "new");
    await assertRejects(
      () => store.open("data/a.txt", { ifNoneMatch: "bare" }),
      InvalidArgumentError,
      "ifNoneMatch is",
    );
  }
});
