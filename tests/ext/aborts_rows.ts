/**
 * Pure: functions over stores that ignore the signal, by the method that hangs.
 *
 * @module
 */
import { MemoryBackend } from "../../backends/memory.ts";
import {
  batchCopy,
  batchDelete,
  batchDownload,
  batchExists,
  batchUpload,
  copyFolder,
  moveFolder,
} from "../../ext/batch.ts";
import { discardUpload, resumableUpload } from "../../ext/resume.ts";
import { sync } from "../../ext/sync.ts";
import {
  download,
  openResponse,
  transfer,
  upload,
} from "../../ext/transfer.ts";
import { Store, type StoreLike } from "../../mod.ts";

/** A store one of whose methods hangs from its first call on, whatever the signal says. */
export interface Deaf {
  readonly store: Store;
  /** All calls so far. */
  readonly calls: string[];
  /** Settles once the method has been called. */
  readonly hangs: Promise<void>;
  /** Lets the calls that hang go on. */
  readonly release: () => void;
}

/** Returns one with two files. */
export async function deaf(method: keyof StoreLike | null): Promise<Deaf> {
  const store = new Store({ backend: new MemoryBackend() });
  for (const path of ["data/a", "data/b/c"]) void await store.write(path, "A");
  const calls: string[] = [];
  const hangs = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const proxy = new Proxy(store, {
    get(_, name) {
      const own = store[name as "write"] as unknown;
      if (typeof own !== "function") return own;
      return (...args: unknown[]) => {
        calls.push(String(name));
        // The signal does not get through.
        const heard = args.map((arg) =>
          Object(arg) === arg && "signal" in (arg as object)
            ? { ...arg as object, signal: undefined }
            : arg
        );
        const call = () => own.apply(store, heard);
        if (name !== method) return call();
        hangs.resolve();
        if (!String(name).startsWith("list")) {
          return released.promise.then(call);
        }
        return (async function* () {
          await released.promise;
          yield* call();
        })();
      };
    },
  });
  return {
    store: proxy,
    calls,
    hangs: hangs.promise,
    release: released.resolve,
  };
}

/** What stands in the other place. */
export async function other(): Promise<Store> {
  return (await deaf(null)).store;
}

/** Calls a function over the store that hangs. */
export type Run = (
  store: Store,
  signal: AbortSignal,
  tell: () => void,
) => Promise<unknown>;

/** A file of three parts. */
export const FILE = new File([new Uint8Array(30)], "big.bin");
/** How it goes in parts, one by one. */
export const RESUMABLE = { partSize: 10, concurrency: 1 };

