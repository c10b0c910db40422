import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MemoryBackend } from "../../backends/memory.ts";
import { openSource } from "../../core/source.ts";
import { InvalidArgumentError, Store, type WriteContent } from "../../mod.ts";
import { snapshot, toContent, toStream } from "../../core/content.ts";

const open = (content: unknown) =>
  toContent("write", "a", content as WriteContent);

async function textOf(content: unknown): Promise<string> {
  return await new Response(open(content).open()).text();
}

Deno.test("SIO-003 every kind of content gives its bytes", async () => {
  async function* generated() {
    yield new TextEncoder().encode("he");
    yield new TextEncoder().encode("llo");
  }
  const bytes = new TextEncoder().encode("hello");
  const kinds: unknown[] = [
    "hello",
    bytes,
    bytes.buffer,
    new DataView(bytes.buffer),
    new Blob(["hel", "lo"]),
    new File(["hello"], "x"),
    new Blob(["hello"]).stream(),
    generated(),
    new Response("hello"),
  ];
  for (const kind of kinds) assertEquals(await textOf(kind), "hello");
});

Deno.test("SIO-003 a view's offset and length are honoured", async () => {
  const { buffer } = new TextEncoder().encode("xxhelloxx");
  assertEquals(await textOf(new Uint8Array(buffer, 2, 5)), "hello");
  assertEquals(await textOf(new DataView(buffer, 2, 5)), "hello");
  assertEquals(open(new Uint8Array(buffer, 2, 5)).size, 5);
  const words = new Uint16Array([0x6568, 0x6c6c]);
  assertEquals(await textOf(words), "hell");
});

Deno.test("SIO-003 shared memory is copied", () => {
  const shared = new SharedArrayBuffer(3);
  for (const view of [shared, new Uint8Array(shared), new DataView(shared)]) {
    const { bytes } = open(view);
    assert(bytes?.buffer instanceof ArrayBuffer);
    assertEquals(bytes.length, 3);
  }
});

Deno.test("SIO-003 memory that can be resized is copied: browsers make no Blob of it", async () => {
  const memory = new ArrayBuffer(3, { maxByteLength: 9 });
  const view = new Uint8Array(memory);
  for (const content of [memory, view, new DataView(memory)]) {
    const { bytes } = open(content);
    memory.resize(0);
    assertEquals([bytes?.length, bytes?.buffer.resizable], [3, false]);
    memory.resize(3);
  }
  const source = openSource(
    "a",
    open(ReadableStream.from([view, view])),
    undefined,
    undefined,
  );
  for await (const chunk of source.stream) {
    const { buffer } = chunk as Uint8Array<ArrayBuffer>;
    assertEquals([chunk.length, buffer.resizable], [3, false]);
  }
  assertEquals(source.bytes, 6);
});

Deno.test("SIO-003 sizes are known where they can be trusted", () => {
  assertEquals(open("é").size, 2);
  assertEquals(open(new Blob(["é"])).size, 2);
  assertEquals(
    open(new Response("x", { headers: { "content-length": "99" } })).size,
    null,
  );
  assertEquals(open(new Blob(["x"]).stream()).size, null);
});

Deno.test("SIO-003 a Blob's and a Response's own type is the default", () => {
  assertEquals(open(new Blob(["x"], { type: "text/x" })).type, "text/x");
  assertEquals(open(new Blob(["x"])).type, null);
  assertEquals(open(Response.json({})).type, "application/json");
  assertEquals(open("text").type, null);
});

Deno.test("SIO-003 what cannot be read is refused before it is touched", async () => {
  const locked = new Blob(["x"]).stream();
  locked.getReader();
  const read = new Response("x");
  await read.text();
  const busy = new Response("x");
  busy.body?.getReader();
  const rows: readonly (readonly [unknown, string])[] = [
    [locked, "the stream is locked to a reader"],
    [read, "the response has been read already"],
    [busy, "the response has been read already"],
    [new Response("x", { status: 404 }), "the response has the status 404"],
    [Response.error(), "the response has the status 0"],
    ["\ud800", "the text holds a lone surrogate"],
    [null, "content of type object cannot be written"],
    [undefined, "content of type undefined cannot be written"],
    [5, "content of type number cannot be written"],
    [() => {}, "content of type function cannot be written"],
    [{}, "the content is no string, bytes, Blob, stream or Response"],
    [[1, 2], "the content is no string, bytes, Blob, stream or Response"],
  ];
  for (const [content, why] of rows) {
    assertThrows(
      () => open(content),
      InvalidArgumentError,
      `Cannot write "a": ${why}`,
    );
  }
});

