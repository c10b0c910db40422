// This module is browser compatible.
import { QuotaExceededError } from "../../core/errors.ts";
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
    await database.run(
      "readwrite",
      (transaction) =>
        transaction.put(Date.now() satisfies Lease, leaseKey(id)),
    );
    // Alone: where WebKit refuses a Blob behind another request, it never ends the
    // transaction, and nobody else gets one.
    await database.run(
      "readwrite",
      (transaction) =>
        transaction.put(new Blob([new Uint8Array([1, 2, 3])]), chunkKey(id, 0)),
    );
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

/**
 * Requires that a Blob has its bytes. Private sessions of Chromium keep Blobs in a
 * memory of some hundred MiB; beyond it they make and store Blobs that nobody can read.
 */
export async function requireBytes(blob: Blob): Promise<void> {
  try {
    await blob.slice(-1).arrayBuffer();
  } catch (cause) {
    throw new QuotaExceededError("the browser has no memory for more Blobs", {
      cause,
    });
  }
}
