/**
 * What a file costs in a store that has more and more of them: by decades, in one page.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { noise } from "./noise.ts";
import { removeDatabase } from "./rows.ts";

/** What was measured with so many files: microseconds a file. */
export interface Grown {
  readonly files: number;
  readonly write: number;
  readonly list: number;
  /** By `deleteMany`, the first half. */
  readonly deleteMany: number;
  /** By `deleteFolder`, the rest. */
  readonly deleteFolder: number;
  /** The longest that a write of another connection waited meanwhile, in milliseconds. */
  readonly longestWait: number;
}

/** How many writes are under way at once. */
const AT_ONCE = 1000;

/** Writes so many files of 1 KiB, lists and deletes them. */
export async function grow({ files }: { files: number }): Promise<Grown> {
  const databaseName = `growth-${files}`;
  const open = () =>
    new Store({
      backend: new IndexedDBBackend({ databaseName, durability: "relaxed" }),
    });
  const store = open();
  const other = open();
  const bytes = noise(0).slice(0, 1024);
  const paths = Array.from(
    { length: files },
    (_, i) => `all/${Math.floor(i / 100)}/file-${i}.txt`,
  );
  const perFile = async (count: number, work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return (performance.now() - start) * 1000 / count;
  };
  try {
    const write = await perFile(files, async () => {
      for (let at = 0; at < files; at += AT_ONCE) {
        await Promise.all(
          paths.slice(at, at + AT_ONCE).map((path) => store.write(path, bytes)),
        );
      }
    });
    const list = await perFile(files, async () => {
      let found = 0;
      for await (const _ of store.listFiles("all", { recursive: true })) {
        found++;
      }
      if (found !== files) throw new Error(`${found} files are listed`);
    });
    const half = files / 2;
    const deleteMany = await perFile(half, async () => {
      const failed = await store.deleteMany(paths.slice(0, half));
      if (failed.size > 0) throw new Error(`${failed.size} files stay`);
    });
    let working = true;
    let longestWait = 0;
    const waiting = (async () => {
      for (let i = 0; working; i++) {
        const start = performance.now();
        await other.write("other.txt", `${i}`, { overwrite: true });
        longestWait = Math.max(longestWait, performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const deleteFolder = await perFile(
      half,
      () => store.deleteFolder("all", { recursive: true }),
    );
    working = false;
    await waiting;
    return { files, write, list, deleteMany, deleteFolder, longestWait };
  } finally {
    await store.close();
    await other.close();
    await removeDatabase(databaseName);
  }
}

/** How long many calls at once take, beside bare transactions that ask the same. */
export interface AtOnce {
  readonly calls: number;
  /** Milliseconds of bare transactions, of calls, and of calls with one signal. */
  readonly bare: number;
  readonly plain: number;
  readonly signalled: number;
  /** The same, each of another file. */
  readonly bareEach: number;
  readonly plainEach: number;
}

/** Asks at once, so many times, whether files exist. */
export async function existAtOnce(
  { calls, rounds }: { calls: number; rounds: number },
): Promise<AtOnce> {
  const databaseName = "at-once";
  const backend = new IndexedDBBackend({ databaseName });
  const store = new Store({ backend });
  const path = (i: number) => `a/b/file-${i}.txt`;
  for (let at = 0; at < calls; at += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => store.write(path(at + i), "A")),
    );
  }
  const db = backend.unwrap(IDBDatabase);
  if (db === null) throw new Error("the database is not open");
  const ask = (path: string) =>
    new Promise<void>((resolve, reject) => {
      const transaction = db.transaction("files", "readonly");
      const request = transaction.objectStore("files").get([3, path]);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => resolve();
    });
  const { signal } = new AbortController();

  const sides: Record<Side, (i: number) => Promise<unknown>> = {
    bare: () => ask(path(0)),
    plain: () => store.exists(path(0)),
    signalled: () => store.exists(path(0), { signal }),
    bareEach: (i) => ask(path(i)),
    plainEach: (i) => store.exists(path(i)),
  };
  const names = Object.keys(sides) as Side[];
  const times = new Map(names.map((side) => [side, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, all] of times) {
      const start = performance.now();
      await Promise.all(
        Array.from({ length: calls }, (_, i) => sides[side](i)),
      );
      all.push(performance.now() - start);
    }
  }
  const middle = (side: Side) =>
    times.get(side)?.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN;
  await store.close();
  await removeDatabase(databaseName);
  return {
    calls,
    bare: middle("bare"),
    plain: middle("plain"),
    signalled: middle("signalled"),
    bareEach: middle("bareEach"),
    plainEach: middle("plainEach"),
  };
}

type Side = Exclude<keyof AtOnce, "calls">;
