/**
 * What a store gives back, on each runtime: byte streams, and handles that are no text.
 *
 * @module
 */
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
  "OPT-007: a handle as text": () => refuses((blob) => `${blob}`),
};
