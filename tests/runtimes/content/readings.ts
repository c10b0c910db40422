/**
 * What a store gives back, on each runtime: byte streams, and handles that are no text; and
 * what becomes of a Blob on its way out.
 *
 * @module
 */
import { HttpBackend } from "../../../backends/http/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { InvalidArgumentError, type RemoteBlob, Store } from "../../../mod.ts";
import type { Bench } from "./rows.ts";

const TEXT = "0123456789";

async function stored(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", TEXT);
  return store;
}

/** Reads into buffers of four bytes. */
async function readInto(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader({ mode: "byob" });
  let text = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(4));
    if (done) return text;
    text += new TextDecoder().decode(value);
  }
}

function requireSame(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${found}, expected ${expected}`);
}

async function refuses(hand: (blob: RemoteBlob) => unknown): Promise<void> {
  const blob = await (await stored()).openBlob("a");
  try {
    await hand(blob);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return;
    throw error;
  }
  throw new Error("it became text");
}

interface Globals {
  readonly Bun?: { file(path: string): Blob };
  readonly process: { readonly argv: readonly string[] };
}

const { Bun, process } = globalThis as unknown as Globals;

/** Writes by S3, and returns what was sent: the body, its type as a field, and its text. */
async function sent(
  content: Blob,
): Promise<[body: unknown, type: string | null, text: string]> {
  let request: Request | undefined;
  let body: unknown;
  const backend = new S3Backend({
    bucket: "b",
    region: "us-east-1",
    endpoint: "http://localhost",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    fetch(url, init) {
      ({ body } = init);
      request = new Request(url, init);
      return Promise.resolve(new Response(null, { headers: { etag: '"e"' } }));
    },
  });
  await new Store({ backend }).write("a", content, { overwrite: true });
  if (request === undefined) throw new Error("nothing was sent");
  return [body, request.headers.get("content-type"), await request.text()];
}

const LARGE = Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, at) => at % 251);

function requireLarge(found: Uint8Array): void {
  requireSame(found.byteLength, LARGE.byteLength);
  requireSame(found.findIndex((byte, at) => byte !== LARGE[at]), -1);
}

async function joined(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

type Fetch = typeof globalThis.fetch;

/** Reads a large file by HTTP, and returns the chunks as `fetch` has given them, which may be empty by now. */
async function readLarge(
  { load }: Bench,
  fields: Readonly<Record<string, string>>,
  injected?: Fetch,
): Promise<readonly Uint8Array[]> {
  const { createServer } = await load("node:http");
  const server = createServer((
    _: unknown,
    answer: {
      writeHead(status: number, fields: object): void;
      end(bytes: Uint8Array): void;
    },
  ) => {
    answer.writeHead(200, { "content-length": LARGE.length, ...fields });
    answer.end(LARGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { prototype } = ReadableStreamDefaultReader;
  const { read } = prototype;
  const chunks: Uint8Array[] = [];
  try {
    const backend = new HttpBackend({
      baseUrl: `http://127.0.0.1:${server.address().port}/`,
      ...injected === undefined ? {} : { fetch: injected },
    });
    const stream = await new Store({ backend }).read("a");
    const reader = stream.getReader();
    const got: Uint8Array[] = [];
    // By this the store reads; the reader here does not.
    prototype.read = async function (
      this: ReadableStreamDefaultReader<Uint8Array>,
    ) {
      const next = await read.call(this);
      if (next.value) chunks.push(next.value);
      return next;
    } as typeof read;
    for (let next; !(next = await read.call(reader)).done;) {
      got.push(next.value);
    }
    prototype.read = read;
    requireLarge(
      new Uint8Array(await new Blob(got as BlobPart[]).arrayBuffer()),
    );
  } finally {
    prototype.read = read;
    server.close();
  }
  return chunks;
}

/** Each check by its name. */
export const READINGS: Readonly<
  Record<string, (bench: Bench) => Promise<void>>
> = {
  "BYOB-002: read() into a buffer": async () =>
    requireSame(await readInto(await (await stored()).read("a")), TEXT),
  "BYOB-002: a range into a buffer": async () => {
    const range = { offset: 2, length: 5 };
    const stream = await (await stored()).read("a", { range });
    requireSame(await readInto(stream), "23456");
  },
  "BYOB-002: a handle's stream into a buffer": async () => {
    const blob = await (await stored()).openBlob("a");
    requireSame(await readInto(blob.slice(1).stream()), TEXT.slice(1));
  },
  "BYOB-002: by the other reader, and through a Response": async () => {
    const store = await stored();
    requireSame(await new Response(await store.read("a")).text(), TEXT);
    let text = "";
    for await (const chunk of await store.read("a")) {
      text += new TextDecoder().decode(chunk);
    }
    requireSame(text, TEXT);
  },
  "LATE-001: a handle's stream that is canceled before it opens": async () => {
    const blob = await (await stored()).openBlob("a");
    await blob.stream().cancel();
    const reader = blob.stream().getReader();
    const reading = reader.read();
    await reader.cancel();
    requireSame((await reading).done, true);
  },
  "OPT-007: a handle as the body of a Response": () =>
    refuses((blob) => new Response(blob as never)),
  "OPT-007: a handle as a part of a Blob": () =>
    refuses((blob) => new Blob([blob as never])),
  "OPT-007: a handle in a FormData": () =>
    refuses((blob) => new FormData().append("a", blob as never)),
  "BODY-006: a Blob in memory goes out itself where a slice is no copy":
    async () => {
      const content = new Blob([TEXT], { type: "a/b" });
      const [body, type, text] = await sent(content);
      requireSame(body instanceof Blob, Bun !== undefined);
      requireSame(type, "a/b");
      requireSame(text, TEXT);
      const [slice, none] = await sent(new Blob([TEXT]));
      requireSame(slice instanceof Blob, Bun !== undefined);
      requireSame(none, null);
    },
  "BODY-006: a file of Bun's is read, as its slices shrink with it":
    async () => {
      if (Bun === undefined) return;
      const file = Bun.file(process.argv.at(-1) ?? "");
      for (const content of [file, new File([file], "a"), file.slice(1, 5)]) {
        const [body, , text] = await sent(content);
        requireSame(body instanceof Blob, false);
        requireSame(text, await content.text());
      }
    },
  "BYOB-003: chunks of the engine's own fetch are handed on": async (bench) => {
    for (const fields of [{}, { etag: '"a"' }]) {
      const chunks = await readLarge(bench, fields);
      const left = chunks.filter(({ byteLength }) => byteLength > 0);
      requireSame([chunks.length > 0, left.length].join(), "true,0");
    }
  },
  "BYOB-003: those of another fetch are not, as it may have kept a clone":
    async (bench) => {
      const { fetch } = globalThis;
      const clones: Promise<Uint8Array>[] = [];
      const keeping: Fetch = async (...given) => {
        const response = await fetch(...given);
        clones.push(joined(response.clone().body!));
        return response;
      };
      await readLarge(bench, { etag: '"a"' }, keeping);
      globalThis.fetch = keeping;
      try {
        await readLarge(bench, { etag: '"a"' });
        globalThis.fetch = keeping.bind(null);
        await readLarge(bench, {});
        globalThis.fetch = new Proxy(fetch, {
          apply: (_, __, given: Parameters<Fetch>) => keeping(...given),
        });
        await readLarge(bench, {});
      } finally {
        globalThis.fetch = fetch;
      }
      requireSame(clones.length, 4);
      for (const clone of clones) requireLarge(await clone);
    },
  "OPT-007: a handle as text": () => refuses((blob) => `${blob}`),
};
