/**
 * A page's files over several visits of it: written in one, read in the next.
 *
 * @module
 */
import {
  estimate,
  IndexedDBBackend,
  persist,
} from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { noise } from "./noise.ts";

const MEBIBYTE = 1024 * 1024;
const FILES = 200;
const LARGE = { path: "large.bin", mebibytes: 64 };

/** Writes 200 files at once, some of them packed, and a stream of 64 MiB. */
export async function writeVisited(databaseName: string): Promise<void> {
  await using store = open(databaseName);
  await Promise.all(
    Array.from(
      { length: FILES },
      (_, i) => store.write(`files/${i % 7}/${i}.bin`, contentOf(i)),
    ),
  );
  let at = 0;
  const content = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at === LARGE.mebibytes) return controller.close();
      controller.enqueue(noise(at++));
    },
  }, { highWaterMark: 0 });
  await store.write(LARGE.path, content);
}

/** What a visit has found. */
export interface Visited {
  /** How many files are listed, and how many of them are as they were written. */
  readonly listed: number;
  readonly right: number;
  /** How many bytes of the stream are. */
  readonly streamed: number;
  /** Which ranges of it are not. */
  readonly wrongRanges: readonly string[];
  /** What the browser tells of its storage. */
  readonly quota: number | null;
  readonly isPersistent: boolean;
}

/** Reads all of it. */
export async function readVisited(databaseName: string): Promise<Visited> {
  await using store = open(databaseName);
  let listed = 0;
  let right = 0;
  for await (const { path } of store.listFiles("files", { recursive: true })) {
    listed++;
    const i = Number(/(\d+)\.bin$/.exec(path)?.[1]);
    if (isEqual(await store.readBytes(path), contentOf(i))) right++;
  }
  const reader = (await store.read(LARGE.path)).getReader();
  let streamed = 0;
  for (let next; !(next = await reader.read()).done;) {
    for (let i = 0; i < next.value.byteLength; i += 4099) {
      if (next.value[i] !== byteAt(streamed + i)) {
        throw new Error(`another byte at ${streamed + i}`);
      }
    }
    streamed += next.value.byteLength;
  }
  const size = LARGE.mebibytes * MEBIBYTE;
  const wrongRanges: string[] = [];
  for (
    const [offset, length] of [
      [0, 1],
      [MEBIBYTE - 2, 4],
      [4 * MEBIBYTE - 1, 5 * MEBIBYTE],
      [size - 3, 3],
      [size - 3, 9],
    ] as const
  ) {
    const range = { offset, length };
    const bytes = await store.readBytes(LARGE.path, { range });
    const isRight = bytes.byteLength === Math.min(length, size - offset) &&
      bytes.every((byte, i) => byte === byteAt(offset + i));
    if (!isRight) wrongRanges.push(`${offset} and ${length} more`);
  }
  const told = await estimate({ waitMs: 2000 });
  return {
    listed,
    right,
    streamed,
    wrongRanges,
    quota: told?.quota ?? null,
    isPersistent: await persist({ waitMs: 2000 }),
  };
}

function open(databaseName: string): Store {
  return new Store({ backend: new IndexedDBBackend({ databaseName }) });
}

function contentOf(i: number): Uint8Array<ArrayBuffer> {
  return noise(i).slice(0, i * 97);
}

let cached = { at: -1, bytes: new Uint8Array(0) };

function byteAt(offset: number): number | undefined {
  const at = Math.floor(offset / MEBIBYTE);
  if (cached.at !== at) cached = { at, bytes: noise(at) };
  return cached.bytes[offset % MEBIBYTE];
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
