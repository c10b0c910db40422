/**
 * Files in the browser's IndexedDB: they outlive the page, hold more than memory does,
 * and all tabs and workers of an origin share them.
 *
 * Hierarchical: folders exist of themselves and outlive their files. A change is one
 * transaction, so other tabs see all of it or nothing; `move` and `copy` touch no
 * content. A full disk is a `QuotaExceededError`, and the old content is still there.
 *
 * Without `scope` it is the runtime's own IndexedDB. Here, so that the example runs
 * anywhere, it is an imitation in memory:
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
 * import { assertEquals } from "@std/assert";
 * import * as scope from "fake-indexeddb";
 *
 * const backend = new IndexedDBBackend({ databaseName: "reports", scope });
 * await using store = new Store({ backend });
 * void await store.write("2026/q3.csv", "region,total\n");
 * await store.move("2026/q3.csv", "archive/q3.csv");
 * assertEquals(await store.readText("archive/q3.csv"), "region,total\n");
 * ```
 *
 * @module
 */
export { IndexedDBBackend } from "./backend.ts";
export type { IndexedDBBackendOptions } from "./options.ts";
export type {
  IndexedDBFactory,
  IndexedDBKeyRange,
  IndexedDBScope,
} from "./scope.ts";
export {
  estimate,
  persist,
  type StorageAnswers,
  type StorageEstimate,
  type StorageOptions,
} from "./storage.ts";
