/**
 * The backends that the demo knows: one entry each. What the demo does with a
 * store does not depend on the choice.
 *
 * @module
 */
import type { Backend } from "@remote-store/core";
import { AzureBackend } from "@remote-store/core/backends/azure";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import * as scope from "fake-indexeddb";

/** What stood behind `--` on the command line: `--bucket=demo` is `{ bucket: "demo" }`. */
export type Flags = Readonly<Record<string, string>>;

/** A backend to choose. */
export interface BackendChoice {
  /** What `--help` says of it. */
  readonly about: string;
  /** The names of the flags that it takes. */
  readonly flags: readonly string[];
  /** Creates it. */
  readonly create: (flags: Flags) => Backend;
}

/** The backends by the name that the command line uses. */
export const BACKENDS: Readonly<Record<string, BackendChoice>> = {
  memory: {
    about: "files in this process's memory; needs nothing",
    flags: [],
    create: () => new MemoryBackend(),
  },
  indexeddb: {
    about: "over fake-indexeddb in memory: Deno has no IndexedDB of its own",
    flags: [],
    create: () => new IndexedDBBackend({ scope }),
  },
  azure: {
    about:
      "Azure Blob Storage by a connection string, without one Azurite on this machine",
    flags: ["container", "connection-string", "hns"],
    create: ({ container, "connection-string": connectionString, hns }) =>
      new AzureBackend({
        container: container ?? "demo",
        connectionString: connectionString ?? "UseDevelopmentStorage=true",
        hns: hns === "true",
      }),
  },
};
