/**
 * A page that goes on with its work while the site's data is cleared under it.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { type Audit, audit } from "./audit.ts";

const DATABASE = "cleared";

/** How the calls ended, and what is there afterwards. */
export interface Cleared extends Audit {
  /** How often each outcome was told: `ok`, or the code of an error. */
  readonly codes: Readonly<Record<string, number>>;
}

/** Writes and reads for so long. A call that does not end is an outcome too. */
export async function workOn({ ms }: { ms: number }): Promise<Cleared> {
  const backend = new IndexedDBBackend({
    databaseName: DATABASE,
    chunkSize: 64 * 1024,
  });
  const store = new Store({ backend });
  const codes: Record<string, number> = {};
  const end = performance.now() + ms;
  for (let i = 0; performance.now() < end && !codes.late; i++) {
    const content = new Blob([new Uint8Array(2 ** 21).fill(i)]);
    const outcomes = await Promise.all([
      outcomeOf(store.write(`small/${i}`, "small")),
      outcomeOf(store.write(`large/${i}`, content)),
      outcomeOf(store.exists("small")),
    ]);
    for (const code of outcomes) codes[code] = (codes[code] ?? 0) + 1;
  }
  const last = await outcomeOf(store.write("last", "last"));
  const closed = await outcomeOf(store.close());
  if (last !== "ok" || closed !== "ok") codes[`${last}, ${closed}`] = 1;
  return { codes, ...await audit(DATABASE) };
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("late"), 25_000);
  });
  try {
    return await Promise.race([call.then(() => "ok"), late]);
  } catch (error) {
    return isRemoteStoreError(error) ? error.code : String(error);
  } finally {
    clearTimeout(timer);
  }
}
