/**
 * The conformance suite as a Worker runs it: each test in a request of its own, several
 * at once, and all of them on one store that the first request has made. workerd refuses
 * what one request has made and another uses: streams, signals, timers.
 *
 * @module
 */
import type { StoreLike } from "../../mod.ts";
import { type ConformanceOptions, testBackend } from "../conformance/mod.ts";
import { collector, runAll } from "./collector.ts";
import { type Outcome, requireUsed } from "./contract.ts";

/** What the Worker is asked: the first time with no test. */
export interface Job<P> {
  readonly place: P;
  readonly test?: number;
}

/** What it answers to the first. */
export interface Listing extends Pick<Outcome, "points" | "skips"> {
  readonly tests: readonly string[];
}

const PATIENCE = 120_000;

/** A store, and what the suite is told of it. */
export interface Shared
  extends Omit<ConformanceOptions, "test" | "report" | "create"> {
  readonly store: StoreLike;
}

/**
 * Returns the Worker's handler; each test has a folder of the one store, which the first
 * request makes of its place and of the Worker's bindings.
 */
export function isolateOf<P, E = unknown>(
  name: string,
  open: (place: P, env: E) => Shared | Promise<Shared>,
): (request: Request, env: E) => Promise<Response> {
  const { test, tests } = collector();
  const start = async (place: P, env: E): Promise<Listing> => {
    const { store, ...options } = await open(place, env);
    const run = crypto.randomUUID();
    let folders = 0;
    const { skips } = await testBackend(name, {
      ...options,
      test,
      create: () => store.child(`${run}/${folders++}`),
    });
    requireUsed(options, skips);
    const names = tests.map(({ name }) => name);
    return { tests: names, points: names.at(-1) ?? "", skips };
  };
  return async (request, env) => {
    const { place, test }: Job<P> = await request.json();
    if (test === undefined) return Response.json(await start(place, env));
    const [result] = await runAll(tests.slice(test, test + 1), PATIENCE);
    return Response.json(result?.failure ?? null);
  };
}
