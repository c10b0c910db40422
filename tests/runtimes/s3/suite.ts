/**
 * The contract over S3, for any runtime.
 *
 * @module
 */
import {
  S3Backend,
  type S3DialectName,
  type S3Options,
} from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import type { ConformanceOptions } from "../../conformance/mod.ts";
import { skipsOf } from "../../live/s3/skips.ts";
import { type Outcome, runContract } from "../contract.ts";

/** A server and a bucket on it, in JSON. */
export interface Place
  extends Pick<S3Options, "bucket" | "endpoint" | "credentials" | "fetch"> {
  /** What the server does other than the rest. */
  readonly dialect: S3DialectName;
}

const BOUNDS = {
  patience: 120_000,
  // In a page each request waits for a preflight of its own, as its URL is new. Fewer
  // than the six connections that a browser has for a host, as a test may hold one open.
  lanes: 4,
};

/** Opens a store on a place. */
export function openStore(place: Place, root = ""): Store {
  const retry = new RetryPolicy({ attempts: 5, minDelay: 20, maxDelay: 500 });
  return new Store({ backend: new S3Backend({ ...place, retry }), root });
}

/** Returns what the suite is told of a place. */
export function tellOf(
  { dialect }: Place,
): Pick<ConformanceOptions, "namespace" | "skip"> {
  return { namespace: "flat", skip: skipsOf(dialect) };
}

/** Runs the conformance suite, each test in a folder of its own. */
export function runSuite(place: Place): Promise<Outcome> {
  // Other runtimes may be at work in the bucket.
  const run = crypto.randomUUID();
  let roots = 0;
  const create = () => openStore(place, `${run}/${roots++}`);
  const options = { ...tellOf(place), create, closeIsTerminal: true };
  return runContract("s3", options, BOUNDS);
}
