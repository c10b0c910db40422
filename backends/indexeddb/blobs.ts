// This module is browser compatible.
import type { Database } from "./database.ts";
import type { Leases } from "./leases.ts";
import { chunkKey, type Lease, leaseKey, newId } from "./records.ts";

/**
 * Returns whether the engine takes Blobs and gives them back, by trying it: some
 * refuse them in private sessions, and not all of those say so at once.
 */
export async function keepsBlobs(
  database: Database,
  leases: Leases,
): Promise<boolean> {
  if (typeof Blob === "undefined") return false;
  const id = newId();
  const release = await leases.hold(id);
  try {
    await database.run("readwrite", (transaction) => {
      transaction.put(Date.now() satisfies Lease, leaseKey(id));
      transaction.put(new Blob([new Uint8Array([1, 2, 3])]), chunkKey(id, 0));
    });
    const blob = await database.run(
      "readonly",
      (transaction) => transaction.get<Blob>(chunkKey(id, 0)),
    );
    const bytes = new Uint8Array(await (blob as Blob).slice(1).arrayBuffer());
    return bytes.join() === "2,3";
  } catch {
    // Whatever the reason: rows of bytes are what every engine keeps.
    return false;
  } finally {
    await leases.discard(id).catch(() => {});
    release();
  }
}
