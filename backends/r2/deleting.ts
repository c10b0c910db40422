// This module is browser compatible.
import type { DeleteRequest } from "../../core/backend.ts";
import { requireMatch } from "../../core/commit.ts";
import { settle } from "../../core/doubt.ts";
import { NotFoundError } from "../../core/errors.ts";
import { change } from "./attempts.ts";
import type { Settings } from "./options.ts";
import { head } from "./probing.ts";
import { requireKey } from "./wire.ts";

/**
 * Deletes an object. R2 takes no condition with it: `ifMatch` is a look before it, and
 * what another writer puts between the two is deleted.
 */
export async function remove(
  settings: Settings,
  key: string,
  { ifMatch, signal }: DeleteRequest,
): Promise<boolean> {
  if (ifMatch !== null) {
    const entry = await head(settings, key, signal);
    if (entry === null) return false;
    requireMatch(entry.etag, ifMatch, key);
  }
  await send(settings, key, signal);
  return true;
}

async function send(
  settings: Settings,
  keys: string | string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const attempt = await change(
    settings,
    signal,
    async () => {
      await settings.bucket.delete(keys);
      return true;
    },
    () => new NotFoundError(),
  );
  await settle(attempt, null, signal);
}

/** R2's limit. */
const KEYS_PER_CALL = 1000;

/** Deletes many objects and returns what failed, by key. */
export async function removeMany(
  settings: Settings,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  // One key that R2 refuses would have it refuse all.
  const good = keys.filter((key) => {
    try {
      requireKey(key);
      return true;
    } catch (error) {
      failed.set(key, error);
      return false;
    }
  });
  for (let at = 0; at < good.length; at += KEYS_PER_CALL) {
    const batch = good.slice(at, at + KEYS_PER_CALL);
    try {
      await send(settings, batch, signal);
    } catch (error) {
      signal?.throwIfAborted();
      for (const key of batch) failed.set(key, error);
    }
  }
  return failed;
}
