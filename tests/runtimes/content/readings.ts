/**
 * What a store gives back, on each runtime: byte streams, and handles that are no text; and
 * what becomes of a Blob on its way out.
 *
 * @module
 */
import { S3Backend } from "../../../backends/s3/mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { InvalidArgumentError, type RemoteBlob, Store } from "../../../mod.ts";

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

/** Each check by its name. */
export const READINGS: Readonly<Record<string, () => Promise<void>>> = {
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
  "OPT-007: a handle as text": () => refuses((blob) => `${blob}`),
};
