/**
 * The contract on the IndexedDB backend, over an imitation of IndexedDB. What only a
 * real browser shows is shown in `tests/runtimes/`.
 *
 * @module
 */
import { Store } from "../../../mod.ts";
import {
  IndexedDBBackend,
  type IndexedDBBackendOptions,
} from "../../../backends/indexeddb/mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import * as fake from "fake-indexeddb";

interface Variant {
  readonly options: IndexedDBBackendOptions;
  readonly skip?: readonly { readonly test: string; readonly reason: string }[];
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  "indexeddb over fake-indexeddb": { options: {} },
  "indexeddb over fake-indexeddb, rows of bytes": {
    options: { representation: "bytes", chunkSize: 65_536 },
    skip: [{
      test: "MEM-010 a stream in flight",
      reason: "rows go with their version, so its reader gets an error: " +
        "held in reader_test.ts; with Blobs it reads on",
    }],
  },
};

for (const [name, { options, skip = [] }] of Object.entries(VARIANTS)) {
  await testBackend(name, {
    test: Deno.test,
    namespace: "hierarchical",
    create: () => {
      const scope = { ...fake, indexedDB: new fake.IDBFactory() };
      return new Store({
        backend: new IndexedDBBackend({ ...options, scope }),
      });
    },
    skip,
    // More than a page.
    manyFiles: 3000,
  });
}
