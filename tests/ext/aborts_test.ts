import { assertEquals } from "@std/assert";
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
import { readRanges } from "../../ext/ranges.ts";
import { discardUpload, resumableUpload } from "../../ext/resume.ts";
import { type FolderHandle, sync } from "../../ext/sync.ts";
import {
  download,
  openResponse,
  transfer,
  upload,
} from "../../ext/transfer.ts";
import { Store, type StoreLike } from "../../mod.ts";
import { MemoryFolder } from "./_sync/folder.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A store one of whose methods hangs from its first call on, whatever the signal says. */
interface Deaf {
  readonly store: Store;
  /** All calls so far. */
  readonly calls: string[];
  /** Settles once the method has been called. */
  readonly hangs: Promise<void>;
  /** Lets the calls that hang go on. */
  readonly release: () => void;
}

async function deaf(method: keyof StoreLike | null): Promise<Deaf> {
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
async function other(): Promise<Store> {
  return (await deaf(null)).store;
}

type Run = (
  store: Store,
  signal: AbortSignal,
  tell: () => void,
) => Promise<unknown>;

const FILE = new File([new Uint8Array(30)], "big.bin");
const RESUMABLE = { partSize: 10, concurrency: 1 };

/** Functions over a store, by the method that hangs in it. */
const ROWS: readonly (readonly [string, keyof StoreLike, Run])[] = [
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

// All at once: each of them takes its second.
Deno.test("ABORT-002 an abort ends each function with its reason, though the store below ignores the signal, and nothing more is begun or told", async () => {
  const outcomes = await Promise.all(ROWS.map(async ([name, method, run]) => {
    const { store, calls, hangs, release } = await deaf(method);
    const reason = { name };
    const controller = new AbortController();
    let told = 0;
    const ended = run(store, controller.signal, () => void told++)
      .then(() => "it ended", (error) => error);
    await Promise.race([
      hangs,
      ended.then(() =>
        Promise.reject(new Error(`${name}: no ${String(method)}`))
      ),
    ]);
    controller.abort(reason);
    const got = await ended;
    const [before, toldBefore] = [calls.length, told];
    release();
    for (let i = 0; i < 20; i++) await turn();
    const begun = calls.slice(before).filter((call) =>
      !["resolve", "supports"].includes(call)
    );
    return [
      name,
      method,
      got === reason ? "its reason" : got,
      begun,
      told - toldBefore,
    ];
  }));
  assertEquals(
    outcomes,
    ROWS.map(([name, method]) => [name, method, "its reason", [], 0]),
  );
});

const silent = () => new Promise<never>(() => {});

/** A folder that hangs where it is told to. */
function silentFolder(
  where: "values" | "getFile" | "createWritable" | "write",
) {
  const folder = new MemoryFolder();
  const file = {
    kind: "file",
    name: "a",
    getFile: where === "getFile"
      ? silent
      : () => Promise.resolve(new File(["A"], "a", { lastModified: 1 })),
    createWritable: where === "createWritable"
      ? silent
      : () =>
        Promise.resolve(new WritableStream({ write: silent, abort: silent })),
  };
  return Object.assign(Object.create(folder), {
    kind: "directory",
    name: "",
    values: where === "values"
      ? () => ({ [Symbol.asyncIterator]: () => ({ next: silent }) })
      : () => where === "getFile" ? asyncOf([file]) : asyncOf([]),
    getFileHandle: (_: string, options?: { create?: boolean }) =>
      options?.create
        ? Promise.resolve(file)
        : Promise.reject(new DOMException("none", "NotFoundError")),
    removeEntry: () => Promise.resolve(),
  }) as FolderHandle;
}

/** A store whose uploads in parts hang at a step. */
async function silentUploads(step: "part" | "complete"): Promise<Store> {
  const store = await other();
  return new Proxy(store, {
    get(_, name) {
      if (name !== "openUpload") {
        const own = store[name as "write"] as unknown;
        return typeof own === "function" ? own.bind(store) : own;
      }
      return async (...args: Parameters<Store["openUpload"]>) => {
        const upload = await store.openUpload(...args);
        return new Proxy(upload, {
          get(_, name) {
            if (name === step) return silent;
            const own = upload[name as "part"] as unknown;
            return typeof own === "function" ? own.bind(upload) : own;
          },
        });
      };
    },
  });
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const never = (): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: silent }),
});

Deno.test("ABORT-003 so does what is over iterators, handles and streams that answer nothing", async () => {
  const file = () => [new File(["A"], "a")];
  const rows: Record<string, (signal: AbortSignal) => Promise<unknown>> = {
    "sync from a list": async (signal) =>
      await sync(never(), await other(), { signal }),
    "sync from a folder": async (signal) =>
      await sync(silentFolder("values"), await other(), { signal }),
    "sync from a folder's file": async (signal) =>
      await sync(silentFolder("getFile"), await other(), { signal }),
    "sync to a folder's list": (signal) =>
      sync(file(), silentFolder("values"), { signal }),
    "sync to a file that does not open": (signal) =>
      sync(file(), silentFolder("createWritable"), { signal }),
    "sync to a file that takes nothing": (signal) =>
      sync(file(), silentFolder("write"), { signal }),
    "batchDelete of a list": async (signal) =>
      await batchDelete(await other(), never(), { signal }),
    "resumableUpload of parts": async (signal) =>
      await resumableUpload(await silentUploads("part"), FILE, "x", {
        ...RESUMABLE,
        signal,
      }),
    "resumableUpload at its end": async (signal) =>
      await resumableUpload(await silentUploads("complete"), FILE, "x", {
        ...RESUMABLE,
        signal,
      }),
    "readRanges of a body": (signal) =>
      readRanges(
        {
          size: 5,
          slice: () => ({
            stream: () => new ReadableStream({ pull: silent, cancel: silent }),
          }),
        } as never,
        [{ offset: 0 }],
        { signal },
      ),
  };
  const outcomes = await Promise.all(
    Object.entries(rows).map(async ([name, run]) => {
      const reason = { name };
      const controller = new AbortController();
      const ended = run(controller.signal).then(
        () => "it ended",
        (error) => error,
      );
      for (let i = 0; i < 20; i++) await turn();
      controller.abort(reason);
      const got = await ended;
      return [name, got === reason ? "its reason" : got];
    }),
  );
  assertEquals(
    outcomes,
    Object.keys(rows).map((name) => [name, "its reason"]),
  );
});
