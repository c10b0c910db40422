/**
 * Services for schedules, and the lines that stores come to them on.
 *
 * @module
 */
import type { Store } from "../../mod.ts";
import {
  between,
  type Exchange,
  type Fault,
  FaultyFetch,
  type Send,
} from "../conformance/faults.ts";
import type { Ground } from "./faults_calls.ts";
import type { Traits } from "./faults_case.ts";
import type { Held } from "./faults_history.ts";

/** The way between a store and its service, with what happens on it. */
export interface Line {
  /** What was sent, in its order. */
  readonly log: readonly Exchange[];
  /** The share of what is sent that meets a fault. */
  rate: number;
  /** Starts the dice anew. */
  reseed(seed: number): void;
  /** Has arrive what is still to arrive. */
  settle(): Promise<void>;
  /** What was answered, with an answer that nobody has let go of. */
  holding(): readonly Exchange[];
}

/** What a line is made of. */
export interface LineOptions {
  readonly seed: number;
  readonly rate: number;
  readonly latency: number;
  /** Called with what is sent, before anything happens to it. */
  readonly onRequest: (exchange: Exchange) => void;
  /** Has the service answer, and writes down what that has changed. */
  readonly serve: Send;
  /** Writes down what something sent has changed. */
  readonly record: (exchange: Exchange) => void;
  /** Changes some file past all clients. */
  readonly interfere: (
    exchange: Exchange,
    random: (limit: number) => number,
  ) => Promise<void>;
}

/** A service for one schedule, and how stores come to it. */
export interface World {
  readonly ground: Ground;
  readonly traits: Traits;
  /** How many turns of the engine a moment has, where the engine is the service. */
  readonly turns?: number;
  /** Sends a request to the service, where it takes some. */
  fetch?(url: string, init: RequestInit): Promise<Response>;
  /** What the service holds. */
  look(): Iterable<readonly [string, Held]>;
  /** Puts a file past all clients. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  /** Removes a file past all clients. */
  remove(key: string): void;
  /** What lies about that no listing of files shows: names of uploads, drafts. */
  remains?(): readonly string[];
  /** What is wrong with what the service holds when all is over. */
  audit?(): Promise<readonly string[]>;
  /** Opens a store at the end of a line. */
  connect(options: LineOptions): Connection;
}

/** A store, and the line that it is at. */
export interface Connection {
  readonly line: Line;
  readonly store: Store;
}

/** Makes the world of a seed. */
export type WorldOf = (random: (limit: number) => number) => World;

/** Returns a line of HTTP; `--without=page,rival` on the command line leaves faults out. */
export function httpLine(
  options: LineOptions,
  faults: readonly Fault[],
): FaultyFetch {
  const { serve, interfere, seed, rate, latency, onRequest } = options;
  const rival = { ...between("rival", interfere), weight: 2 };
  const without = Deno.args.find((arg) => arg.startsWith("--without="))
    ?.slice("--without=".length).split(",") ?? [];
  const all = [...faults, rival].filter(({ name }) => !without.includes(name));
  return new FaultyFetch({
    fetch: serve,
    faults: all,
    seed,
    rate,
    latency,
    onRequest,
  });
}
