/**
 * Starts Azurite, Microsoft's emulator, on a free loopback port: in memory, without
 * telemetry, strict.
 *
 * @module
 */

import { installPackages } from "../npm.ts";
import { overhear } from "../overhearing.ts";
import { freePort } from "../ports.ts";

/** A running Azurite. */
export interface Azurite {
  /** The blob endpoint without the account: `http://127.0.0.1:10000`. */
  readonly origin: string;
  /** Ends it and waits for its end. */
  stop(): Promise<void>;
}

/** Options of {@linkcode startAzurite}. */
export interface AzuriteOptions {
  /** A certificate and its key: the endpoint then speaks https, and takes bearer tokens. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /**
   * Whether it takes versions that it does not know, as the vendor's newest client asks for
   * one.
   *
   * @default {with tls}
   */
  readonly anyVersion?: boolean;
  /** Its accounts, as `AZURITE_ACCOUNTS` has them. */
  readonly accounts?: string;
}

// The one with all three services: the other one takes the option below, and leaves it.
const MAIN = new URL(
  "node_modules/azurite/dist/src/azurite.js",
  import.meta.url,
).pathname;

/** Keeps it from what holds up all requests for minutes. */
const UNSWEPT = new URL("unswept.cjs", import.meta.url).pathname;

/**
 * Seconds for which an idle connection is kept. By itself it is 5: on a busy machine a client
 * then sends on one that has just been closed, and tests of lost answers want none lost.
 */
const KEEP_ALIVE = 900;

/** Milliseconds until a start counts as failed. */
const START_BUDGET = 60_000;

/** Starts the server, which it installs where it is not there, and waits until it answers. */
export async function startAzurite(
  options: AzuriteOptions = {},
): Promise<Azurite> {
  await installPackages("tests/servers/azurite");
  const port = freePort();
  // It refuses --location beside --inMemoryPersistence, so its folder is the cwd.
  const cwd = await Deno.makeTempDir();
  const { tls, accounts, anyVersion = tls !== undefined } = options;
  const secure = tls === undefined
    ? []
    : ["--oauth", "basic", "--cert", tls.cert, "--key", tls.key];
  const args = [
    ...["--require", UNSWEPT, MAIN],
    ...["--blobHost", "127.0.0.1", "--blobPort", String(port)],
    ...["--blobKeepAliveTimeout", String(KEEP_ALIVE)],
    ...["--queueHost", "127.0.0.1", "--queuePort", String(freePort())],
    ...["--tableHost", "127.0.0.1", "--tablePort", String(freePort())],
    ...["--inMemoryPersistence", "--disableTelemetry", "--silent"],
    ...secure,
    ...anyVersion ? ["--skipApiVersionCheck"] : [],
  ];
  const env = accounts === undefined ? {} : { AZURITE_ACCOUNTS: accounts };
  const child = new Deno.Command("node", {
    args,
    cwd,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const heard = overhear(child.stderr);
  await untilItListens(port, child, heard);
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  return {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    async stop() {
      const isGone = hasEnded;
      if (!isGone) child.kill("SIGTERM");
      const { code, signal } = await child.status;
      const said = await heard;
      await Deno.remove(cwd, { recursive: true });
      if (!isGone) return;
      throw new Error(`Azurite had ended with ${signal ?? code}: ${said}`);
    },
  };
}

async function untilItListens(
  port: number,
  child: Deno.ChildProcess,
  heard: Promise<string>,
): Promise<void> {
  let ended = false;
  child.status.then(() => ended = true);
  const deadline = Date.now() + START_BUDGET;
  while (!ended && Date.now() < deadline) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(
    ended
      ? `Azurite ended at once: ${await heard}`
      : `Azurite did not answer within ${START_BUDGET} ms`,
  );
}
