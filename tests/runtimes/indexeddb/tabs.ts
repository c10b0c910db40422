/**
 * What one of several tabs does: each with a connection of its own to one database.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { seeded } from "../seeded.ts";
import type { Logged } from "./explain.ts";

/** Tries to be the first to create each of many files; returns which it created. */
export async function race(
  { databaseName, count, tab }: {
    databaseName: string;
    count: number;
    tab: string;
  },
): Promise<number[]> {
  await using store = new Store({
    backend: new IndexedDBBackend({ databaseName }),
  });
  const won: number[] = [];
  for (let i = 0; i < count; i++) {
    const { code } = await outcome(() => store.write(`race/${i}`, tab));
    if (code === null) won.push(i);
    else if (code !== "AlreadyExists") throw new Error(`${i}: ${code}`);
  }
  return won;
}

/** Runs random operations one after another, and logs what came of each. */
export async function operations(
  { databaseName, count, seed, tab }: {
    databaseName: string;
    count: number;
    seed: number;
    tab: string;
  },
): Promise<Logged[]> {
  await using store = new Store({
    backend: new IndexedDBBackend({
      databaseName,
      durability: "relaxed",
      // Some contents are staged in parts, most are not.
      chunkSize: 64,
    }),
  });
  const random = seeded(seed);
  const etags = new Map<string, string>();
  const log: Logged[] = [];
  const kinds = [
    "create",
    "replace",
    "swap",
    "delete",
    "read",
    "read",
    "move",
    "copy",
  ] as const;
  for (let i = 0; i < count; i++) {
    const kind = kinds[random(kinds.length)] ?? "read";
    const path = `k${random(5)}`;
    const target = `k${random(5)}`;
    const text = `${tab}${i} `.repeat(1 + random(90));
    const ifMatch = etags.get(path) ?? '"none"';
    const start = now();
    const result = await outcome<
      { found?: string; etag: string | null } | void
    >(
      async () => {
        switch (kind) {
          case "create":
            return await store.write(path, text);
          case "replace":
            return await store.write(path, text, { overwrite: true });
          case "swap":
            return await store.write(path, text, { ifMatch });
          case "read": {
            const blob = await store.openBlob(path);
            return { found: await blob.text(), etag: blob.etag };
          }
          case "delete":
            return await store.delete(path);
          default:
            return await store[kind](path, target);
        }
      },
    );
    const end = now();
    // The file changed between the look and the read: no single operation.
    if (kind === "read" && result.code === "PreconditionFailed") continue;
    const value = result.value ?? undefined;
    if (value?.etag) etags.set(path, value.etag);
    log.push({
      kind,
      path,
      code: result.code,
      start,
      end,
      ...(kind === "move" || kind === "copy" ? { target } : {}),
      ...(kind === "create" || kind === "replace" || kind === "swap"
        ? { text }
        : {}),
      ...(kind === "swap" ? { ifMatch } : {}),
      ...(value?.found === undefined ? {} : { found: value.found }),
      ...(value?.etag ? { etag: value.etag } : {}),
    });
  }
  return log;
}

/** The time that all tabs share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

async function outcome<T>(
  call: () => Promise<T>,
): Promise<{ code: string | null; value?: T }> {
  try {
    return { code: null, value: await call() };
  } catch (error) {
    if (!isRemoteStoreError(error)) throw error;
    return { code: error.code };
  }
}
