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
import { R2Backend } from "@remote-store/core/backends/r2";
import { S3Backend, type S3DialectName } from "@remote-store/core/backends/s3";
import * as scope from "fake-indexeddb";
import { FakeR2 } from "../tests/fakes/r2/bucket.ts";

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
  s3: {
    about:
      "a bucket, with the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    flags: ["bucket", "endpoint", "region", "dialect"],
    create: ({ bucket = "", endpoint, region, dialect }) =>
      new S3Backend({
        bucket,
        endpoint,
        region,
        dialect: dialect as S3DialectName | undefined,
        credentials: {
          accessKeyId: Deno.env.get("AWS_ACCESS_KEY_ID") ?? "",
          secretAccessKey: Deno.env.get("AWS_SECRET_ACCESS_KEY") ?? "",
          sessionToken: Deno.env.get("AWS_SESSION_TOKEN"),
        },
      }),
  },
  r2: {
    about:
      "over the tests' imitation in memory: a binding to R2 is there in Workers only",
    flags: [],
    create: () => new R2Backend({ bucket: new FakeR2() }),
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