/** Functions over a store, by the method that hangs in it. */
export const ROWS: readonly (readonly [string, keyof StoreLike, Run])[] = [
  [
    "sync from",
    "listFiles",
    async (store, signal, tell) =>
      await sync(store, await other(), { signal, onOutcome: tell }),
  ],
  [
    "sync from",
    "open",
    async (store, signal, tell) =>
      await sync(store, new Store({ backend: new MemoryBackend() }), {
        signal,
        onOutcome: tell,
        onProgress: tell,
      }),
  ],
  [
    "sync from",
    "getFileInfo",
    async (store, signal, tell) =>
      await sync(store, await marked(), { signal, onOutcome: tell }),
  ],
  [
    "sync to",
    "listFiles",
    async (store, signal, tell) =>
      await sync(await other(), store, { signal, onOutcome: tell }),
  ],
  [
    "sync to",
    "writeAtomic",
    (store, signal, tell) =>
      sync([new File(["A"], "new")], store, {
        signal,
        onOutcome: tell,
        onProgress: tell,
      }),
  ],
  [
    "sync to",
    "deleteMany",
    (store, signal, tell) =>
      sync([], store, { signal, delete: "all", onOutcome: tell }),
  ],
  [
    "batchDelete",
    "deleteMany",
    (store, signal) => batchDelete(store, ["data/a"], { signal }),
  ],
  [
    "batchDelete",
    "delete",
    (store, signal) =>
      batchDelete(store, ["data/a", "data/b/c"], { signal, concurrency: 1 }),
  ],
  [
    "batchCopy",
    "copy",
    (store, signal) =>
      batchCopy(store, [["data/a", "x"], ["data/a", "y"]], {
        signal,
        concurrency: 1,
      }),
  ],
  [
    "batchExists",
    "exists",
    (store, signal) =>
      batchExists(store, ["data/a", "x"], { signal, concurrency: 1 }),
  ],
  [
    "batchUpload",
    "write",
    (store, signal) =>
      batchUpload(store, [["A", "x"], ["A", "y"]], { signal, concurrency: 1 }),
  ],
  [
    "batchDownload",
    "open",
    (store, signal) =>
      batchDownload(store, [["data/a", new WritableStream()]], { signal }),
  ],
  [
    "copyFolder",
    "listFiles",
    (store, signal) => copyFolder(store, "data", "x", { signal }),
  ],
  [
    "copyFolder",
    "copy",
    (store, signal) =>
      copyFolder(store, "data", "x", { signal, concurrency: 1 }),
  ],
  [
    "copyFolder to the root",
    "listFiles",
    (store, signal) => copyFolder(store, "data", "", { signal }),
  ],
  [
    "copyFolder of nothing",
    "getFolderInfo",
    (store, signal) => copyFolder(store, "none", "x", { signal }),
  ],
  [
    "moveFolder",
    "move",
    (store, signal) =>
      moveFolder(store, "data", "x", { signal, concurrency: 1 }),
  ],
  [
    "moveFolder",
    "listFolders",
    (store, signal) => moveFolder(store, "data", "x", { signal }),
  ],
  [
    "moveFolder",
    "deleteFolder",
    (store, signal) => moveFolder(store, "data", "x", { signal }),
  ],
  [
    "transfer from",
    "open",
    async (store, signal) =>
      await transfer(store, "data/a", await other(), "x", { signal }),
  ],
  [
    "transfer to",
    "writeAtomic",
    async (store, signal, tell) =>
      await transfer(await other(), "data/a", store, "x", {
        signal,
        onProgress: tell,
      }),
  ],
  ["upload", "write", (store, signal) => upload(store, "A", "x", { signal })],
  [
    "download",
    "open",
    (store, signal) =>
      download(store, "data/a", new WritableStream(), { signal }),
  ],
  [
    "openResponse",
    "open",
    (store, signal) => openResponse(store, "data/a", { signal }),
  ],
  [
    "resumableUpload, small",
    "write",
    (store, signal, tell) =>
      resumableUpload(store, FILE, "x", { signal, onProgress: tell }),
  ],
  [
    "resumableUpload",
    "openUpload",
    (store, signal, tell) =>
      resumableUpload(store, FILE, "x", {
        ...RESUMABLE,
        signal,
        onProgress: tell,
      }),
  ],
  [
    "resumableUpload, source",
    "openBlob",
    async (store, signal) =>
      await resumableUpload(await other(), { store, path: "data/a" }, "x", {
        ...RESUMABLE,
        signal,
      }),
  ],
  [
    "resumableUpload, tokens",
    "listFiles",
    async (store, signal) =>
      await resumableUpload(await other(), FILE, "x", {
        ...RESUMABLE,
        signal,
        tokens: store,
      }),
  ],
  ["discardUpload", "openUpload", async (store, signal) => {
    const stop = new AbortController();
    const begun = resumableUpload(await other(), FILE, "x", {
      ...RESUMABLE,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await begun.catch(() => {});
    await discardUpload(store, begun.token!, { signal });
  }],
];

/** A store that knows the digests of its files, so that the other side is asked about its own. */
async function marked(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  const metadata = { sha256: "0".repeat(64) };
  for (const path of ["data/a", "data/b/c"]) {
    void await store.write(path, "A", { metadata });
  }
  return store;
}
