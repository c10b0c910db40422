/**
 * A file larger than a page's memory should get, in steps: the runner looks at the
 * memory of the browser's processes meanwhile.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { isInBlobs } from "./audit.ts";
import { noise } from "./noise.ts";
import { Rows } from "./rows.ts";

const MEBIBYTE = 1024 * 1024;
const PATH = "large.bin";

/** Which file: its size, and how it is kept. */
export interface LargeFile {
  readonly mebibytes: number;
  readonly representation: "auto" | "bytes";
}

/** What a step took. */
export interface Step {
  readonly ms: number;
  /** The most that the page's heap has grown, where the engine tells. */
  readonly heapGrowth: number | null;
}

/** Writes the file by stream. */
export function writeLarge(file: LargeFile): Promise<Step> {
  return step(file, async (store, look) => {
    let at = 0;
    const content = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (at === file.mebibytes) return controller.close();
        await look(MEBIBYTE);
        controller.enqueue(noise(at++));
      },
    }, { highWaterMark: 0 });
    await store.write(PATH, content, { overwrite: true });
  });
}

/** Reads the file by stream; with `hold`, and keeps all that it is given. */
export function readLarge(
  { hold, ...file }: LargeFile & { hold: boolean },
): Promise<Step> {
  return step(file, async (store, look) => {
    const reader = (await store.read(PATH)).getReader();
    const held: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (hold) held.push(value);
      await look(value.byteLength);
    }
    const size = file.mebibytes * MEBIBYTE;
    if (bytes !== size) throw new Error(`${bytes} of ${size} bytes`);
  });
}

/**
 * Writes more than a private session has memory for Blobs, and reads it where it was
 * taken. Returns the code of the refusal, `null` where there was none.
 */
export async function fillPrivate(): Promise<string | null> {
  const databaseName = "large-private";
  await using store = new Store({
    backend: new IndexedDBBackend({ databaseName }),
  });
  let at = 0;
  const content = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at === 640) return controller.close();
      controller.enqueue(noise(at++));
    },
  }, { highWaterMark: 0 });
  try {
    await store.write(PATH, content);
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    return error.code;
  }
  const reader = (await store.read(PATH)).getReader();
  let bytes = 0;
  for (let next; !(next = await reader.read()).done;) {
    bytes += next.value.byteLength;
  }
  if (bytes !== at * MEBIBYTE) throw new Error(`${bytes} bytes`);
  await store.delete(PATH);
  return null;
}

/** What the end of a large file costs. */
export interface LargeEnd {
  /** A read of the last byte, and an empty transaction: the median of some. */
  readonly lastByteMs: number;
  readonly emptyMs: number;
  /** Whether the content is in Blobs. */
  readonly blobs: boolean;
}

/** Reads the last byte, and deletes the file. */
export async function endOfLarge(file: LargeFile): Promise<LargeEnd> {
  const { mebibytes } = file;
  await using store = open(file);
  const rows = await Rows.open("large-empty");
  const range = { offset: mebibytes * MEBIBYTE - 1, length: 1 };
  const lastByteMs = await median(async () => {
    const [last] = await store.readBytes(PATH, { range });
    if (last !== noise(mebibytes - 1).at(-1)) {
      throw new Error(`${last} at the end`);
    }
  });
  const emptyMs = await median(async () => void await rows.get("none"));
  const blobs = await isInBlobs(databaseOf(file));
  await store.delete(PATH);
  await rows.remove();
  return { lastByteMs, emptyMs, blobs };
}

async function step(
  file: LargeFile,
  work: (
    store: Store,
    look: (bytes: number) => Promise<void>,
  ) => Promise<void>,
): Promise<Step> {
  await using store = open(file);
  await collect();
  const before = heap();
  let most = before;
  let unseen = 0;
  const start = performance.now();
  await work(store, async (bytes) => {
    unseen += bytes;
    if (unseen < 16 * MEBIBYTE) return;
    unseen = 0;
    await collect();
    const now = heap();
    if (most !== null && now !== null) most = Math.max(most, now);
  });
  return {
    ms: performance.now() - start,
    heapGrowth: most === null || before === null ? null : most - before,
  };
}

function open(file: LargeFile): Store {
  const { representation } = file;
  const databaseName = databaseOf(file);
  return new Store({
    backend: new IndexedDBBackend({ databaseName, representation }),
  });
}

function databaseOf({ representation }: LargeFile): string {
  return `large-${representation}`;
}

/** What engines offer to tests. */
interface Engine {
  readonly gc?: () => void;
  readonly TestUtils?: { gc(): Promise<void> };
}

/** Has the garbage collected: engines let some hundred MiB of it pile up, of any content. */
async function collect(): Promise<void> {
  const { gc, TestUtils } = globalThis as Engine;
  if (TestUtils !== undefined) await TestUtils.gc();
  else if (gc !== undefined) gc();
  else throw new Error("the engine collects no garbage on demand");
}

/** What the page's heap holds, where the engine tells. */
function heap(): number | null {
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
