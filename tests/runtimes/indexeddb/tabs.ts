/**
 * What one of several tabs does: each with a connection of its own to one database.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { isRemoteStoreError, Store } from "../../../mod.ts";
import { seeded } from "../seeded.ts";
import type { Logged } from "./explain.ts";
import { Meeting } from "./meeting.ts";
import { upgrade } from "./rows.ts";

/** A tab of several: their database, and the name of this one. */
export interface Tab {
  readonly databaseName: string;
  readonly representation: "auto" | "bytes";
  readonly tab: string;
}

/** An attempt to be the first to create a file. */
export interface Attempt {
  readonly won: boolean;
  readonly start: number;
  readonly end: number;
}

/** Tries to be the first to create each of many files, every second one of several parts. */
export async function race(
  { count, ...tab }: Tab & { count: number },
): Promise<Attempt[]> {
  await using store = open(tab);
  using meeting = new Meeting(tab.databaseName);
  const attempts: Attempt[] = [];
  for (let i = 0; i < count; i++) {
    const text = tab.tab.repeat(i % 2 === 0 ? 1 : 2000);
    await meeting.meet();
    const start = now();
    const { code } = await outcome(() => store.write(`race/${i}`, text));
    attempts.push({ won: code === null, start, end: now() });
    if (code !== null && code !== "AlreadyExists") {
      throw new Error(`${i}: ${code}`);
    }
  }
  return attempts;
}

/** Returns which tab's each file is, by all of its content. */
export async function winners(
  { count, ...tab }: Tab & { count: number },
): Promise<string[]> {
  await using store = open(tab);
  const found: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = await store.readText(`race/${i}`);
    found.push([...new Set(text)].join());
  }
  return found;
}

/** Uploads a file, in the middle of which the other tab upgrades the database. */
export async function uploadAcross(tab: Tab): Promise<string> {
  await using store = open(tab);
  using meeting = new Meeting(tab.databaseName);
  let at = 0;
  const content = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (at === 20) {
        await meeting.meet();
        await meeting.meet();
      }
      if (at === 40) return controller.close();
      controller.enqueue(new Uint8Array(100).fill(at++));
    },
  }, { highWaterMark: 0 });
  await store.write("a.bin", content);
  const bytes = await store.readBytes("a.bin");
  return bytes.length === 4000 && bytes.every((byte, i) => byte === ~~(i / 100))
    ? "whole"
    : `${bytes.length} bytes, or wrong ones`;
}

/** Upgrades the database while the other tab uploads; returns how long that took. */
export async function upgradeUnder(tab: Tab): Promise<number> {
  using meeting = new Meeting(tab.databaseName);
  await meeting.meet();
  const start = performance.now();
  await upgrade(tab.databaseName, 7);
  const ms = performance.now() - start;
  await meeting.meet();
  return ms;
}

/** Runs random operations one after another, and logs what came of each. */
export async function operations(
  { count, seed, ...tab }: Tab & { count: number; seed: number },
): Promise<Logged[]> {
  await using store = open(tab);
  const random = seeded(seed + tab.tab.charCodeAt(0));
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
    const text = `${tab.tab}${i} `.repeat(1 + random(90));
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
    // The file changed between the look and the read, or, in rows, under the read: no
    // single operation.
    if (
      kind === "read" &&
      (result.code === "PreconditionFailed" ||
        result.code === "BackendUnavailable" &&
          tab.representation === "bytes")
    ) continue;
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

function open({ databaseName, representation }: Tab): Store {
  return new Store({
    backend: new IndexedDBBackend({
      databaseName,
      representation,
      durability: "relaxed",
      // Some contents are staged in parts, most are not.
      chunkSize: 64,
    }),
  });
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
    // What the backend has no word for is a bug of its own.
    if (!isRemoteStoreError(error) || error.code === "RemoteStoreError") {
      throw error;
    }
    return { code: error.code };
  }
}