Deno.test("CONT-007: what looks like a Blob and has no stream() is refused for that", () => {
  const arrayBuffer = () => Promise.resolve(new ArrayBuffer(1));
  const shapes: object[] = [
    { size: 1, type: "", arrayBuffer },
    { size: 1, type: "", arrayBuffer, stream: "none" },
    // A package's Blob: its methods are of its class.
    Object.create({ size: 1, type: "", arrayBuffer }),
  ];
  for (const shape of shapes) {
    assertThrows(
      () => open(shape),
      InvalidArgumentError,
      'Cannot write "a": the content is no string, bytes, Blob, stream or Response: it has no stream()',
    );
  }
});

Deno.test("SIO-003 a response without a body is empty content", async () => {
  assertEquals(await textOf(new Response(null, { status: 204 })), "");
});

Deno.test("SIO-003 nothing is opened before it is asked for", () => {
  const stream = new Blob(["x"]).stream();
  const response = new Response("x");
  let started = false;
  const iterable = {
    [Symbol.asyncIterator]() {
      started = true;
      return { next: () => Promise.resolve({ done: true, value: undefined }) };
    },
  };
  for (const content of [stream, response, iterable]) open(content);
  assertEquals([stream.locked, response.bodyUsed, started], [
    false,
    false,
    false,
  ]);
});

Deno.test("SIO-003 a generator may fill its buffer again", async () => {
  async function* reusing() {
    const buffer = new Uint8Array(1);
    for (const char of [104, 105]) {
      buffer[0] = char;
      yield buffer;
    }
  }
  assertEquals(await textOf(reusing()), "hi");
});

Deno.test("SIO-003 a Buffer, whose slice() copies nothing, is copied all the same", async () => {
  const buffer = Buffer.from("hello");
  const { bytes } = snapshot(open(buffer));
  const stream = open((async function* () {
    for (const text of ["abc", "def"]) {
      buffer.write(text);
      yield buffer.subarray(0, 3);
    }
  })()).open();
  const chunks = await Array.fromAsync(stream);
  const texts = chunks.map((chunk) => new TextDecoder().decode(chunk));
  assertEquals(texts, ["abc", "def"]);
  assertEquals(new TextDecoder().decode(bytes!), "hello");
});

Deno.test("SIO-005 cancelling ends the caller's generator", async () => {
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(1);
    } finally {
      ended = true;
    }
  }
  const stream = open(endless()).open();
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel();
  await Promise.resolve();
  assertEquals(ended, true);
});

Deno.test("snapshot() takes bytes as they are now, and leaves the rest alone", () => {
  const bytes = new Uint8Array([1, 2]);
  const content = snapshot(open(bytes));
  bytes.fill(9);
  assertEquals([...content.bytes ?? []], [1, 2]);
  const stream = open(new Blob(["x"]));
  assertEquals(snapshot(stream), stream);
});

Deno.test("toStream() gives copies, one chunk a pull", async () => {
  const bytes = new Uint8Array(600_000).fill(1);
  const reader = toStream(bytes).getReader();
  let total = 0;
  for (let part; (part = await reader.read()).value !== undefined;) {
    assert(part.value.buffer !== bytes.buffer);
    assert(part.value.length <= 256 * 1024);
    total += part.value.length;
  }
  assertEquals(total, 600_000);
  assertEquals(
    (await toStream(new Uint8Array(0)).getReader().read()).done,
    true,
  );
});

Deno.test("CONT-001: a size that is no whole number from 0 is unknown", async () => {
  for (const size of [NaN, Infinity, -1, 0.5, 2 ** 60]) {
    const content = { size, type: "", stream: () => new Blob(["hi"]).stream() };
    assertEquals(open(content).size, null);
    assertEquals(await textOf(content), "hi");
  }
});

