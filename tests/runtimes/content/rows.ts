/**
 * What is taken as content on which runtime, row by row: the table of
 * `docs/reading-and-writing.md`, with a way to make each.
 *
 * @module
 */

/** The runtimes that the rows are run on. */
export type Runtime = "node" | "bun" | "deno";

/** What a row is made with. */
export interface Bench {
  /** The runtime that this is. */
  readonly runtime: Runtime;
  /** Loads a package of npm, or a module of Node. */
  // deno-lint-ignore no-explicit-any -- what is loaded has no types here
  load(name: string): Promise<any>;
  /** A server that answers every GET with {@linkcode TEXT}. */
  readonly origin: string;
  /** The path of a file that holds {@linkcode TEXT}. */
  readonly file: string;
}

/** A kind of content. */
export interface Row {
  /** Its name, as the table has it. */
  readonly what: string;
  /** Where it is. */
  readonly runtimes: readonly Runtime[];
  /** The words of the refusal; `null` where it is written. */
  readonly refusal: string | null;
  /** Makes it. */
  make(bench: Bench): unknown;
}

/** What every row holds. */
export const TEXT = "Hello, content!";

const BYTES = new TextEncoder().encode(TEXT);
const EVERYWHERE: readonly Runtime[] = ["node", "bun", "deno"];

interface Globals {
  // deno-lint-ignore no-explicit-any -- it has no types here
  readonly Bun: any;
}

const globals = globalThis as unknown as Globals;

function row(
  what: string,
  make: (bench: Bench) => unknown,
  refusal: string | null = null,
  runtimes = EVERYWHERE,
): Row {
  return { what, make, refusal, runtimes };
}

async function* generated(): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1);
  for (const byte of BYTES) {
    await Promise.resolve();
    buffer[0] = byte;
    yield buffer;
  }
}

/** Waits for an event's first value. */
function once<T>(
  emitter: { once(name: string, act: (value: T) => void): unknown },
  name: string,
): Promise<T> {
  return new Promise((resolve) => emitter.once(name, resolve));
}

async function entryOfTar({ load }: Bench): Promise<unknown> {
  const pack = (await load("tar-stream")).pack();
  pack.entry({ name: "a.txt", type: "file" }, TEXT);
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk);
  const parser = new (await load("tar")).Parser();
  const entry = once(parser, "entry");
  for (const chunk of chunks) parser.write(chunk);
  parser.end();
  return await entry;
}

async function entryOfTarStream({ load }: Bench): Promise<unknown> {
  const { pack, extract } = await load("tar-stream");
  const packed = pack();
  packed.entry({ name: "a.txt" }, TEXT);
  packed.finalize();
  const entries = packed.pipe(extract())[Symbol.asyncIterator]();
  return (await entries.next()).value;
}

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  row("a string", () => TEXT),
  row("`ArrayBuffer`, `SharedArrayBuffer`", () => BYTES.buffer),
  row(
    "a typed array, a `DataView`",
    () => new DataView(BYTES.buffer, BYTES.byteOffset, BYTES.byteLength),
  ),
  row(
    "a `Buffer`",
    async ({ load }) => (await load("node:buffer")).Buffer.from(TEXT),
  ),
  row("`Blob`, `File`", () => new File([TEXT], "a.txt")),
  row(
    "a file of `fs.openAsBlob`",
    async ({ load, file }) => await (await load("node:fs")).openAsBlob(file),
    null,
    ["node", "deno"],
  ),
  row(
    "a file of `Bun.file`",
    ({ file }) => globals.Bun.file(file),
    null,
    ["bun"],
  ),
  row(
    "a file of `Bun.S3Client`, whose size is unknown",
    ({ origin }) =>
      new globals.Bun.S3Client({
        endpoint: origin,
        bucket: "b",
        accessKeyId: "a",
        secretAccessKey: "s",
      }).file("a.txt"),
    null,
    ["bun"],
  ),
  row("a `ReadableStream` of bytes", () => new Blob([TEXT]).stream()),
  row(
    "a `ReadableStream` of type `bytes`",
    () =>
      new ReadableStream({
        type: "bytes",
        start(controller) {
          controller.enqueue(BYTES.slice());
          controller.close();
        },
      }),
  ),
  row(
    "a `ReadableStream` of type `direct`",
    () =>
      new ReadableStream({
        type: "direct",
        pull(controller: { write(bytes: Uint8Array): void; close(): void }) {
          controller.write(BYTES);
          controller.close();
        },
      } as never),
    null,
    ["bun"],
  ),
  row(
    "`Deno.FsFile.readable`",
    async ({ file }) => (await Deno.open(file)).readable,
    null,
    ["deno"],
  ),
  row("a `Response` made by hand", () => new Response(TEXT)),
  row("a `Response` of `fetch`", ({ origin }) => fetch(origin)),
  row(
    "a `Response` of `fetch` in `undici`",
    async ({ load, origin }) => await (await load("undici")).fetch(origin),
  ),
  row(
    "a `Response` of `node-fetch`",
    async ({ load, origin }) =>
      await (await load("node-fetch")).default(origin),
  ),
  row("an async iterable of bytes, of one buffer too", generated),
  row(
    "a `Readable` of Node",
    async ({ load }) =>
      (await load("node:stream")).Readable.from([
        BYTES.slice(0, 5),
        BYTES.slice(5),
      ]),
  ),
  row(
    "a file of `fs.createReadStream`",
    async ({ load, file }) => (await load("node:fs")).createReadStream(file),
  ),
  row(
    "a stream of `node:zlib`",
    async ({ load }) => {
      const zlib = await load("node:zlib");
      const unzip = zlib.createGunzip();
      unzip.end(zlib.gzipSync(BYTES));
      return unzip;
    },
  ),
  row(
    "the `IncomingMessage` of a request by `node:http`",
    async ({ load, origin }) => {
      const { get } = await load("node:http");
      return await new Promise((resolve) => get(origin, resolve));
    },
  ),
  row(
    "the body of `request` in `undici`",
    async ({ load, origin }) =>
      (await (await load("undici")).request(origin)).body,
  ),
  row("an entry of `tar`", entryOfTar),
  row("an entry of `tar-stream`", entryOfTarStream),
  row(
    "a `Request`: hand over its body",
    ({ origin }) => new Request(origin, { method: "POST", body: TEXT }),
    "it is a Request: hand over its body",
  ),
  row(
    "the body of a `Request`",
    ({ origin }) => new Request(origin, { method: "POST", body: TEXT }).body,
  ),
  row(
    "a `Response` or stream that was read or is locked",
    async () => {
      const response = new Response(TEXT);
      await response.text();
      return response;
    },
    "the response has been read already",
  ),
  row(
    "a `Readable` that was read",
    async ({ load }) => {
      const stream = (await load("node:stream")).Readable.from([BYTES]);
      const ended = once(stream, "end");
      stream.resume();
      await ended;
      return stream;
    },
    "the stream has been read already",
  ),
  row(
    "a body of `undici` that was read",
    async ({ load, origin }) => {
      const { body } = await (await load("undici")).request(origin);
      await body.text();
      return body;
    },
    "the stream has been read already",
  ),
  row(
    "a `Response` whose status is an error",
    () => new Response(TEXT, { status: 404 }),
    "the response has the status 404",
  ),
  row(
    "what has a `readable`, as `TransformStream`",
    () => new TransformStream(),
    "hand over its readable",
  ),
  row(
    "a promise of any of them",
    // In an object: what is returned from an async function is awaited.
    () => ({ then: undefined, promised: Promise.resolve(TEXT) }),
    "it is a promise, await it",
  ),
];
