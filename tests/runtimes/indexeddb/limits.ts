/**
 * A full store, and content that is larger than memory should be.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { type Audit, audit } from "./audit.ts";
import { noise } from "./noise.ts";
import { Rows } from "./rows.ts";

const MEBIBYTE = 1024 * 1024;

/** What came of a write that the quota ended. */
export interface Full extends Audit {
  /** The code of the error; `null` where there was none. */
  readonly code: string | null;
  /** Whether the old content is still there. */
  readonly old: boolean;
  /** Whether the next small write came through. */
  readonly next: boolean;
  /** How far the content was read. */
  readonly taken: number;
}

/** Overwrites a file with more than the quota allows. */
export async function fill(
  { mebibytes, representation }: {
    mebibytes: number;
    representation: "auto" | "bytes";
  },
): Promise<Full> {
  const databaseName = `full-${representation}`;
  await using store = new Store({
    backend: new IndexedDBBackend({ databaseName, representation }),
  });
  await store.write("file.bin", "the old content");
  let taken = 0;
  let code: string | null = null;
  try {
    const content = chunks(mebibytes, () => taken++);
    await store.write("file.bin", content, { overwrite: true });
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    code = error.code;
  }
  const old = await store.readText("file.bin") === "the old content";
  await store.write("next.txt", "next");
  const next = await store.readText("next.txt") === "next";
  return { code, old, next, taken, ...await audit(databaseName) };
}

/** What a large file costs. */
export interface Large {
  readonly writeMs: number;
  readonly readMs: number;
  /** The most that the page's heap has grown, where the engine tells. */
  readonly heapGrowth: number | null;
  /** A read of the last byte, and an empty transaction: the median of some. */
  readonly lastByteMs: number;
  readonly emptyMs: number;
}

/** Writes and reads a large file by stream, and then its last byte. */
export async function large(
  { mebibytes, representation }: {
    mebibytes: number;
    representation: "auto" | "bytes";
  },
): Promise<Large> {
  const store = new Store({
    backend: new IndexedDBBackend({ databaseName: "large", representation }),
  });
  const rows = await Rows.open("large-empty");
  const before = heap();
  let most = before;
  let looks = 0;
  const look = () => {
    if (looks++ % 16 !== 0) return;
    const now = heap();
    if (most !== null && now !== null) most = Math.max(most, now);
  };
  const start = performance.now();
  await store.write("large.bin", chunks(mebibytes, look), { overwrite: true });
  const written = performance.now();
  const reader = (await store.read("large.bin")).getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    look();
  }
  const read = performance.now();
  const size = mebibytes * MEBIBYTE;
  if (bytes !== size) throw new Error(`${bytes} of ${size} bytes`);
  const lastByteMs = await median(async () => {
    const range = { offset: size - 1, length: 1 };
    const [last] = await store.readBytes("large.bin", { range });
    if (last !== noise(mebibytes - 1).at(-1)) {
      throw new Error(`${last} at the end`);
    }
  });
  const emptyMs = await median(async () => void await rows.get("none"));
  await store.delete("large.bin");
  await store.close();
  await rows.remove();
  return {
    writeMs: written - start,
    readMs: read - written,
    heapGrowth: most === null || before === null ? null : most - before,
    lastByteMs,
    emptyMs,
  };
}

function chunks(
  count: number,
  taken: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === count) return controller.close();
      taken();
      controller.enqueue(noise(at++));
    },
  }, { highWaterMark: 0 });
}

/** What the page holds: garbage does not count, where the engine lets us collect it. */
function heap(): number | null {
  (globalThis as { gc?: () => void }).gc?.();
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  return memory?.usedJSHeapSize ?? null;
}

async function median(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[10] ?? NaN;
}
