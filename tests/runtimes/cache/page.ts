/**
 * What a page that shares a cache with others offers to the runner: `programs`.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { type Job, sideOf } from "./side.ts";

let doing: Promise<(job: Job) => Promise<string>> | null = null;

async function open(name: string): Promise<(job: Job) => Promise<string>> {
  const backend = new IndexedDBBackend({
    databaseName: name,
    durability: "relaxed",
  });
  return sideOf(new Store({ backend }), await caches.open(name), name);
}

/** The programs by name. */
export const programs = {
  /** Does a job of this tab, whose files and cache the name stands for. */
  async doJob({ name, job }: { name: string; job: Job }): Promise<string> {
    return await (await (doing ??= open(name)))(job);
  },
  /** Returns whether the engine has what is tested. */
  hasCaches: (): Promise<boolean> => Promise.resolve("caches" in globalThis),
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
