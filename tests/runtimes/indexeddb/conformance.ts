/**
 * The contract, in a page.
 *
 * @module
 */
import {
  IndexedDBBackend,
  type IndexedDBBackendOptions,
} from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { collector, type Result, runAll } from "../collector.ts";
import { requireUsed } from "../contract.ts";
import { removeDatabase } from "./rows.ts";

/** What is left out, and why. */
const SKIPS: Readonly<
  Record<string, readonly { readonly test: string; readonly reason: string }[]>
> = {
  bytes: [{
    test: "MEM-010 a stream in flight",
    reason: "rows of bytes go with their version, so its reader gets an error",
  }],
};

/** Runs the suite; every test has a database of its own. */
export async function conformance(
  { name, options }: { name: string; options: IndexedDBBackendOptions },
): Promise<Result[]> {
  const { test, tests } = collector();
  let databases = 0;
  let databaseName = "";
  const skip = SKIPS[options.representation ?? "auto"] ?? [];
  const { skips } = await testBackend(name, {
    test,
    namespace: "hierarchical",
    // More than a page.
    manyFiles: 3000,
    skip,
    create: () => {
      databaseName = `conformance-${++databases}`;
      return new Store({
        backend: new IndexedDBBackend({ ...options, databaseName }),
      });
    },
    dispose: async (store) => {
      await store.close();
      await removeDatabase(databaseName);
    },
  });
  requireUsed({ skip }, skips);
  return await runAll(tests);
}
