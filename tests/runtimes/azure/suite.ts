/**
 * The contract against Azurite, for any runtime.
 *
 * @module
 */
import type { Store } from "../../../mod.ts";
import type { ConformanceOptions } from "../../conformance/mod.ts";
import { createStore } from "../../live/azure/account.ts";
import { SKIPS } from "../../live/azure/skips.ts";
import { type Outcome, runContract } from "../contract.ts";

const BLOCK_SIZE = 1024 * 1024;

const BOUNDS = {
  patience: 300_000,
  // Each in a container of its own: in a page each request waits for a preflight of its
  // own, as its URL is new. Fewer than the six connections that a browser has for a host,
  // as a test may hold one open.
  lanes: 4,
};

/** Opens a store over a new container of the emulator at `origin`. */
export function openEmulator(origin: string): Promise<Store> {
  return createStore(origin, { blockSize: BLOCK_SIZE });
}

/** What the suite is told of the emulator. */
export const EMULATOR: Pick<ConformanceOptions, "namespace" | "skip"> = {
  namespace: "flat",
  skip: SKIPS,
};

/** Runs the conformance suite against the emulator at `origin`. */
export function runSuite(origin: string): Promise<Outcome> {
  const create = () => openEmulator(origin);
  const options = { ...EMULATOR, create, closeIsTerminal: true };
  return runContract("azure", options, BOUNDS);
}