Deno.test("CONT-003: what cannot be content says what to hand over", () => {
  const rows: readonly (readonly [unknown, string])[] = [
    [
      new Request("http://h/", { method: "POST", body: "x" }),
      "it is a Request: hand over its body, and its type as contentType",
    ],
    [Promise.resolve("x"), "it is a promise, await it"],
    [new TransformStream(), "hand over its readable"],
    [
      { getFile() {} },
      "it is a file handle, await its getFile()",
    ],
  ];
  for (const [content, why] of rows) {
    assertThrows(() => open(content), InvalidArgumentError, why);
  }
});

Deno.test("CONT-004: a stream of Node that was read is refused, and never an empty file", async () => {
  const stream = Readable.from([new Uint8Array([104, 105])]);
  assertEquals(await textOf(stream), "hi");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertThrows(
    () => open(stream),
    InvalidArgumentError,
    "the stream has been read already",
  );
  const used = { bodyUsed: true, async *[Symbol.asyncIterator]() {} };
  assertThrows(() => open(used), InvalidArgumentError, "has been read already");
});

Deno.test("CONT-004: what has a body like a Response or a stream like a Blob is known by what it can do", async () => {
  const bytes = new TextEncoder().encode("hi");
  const shapes: Record<string, unknown> = {
    "a body of undici, which knows whether it was used": {
      bodyUsed: false,
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
    },
    "a response of node-fetch, whose body is a stream of Node": {
      ok: true,
      status: 200,
      bodyUsed: false,
      headers: new Headers(),
      body: Readable.from([bytes]),
    },
    "an entry of tar, with a size and a type that say other things": {
      size: 99,
      type: "File",
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
    },
    "a file whose stream is one of Node": {
      size: 2,
      type: "",
      stream: () => Readable.from([bytes]),
    },
  };
  for (const [what, shape] of Object.entries(shapes)) {
    assertEquals(await textOf(shape), "hi", what);
    assertEquals(open(shape).type, null, what);
  }
});

Deno.test("CONT-004: a file that gives no stream fails as its own", () => {
  const content = open({ size: 2, type: "", stream: () => 5 });
  assertThrows(() => content.open(), InvalidArgumentError, "it gave no stream");
});

Deno.test("SIO-005: an iterable without return, or whose return fails or hangs, is canceled", async () => {
  const next = () => new Promise<never>(() => {});
  for (
    const iterator of [
      { next },
      { next, return: () => Promise.reject(new Error("no")) },
      { next, return: next },
    ]
  ) {
    const stream = open({ [Symbol.asyncIterator]: () => iterator }).open();
    const reader = stream.getReader();
    reader.read().catch(() => {});
    await reader.cancel("enough");
  }
});

// As `postMessage` with a list of transfers does it: what is left looks empty.
function give<T extends Uint8Array<ArrayBuffer>>(bytes: T): T {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

Deno.test("CONT-006: memory that was given away is no content, and no empty one", () => {
  const view = new DataView(new ArrayBuffer(5));
  give(new Uint8Array(view.buffer));
  for (
    const content of [
      give(new Uint8Array(5)),
      give(new Uint8Array(5)).buffer,
      view,
    ]
  ) {
    assertThrows(
      () => open(content),
      InvalidArgumentError,
      "its memory was given away",
    );
  }
  for (const content of [new Uint8Array(0), new ArrayBuffer(0)]) {
    assertEquals(open(content).size, 0);
  }
});

Deno.test("CONT-006: a chunk whose memory was given away is never left out of a file", async () => {
  const empty = new Uint8Array(0);
  const pieces = () => [new Uint8Array(7), empty, new Uint8Array(9)];
  const streams = {
    stream: (chunks: Uint8Array[]) => ReadableStream.from(chunks),
    tee: (chunks: Uint8Array[]) => {
      const [one, other] = ReadableStream.from(chunks).tee();
      void one.cancel();
      return other;
    },
    async *generator(chunks: Uint8Array[]) {
      yield* chunks;
    },
  };
  for (const [name, streamOf] of Object.entries(streams)) {
    const store = new Store({ backend: new MemoryBackend() });
    await store.writeText("a", "old");
    const given = pieces();
    give(given[2] as Uint8Array<ArrayBuffer>);
    await assertRejects(
      () => store.write("a", streamOf(given), { overwrite: true }),
      InvalidArgumentError,
      "a chunk whose memory was given away",
      name,
    );
    assertEquals(await store.readText("a"), "old");
    const content = streamOf(pieces());
    const { size } = await store.write("a", content, { overwrite: true });
    assertEquals(size, 16);
  }
});
