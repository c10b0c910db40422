/**
 * A store whose small files are packed, and what is in them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { auditOf, imitate, newDatabase } from "./imitation.ts";

/** Bytes with memory of their own. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A store, and a look at its records. */
export function open() {
  const scope = imitate();
  const database = newDatabase(scope);
  const backend = new IndexedDBBackend({ scope, chunkSize: 8192 });
  const store = new Store({ backend });
  return {
    backend,
    store,
    database,
    async [Symbol.asyncDispose]() {
      const { orphans, broken } = await auditOf(database);
      assertEquals([...orphans, ...broken], []);
      await store.close();
      await database.close();
    },
  };
}

/** Content that tells which one it is. */
export function content(size: number, seed: number): Bytes {
  return new Uint8Array(size).map((_, i) => (seed * 31 + i) & 255);
}

/** Writes files together. */
export async function writeAll(
  store: Store,
  files: readonly (readonly [path: string, bytes: Bytes])[],
): Promise<void> {
  await Promise.all(
    files.map(([path, bytes]) => store.write(path, bytes, { overwrite: true })),
  );
}

/** Writes `p/0`, `p/1`, … of 100, 101, … bytes into one pack. */
export async function writePack(store: Store, count = 10): Promise<void> {
  await writeAll(
    store,
    Array.from({ length: count }, (_, i) => [`p/${i}`, content(100 + i, i)]),
  );
}
