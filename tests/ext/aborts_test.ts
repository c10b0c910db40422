import { assertEquals } from "@std/assert";
import { batchDelete } from "../../ext/batch.ts";
import { readRanges } from "../../ext/ranges.ts";
import { resumableUpload } from "../../ext/resume.ts";
import { type FolderHandle, sync } from "../../ext/sync.ts";
import type { Store } from "../../mod.ts";
import { MemoryFolder } from "./_sync/folder.ts";
import { deaf, FILE, other, RESUMABLE, ROWS } from "./aborts_rows.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

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
