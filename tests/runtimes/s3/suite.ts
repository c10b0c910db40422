/**
 * The conformance suite over S3 for runtimes without a test runner of Deno's kind: one
 * bundle, which any of them runs.
 *
 * @module
 */
import { AwsClient } from "aws4fetch";
import {
  S3Backend,
  type S3DialectName,
  type S3Options,
} from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { SKIPS } from "../../live/s3/skips.ts";
import { collector, runAll } from "../collector.ts";

/** How the run ended. */
export interface Outcome {
  /** Tests that held. */
  readonly passed: number;
  /** Names and errors of those that did not. */
  readonly failures: readonly string[];
  /** The suite's own count, and what was skipped, with its reason. */
  readonly notes: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds until a test that hangs has failed. */
const PATIENCE = 60_000;

/** Runs the suite on the server that `env` names, or else on the strict fake. */
export async function run(env: Env): Promise<Outcome> {
  const endpoint = env["S3_ENDPOINT"];
  const dialect = (env["S3_DIALECT"] ?? "aws") as S3DialectName;
  const create = endpoint === undefined
    ? () => over({ fetch: new FakeS3().fetch, dialect })
    : await onServer(endpoint, dialect, env);
  const { test, tests } = collector();
  let seen: ConformanceReport | undefined;
  await testBackend("s3", {
    test,
    create,
    namespace: "flat",
    closeIsTerminal: true,
    skip: SKIPS[dialect] ?? [],
    report: (report) => void (seen = report),
  });
  const results = await runAll(tests, PATIENCE);
  const failures = results.flatMap(({ name, failure }) =>
    failure === null ? [] : [`${name}: ${failure}`]
  );
  const skipped = seen?.skips.map(({ test, reason }) =>
    `skipped ${test}: ${reason}`
  );
  return {
    passed: results.length - failures.length,
    failures,
    notes: [`${seen}`, ...skipped ?? []],
  };
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
  dialect: S3DialectName,
  env: Env,
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
  // Two runtimes may ask at once.
  const bucket = `runtime-${crypto.randomUUID()}`;
  const created = await client.fetch(`${endpoint}/${bucket}`, {
    method: "PUT",
  });
  if (!created.ok) throw new Error(`creating a bucket: ${created.status}`);
  let roots = 0;
  return () => over({ bucket, endpoint, credentials, dialect }, `r${roots++}`);
}
