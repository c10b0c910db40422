/**
 * A full store.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { type Audit, audit } from "./audit.ts";
import { noise } from "./noise.ts";

/** More than a part, so that it is staged as well. */
const OLD_MEBIBYTES = 5;

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
  await store.write("file.bin", chunks(OLD_MEBIBYTES, () => {}));
  let taken = 0;
  let code: string | null = null;
  try {
    const content = chunks(mebibytes, () => taken++);
    await store.write("file.bin", content, { overwrite: true });
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    code = error.code;
  }
  const old = await isOld(await store.readBytes("file.bin"));
  await store.write("next.txt", "next");
  const next = await store.readText("next.txt") === "next";
  return { code, old, next, taken, ...await audit(databaseName) };
}

async function isOld(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const old = await new Response(chunks(OLD_MEBIBYTES, () => {})).bytes();
  return bytes.length === old.length &&
    bytes.every((byte, i) => byte === old[i]);
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
