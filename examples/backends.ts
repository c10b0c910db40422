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
import {
  S3Backend,
  type S3Credentials,
  type S3DialectName,
} from "@remote-store/core/backends/s3";
import * as scope from "fake-indexeddb";
import { FakeR2 } from "../tests/fakes/r2/bucket.ts";
import { BadInput } from "./command_line.ts";

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
        credentials: credentialsIn((name) => Deno.env.get(name)),
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

/** Returns the key in the variables that AWS's own tools read. */
export function credentialsIn(
  read: (name: string) => string | undefined,
): S3Credentials {
  const accessKeyId = read("AWS_ACCESS_KEY_ID");
  const secretAccessKey = read("AWS_SECRET_ACCESS_KEY");
  if (!accessKeyId || !secretAccessKey) {
    throw new BadInput(
      "Cannot open s3: the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY hold no key",
    );
  }
  const sessionToken = read("AWS_SESSION_TOKEN");
  return {
    accessKeyId,
    secretAccessKey,
    ...sessionToken ? { sessionToken } : {},
  };
}
