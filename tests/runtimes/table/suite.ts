/**
 * The contract over one backend, for any runtime.
 *
 * @module
 */
import { HttpBackend } from "../../../backends/http/mod.ts";
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { Store, type StoreLike } from "../../../mod.ts";
import type { ConformanceOptions } from "../../conformance/mod.ts";
import {
  EMULATOR,
  openEmulator,
  runSuite as runAzure,
} from "../azure/suite.ts";
import { type Outcome, runContract } from "../contract.ts";
import {
  openStore as openS3,
  type Place,
  runSuite as runS3,
  tellOf,
} from "../s3/suite.ts";

/** What is tested, in JSON. */
export type Cell =
  | { readonly backend: "memory" | "indexeddb" }
  | { readonly backend: "s3"; readonly place: Place }
  | { readonly backend: "azure" | "http"; readonly origin: string };

// Fewer than the six connections that a browser has for a host.
const BOUNDS = { patience: 60_000, lanes: 4 };
// One at a time: what is disposed of is the last that was created.
const ALONE = { patience: 60_000, lanes: 1 };

type Told = Omit<ConformanceOptions, "test" | "report" | "create">;

const HTTP: Told = {
  namespace: "flat",
  // The server takes what is put to it, as the backend does not.
  async seed(store, path, bytes) {
    const url = store.nativePath(path);
    const response = await fetch(url, { method: "PUT", body: bytes.slice() });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`PUT ${url}: ${response.status}`);
  },
};

/** Runs the suite over one backend. */
export function runSuite(cell: Cell): Promise<Outcome> {
  switch (cell.backend) {
    case "memory":
      return runContract("memory", {
        namespace: "hierarchical",
        create: () => new Store({ backend: new MemoryBackend() }),
      }, BOUNDS);
    case "indexeddb":
      return runInDatabases();
    case "s3":
      return runS3(cell.place);
    case "azure":
      return runAzure(cell.origin);
    case "http": {
      const run = crypto.randomUUID();
      let stores = 0;
      return runContract("http", {
        ...HTTP,
        create: () => openHttp(cell.origin, `${run}/${stores++}/`),
      }, BOUNDS);
    }
  }
}

/** A store that a Worker keeps, and what the suite is told of it. */
export async function openCell(
  cell: Cell,
): Promise<Told & { store: StoreLike }> {
  switch (cell.backend) {
    case "s3":
      return { ...tellOf(cell.place), store: openS3(cell.place) };
    case "azure":
      return { ...EMULATOR, store: await openEmulator(cell.origin) };
    case "http":
      return { ...HTTP, store: openHttp(cell.origin) };
    default:
      return {
        namespace: "hierarchical",
        store: new Store({ backend: new MemoryBackend() }),
      };
  }
}

function openHttp(origin: string, folder = ""): Store {
  const baseUrl = `${origin}/${folder}`;
  return new Store({ backend: new HttpBackend({ baseUrl }) });
}

/** Each test has a database of its own. */
function runInDatabases(): Promise<Outcome> {
  const prefix = `table-${crypto.randomUUID()}`;
  let databases = 0;
  let databaseName = "";
  return runContract("indexeddb", {
    namespace: "hierarchical",
    // More than a page.
    manyFiles: 3000,
    create: () => {
      databaseName = `${prefix}-${databases++}`;
      return new Store({ backend: new IndexedDBBackend({ databaseName }) });
    },
    dispose: async (store) => {
      await store.close();
      indexedDB.deleteDatabase(databaseName);
    },
  }, ALONE);
}
