/**
 * The conformance suite over S3 for runtimes without a test runner of Deno's kind: one
 * bundle, which any of them runs.
 *
 * @module
 */
import { AwsClient } from "aws4fetch";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import { type Skip, testBackend } from "../../conformance/mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";

/** How the run ended. */
export interface Outcome {
  /** Tests that held. */
  readonly passed: number;
  /** Names and errors of those that did not. */
  readonly failures: readonly string[];
}

const CEPH_SKIPS: readonly Skip[] = [
  {
    test: "BE-019, BE-028 copy: of several to one destination",
    reason: "Ceph 16 ignores If-None-Match on CopyObject",
  },
  {
    test: "BE-018, BE-028 move: of several to one destination",
    reason: "a move is a copy, see there",
  },
];

/** Runs the suite on the server that `env` names, or else on the strict fake. */
export async function run(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const endpoint = env["S3_ENDPOINT"];
  const create = endpoint === undefined
    ? () => over({ fetch: new FakeS3().fetch, dialect: "aws" })
    : await onServer(endpoint, env);
  const tests: [string, () => Promise<void>][] = [];
  await testBackend("s3", {
    test: (name, run) => tests.push([name, run]),
    create,
    namespace: "flat",
    closeIsTerminal: true,
    skip: endpoint === undefined ? [] : CEPH_SKIPS,
  });
  const failures: string[] = [];
  for (const [name, test] of tests) {
    try {
      await test();
    } catch (error) {
      failures.push(`${name}: ${error}`);
    }
  }
  return { passed: tests.length - failures.length, failures };
}

function over(options: Partial<S3Options>, root = ""): Store {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    retry: new RetryPolicy({ attempts: 5, minDelay: 20, maxDelay: 500 }),
    ...options,
  });
  return new Store({ backend, root });
}

async function onServer(
  endpoint: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<() => Store> {
  const credentials = {
    accessKeyId: env["S3_ACCESS_KEY"] ?? "",
    secretAccessKey: env["S3_SECRET_KEY"] ?? "",
  };
  const client = new AwsClient({
    ...credentials,
    service: "s3",
    region: "us-east-1",
  });
  const bucket = `runtime-${Date.now().toString(36)}`;
  await client.fetch(`${endpoint}/${bucket}`, { method: "PUT" });
  let roots = 0;
  return () =>
    over({ bucket, endpoint, credentials, dialect: "ceph" }, `r${roots++}`);
}
