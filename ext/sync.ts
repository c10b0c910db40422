/**
 * Makes one side's files the other's: upload, download, mirror and backup. What to send is
 * told by size and SHA-256, so that a second run sends nothing.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { sync } from "@remote-store/core/ext/sync";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const picked = [new File(["A"], "a.txt"), new File(["B"], "b.txt")];
 *
 * const { copied } = await sync(picked, store);
 * assertEquals(copied, ["a.txt", "b.txt"]);
 * const { unchanged } = await sync(picked, store);
 * assertEquals(unchanged, ["a.txt", "b.txt"]);
 * ```
 *
 * @module
 */
import {
  type CallOptions,
  InvalidArgumentError,
  isRemoteStoreError,
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
  type StoreLike,
  withGrace,
} from "../mod.ts";
import { settle } from "./_sync/job.ts";
import { inLanes } from "./_sync/lanes.ts";
import {
  type Files,
  type FolderHandle,
  FolderSide,
  itemsOf,
} from "./_sync/local.ts";
import {
  Account,
  type SyncOutcome,
  type SyncProgress,
  type SyncResult,
} from "./_sync/outcome.ts";
import type { Item, Origin, Target } from "./_sync/side.ts";
import { StoreSide } from "./_sync/store.ts";

export type {
  Files,
  FolderFile,
  FolderHandle,
  LocalEntry,
  LocalFile,
} from "./_sync/local.ts";
export type { SyncOutcome, SyncProgress, SyncResult } from "./_sync/outcome.ts";

/** Options of {@linkcode sync}. */
export interface SyncOptions extends CallOptions {
  /**
   * How a file of the same size is told to be the same. `"digest"`: by its SHA-256, or
   * because it was made from this very version. `"time"`: because the target's is not
   * older; a change that kept size and time, or went back to an older file, is missed.
   *
   * @default {"digest"}
   */
  readonly compare?: "digest" | "time" | undefined;
  /**
   * Whether files of the target that the source has not are deleted: behind all copies,
   * and only if none failed. A source without any file is refused, unless this is `"all"`:
   * a path that is misspelled has none either.
   *
   * @default {false}
   */
  readonly delete?: boolean | "all" | undefined;
  /**
   * Whether to say what would be done, and do nothing.
   *
   * @default {false}
   */
  readonly dryRun?: boolean | undefined;
  /** Which paths it is about, on both sides: others are neither copied nor deleted. */
  readonly filter?: ((path: string) => boolean) | undefined;
  /**
   * How many files are worked on at once, at most. Each may hold 4 MiB.
   *
   * @default {6}
   */
  readonly concurrency?: number | undefined;
  /** Called as it goes on. What it throws ends the sync. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Called with each path's outcome when it is known, also before an abort. What it throws ends the sync. */
  readonly onOutcome?: ((outcome: SyncOutcome) => void) | undefined;
}

const SYNC: KnownOptions<SyncOptions> = {
  ...METHOD_OPTIONS.call,
  compare: "string",
  delete: true,
  dryRun: "boolean",
  filter: "function",
  concurrency: "number",
  onProgress: "function",
  onOutcome: "function",
};

/**
 * Copies to `to` what `from` has and `to` has not, or has differently. Both sides are
 * listed first: if a listing fails, nothing is copied and nothing deleted. What fails for
 * one path is collected and the rest goes on; run it again to try what is left.
 *
 * A copy keeps type, header fields and user metadata, and adds to the metadata `sha256`
 * and, from a store, `sourceetag`, by which the next run knows the file. They replace what
 * was named so, in upper case too; beyond 2,048 bytes or 64 keys they are left out, and the
 * next run may copy the file again. It replaces only
 * the version that was compared, where the store can (`CONDITIONAL_WRITE`). A change of
 * type or metadata alone is not seen. A folder's file that has changed meanwhile is not
 * replaced either, nor one by another whose name the folder takes for the same: `a`, `A`.
 *
 * Files up to 4 MiB are held in memory, and hashed and sent as the same bytes. Larger ones
 * at hand are read twice, and those of a store streamed; where their SHA-256 is known, the
 * copy is checked against it before it is committed.
 *
 * @param from A store, a folder handle, or files: `input.files`, a list of paths and blobs.
 * @param to A store or a folder handle.
 *
 * @example Look first, then mirror
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { sync } from "@remote-store/core/ext/sync";
 * import { assertEquals } from "@std/assert";
 *
 * const here = new Store({ backend: new MemoryBackend() });
 * const there = new Store({ backend: new MemoryBackend() });
 * void await here.write("new.txt", "new");
 * void await there.write("old.txt", "old");
 *
 * const plan = await sync(here, there, { delete: true, dryRun: true });
 * assertEquals([plan.copied, plan.deleted], [["new.txt"], ["old.txt"]]);
 * await sync(here, there, { delete: true });
 * assertEquals(await there.exists("old.txt"), false);
 * ```
 *
 * @throws {InvalidArgumentError} If a side is of no known kind, one lies in the other, or
 * the source has a path twice, or none and `delete` is `true`.
 * @throws {CapabilityNotSupportedError} If the target cannot be listed or written.
 */
