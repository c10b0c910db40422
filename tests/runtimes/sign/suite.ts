/**
 * The contract over a page without a secret, for any runtime: all that it knows is where its
 * handler is.
 *
 * @module
 */
import { AzureBackend } from "../../../backends/azure/mod.ts";
import {
  describeRemote,
  type Fetch,
  type RemoteDescription,
  RemoteS3Backend,
  type RemoteS3Options,
  remoteSigner,
} from "../../../backends/s3/remote.ts";
import { type Backend, RetryPolicy, Store } from "../../../mod.ts";
import type { ConformanceOptions } from "../../conformance/mod.ts";
import { SKIPS as OF_AZURE } from "../../backends/azure/skips.ts";
import { SKIPS } from "../../live/s3/skips.ts";
import { type Outcome, runContract } from "../contract.ts";

/** Where a page's handler is, in JSON; a function for the process that it is made in. */
export interface Asking {
  /** The handler's URL. */
  readonly sign: string;
  /** The names that tests to run hold; without any, all are run. */
  readonly only?: readonly string[];
  /** What asks the handler, in place of the global `fetch`. */
  readonly ask?: Fetch;
  /** What asks the service. */
  readonly fetch?: Fetch;
}

const BOUNDS = {
  patience: 300_000,
  // Fewer than the six connections that a browser has for a host, as a test may hold one
  // open.
  lanes: 4,
};

/** As small as Azure's tests take them, so that uploads in parts are many. */
const BLOCK_SIZE = 1024 * 1024;

function backendOf(
  told: RemoteDescription,
  { sign, ask, fetch }: Asking,
): Backend {
  const retry = new RetryPolicy({ attempts: 5, minDelay: 20, maxDelay: 500 });
  const signer = remoteSigner(sign, { retry, fetch: ask });
  const sends = toHandler(sign, ask, fetch);
  if (told["service"] === "azure") {
    const { container, accountUrl } = told as unknown as {
      container: string;
      accountUrl: string;
    };
    return new AzureBackend({
      container,
      accountUrl,
      hns: false,
      blockSize: BLOCK_SIZE,
      retry,
      signer,
      fetch: sends,
    });
  }
  const { bucket, region, endpoint, dialect } = told as unknown as
    & Pick<RemoteS3Options, "bucket" | "region" | "endpoint">
    & { dialect: "aws" | "ceph" };
  return new RemoteS3Backend({
    bucket,
    region,
    endpoint,
    dialect,
    retry,
    signer,
    fetch: sends,
  });
}

// What the handler sends on goes to it, wherever it is.
function toHandler(
  sign: string,
  ask: Fetch | undefined,
  fetch: Fetch | undefined,
): Fetch | undefined {
  if (ask === undefined && fetch === undefined) return undefined;
  return (url, init) =>
    url === sign && ask !== undefined
      ? ask(url, init)
      : (fetch ?? globalThis.fetch)(url, init);
}

/** Runs the conformance suite, each test in a folder of its own below the page's root. */
export async function runSuite(asking: Asking): Promise<Outcome> {
  const told = await describeRemote(asking.sign, { fetch: asking.ask });
  const run = crypto.randomUUID();
  let roots = 0;
  const dialect = told["dialect"] as "aws" | "ceph" | undefined;
  const options: Omit<ConformanceOptions, "test" | "report"> = {
    namespace: "flat",
    closeIsTerminal: true,
    skip: dialect === undefined ? OF_AZURE : SKIPS[dialect] ?? [],
    ...asking.only === undefined ? {} : { only: asking.only },
    create: () =>
      new Store({
        backend: backendOf(told, asking),
        root: `${told.root}/${run}/${roots++}`,
      }),
  };
  return await runContract(`a page, ${told["service"]}`, options, BOUNDS);
}
