import type { Capability } from "../../mod.ts";
import { show } from "./assert.ts";
import type { Bench, Namespace, Target } from "./bench.ts";

/** One behaviour that a backend has, or has not. */
export interface Point {
  /** What it is about, beside what the test's name says. */
  readonly label: string;
  /** Whether the target's capabilities let it be observed. */
  allowed(target: Target): boolean;
  /** Observes it; throws where it does not hold. */
  run(bench: Bench): Promise<void>;
}

/** Points that share a test. */
export interface Group {
  /** The rules, as the contract numbers them: `BE-006, BE-021`. */
  readonly ids: string;
  /** What the test is called after the rules. */
  readonly title: string;
  /** The points. */
  readonly points: readonly Point[];
}

/** What {@linkcode behaviour} makes a group of. */
export interface Behaviour {
  /** Capabilities that it needs. */
  readonly needs?: readonly Capability[];
  /** Capabilities that must be missing. */
  readonly lacks?: readonly Capability[];
  /** The namespace that it is about; both if left out. */
  readonly namespace?: Namespace;
  /** What else the target must be. */
  readonly when?: (target: Target) => boolean;
}

/** Returns a group with one point, of a test that is written by hand. */
export function behaviour(
  ids: string,
  title: string,
  { needs = [], lacks = [], namespace, when }: Behaviour,
  run: (bench: Bench) => Promise<void>,
): Group {
  const allowed = (target: Target) =>
    needs.every((capability) => target.has(capability)) &&
    !lacks.some((capability) => target.has(capability)) &&
    (namespace === undefined || namespace === target.namespace) &&
    (when === undefined || when(target));
  return { ids, title, points: [{ label: title, allowed, run }] };
}

/** Runs all points, `concurrency` of them side by side, and returns what failed. */
export async function runPoints(
  points: readonly Point[],
  bench: Bench,
  concurrency: number,
): Promise<string[]> {
  const failures: string[] = [];
  const queue = points.values();
  const work = async () => {
    for (const point of queue) {
      try {
        await point.run(bench);
      } catch (error) {
        failures.push(`${point.label}: ${show(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return failures;
}