export async function sync(
  from: StoreLike | FolderHandle | Files,
  to: StoreLike | FolderHandle,
  options: SyncOptions = {},
): Promise<SyncResult> {
  requireKnown("sync", null, options, SYNC);
  const { dryRun = false, concurrency = 6 } = options;
  const filter = options.filter ?? (() => true);
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    refuse(`concurrency is ${concurrency}, not 1 or more`);
  }
  requireOneOf("compare", options.compare, ["digest", "time"]);
  requireOneOf("delete", options.delete, [true, false, "all"]);
  let looks = 0;
  const looked = () => void looks++;
  const source = sideOf(from, looked) ??
    (isFiles(from)
      ? { list: () => itemsOf(from) }
      : refuse("the source is no store, folder or list"));
  const target = sideOf(to, looked) ??
    refuse("the target is no store or folder");
  const signal = options.signal ?? AbortSignal.any([]);
  signal.throwIfAborted();
  if (
    holds(from as StoreLike, to as StoreLike) ||
    holds(to as StoreLike, from as StoreLike)
  ) {
    refuse("one side holds the other");
  }
  let account: Account | undefined;
  const run = async () => {
    const items = await listed(source, filter, signal);
    const there = await listed(target, filter, signal);
    const surplus = [...there.keys()].filter((path) =>
      options.delete && !items.has(path)
    );
    if (options.delete === true && !items.size && surplus.length) {
      refuse('the source is empty, and delete is not "all"');
    }
    const files = [...items.values()];
    const told = account = new Account(files, options);
    await inLanes(
      files,
      concurrency,
      signal,
      async (source, index, signal) => {
        const [outcome, error] = await settle({
          source,
          old: there.get(source.path),
          target,
          dryRun,
          byTime: options.compare === "time",
          signal,
          onBytes: told.bytesOf(index),
        }).then(
          (outcome) => [outcome, null] as const,
          (error) =>
            [failedBy(error, signal.aborted || told.thrown), error] as const,
        );
        told.settle(source.path, outcome, error, index);
      },
    );
    const complete = !told.failed;
    const errors = complete && !dryRun && surplus.length
      ? await target.remove(surplus, signal)
      : null;
    for (const path of surplus) {
      told.settle(
        path,
        errors?.has(path) ? "failed" : complete ? "deleted" : "kept",
        errors?.get(path) ?? null,
      );
    }
    return told.close(looks, dryRun);
  };
  return await withGrace(run(), signal).finally(() => {
    // What goes on in the dark is nobody's news.
    if (account) account.listener = {};
  });
}

async function listed(
  side: Origin,
  filter: (path: string) => boolean,
  signal: AbortSignal,
): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const item of side.list(signal)) {
    signal.throwIfAborted();
    if (!filter(item.path)) continue;
    if (items.has(item.path)) {
      refuse(`${JSON.stringify(item.path)} comes twice`);
    }
    items.set(item.path, item);
  }
  return items;
}

/** Throws an error that makes the whole call pointless. */
function failedBy(error: unknown, isOver: boolean): "failed" {
  const isOfAll = isRemoteStoreError(error) &&
    (error.code === "CapabilityNotSupported" ||
      // No path: the bucket or container itself.
      (error.code === "NotFound" && error.path === null));
  if (isOfAll || isOver) throw error;
  return "failed";
}

function sideOf(side: unknown, looked: () => void): Target | null {
  const shape = Object(side);
  return "listFiles" in shape
    ? new StoreSide(shape, looked)
    : "getDirectoryHandle" in shape
    ? new FolderSide(shape)
    : null;
}

function isFiles(value: unknown): value is Files {
  const shape = Object(value);
  return shape === value &&
    (Symbol.iterator in shape || Symbol.asyncIterator in shape);
}

/** Returns whether a store is, or lies in, another one. */
function holds(outer: StoreLike, inner: StoreLike): boolean {
  try {
    const path = outer.toKey(inner.nativePath(""));
    return bare(path ? outer.child(path) : outer).equals(bare(inner));
  } catch {
    // No store, or not in its reach.
    return false;
  }
}

/** Returns the store below proxies: two that are observed and cached are still one. */
function bare(store: StoreLike & { inner?: StoreLike }): StoreLike {
  return store.inner ? bare(store.inner) : store;
}

function requireOneOf(
  name: string,
  value: unknown,
  choices: readonly unknown[],
): void {
  if (value === undefined || choices.includes(value)) return;
  // The text "false" would count as true.
  refuse(`${name} is none of ${choices.join(", ")}`);
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot sync: ${why}`);
}
