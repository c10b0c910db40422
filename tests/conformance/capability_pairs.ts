import type { Capability, StoreLike } from "../../mod.ts";
import type { Bench } from "./bench.ts";
import { assertRefused, unsupported } from "./refusals.ts";

/** A test with what it needs beside the capability. */
export type Case = readonly [
  title: string,
  needs: readonly Capability[],
  run: (bench: Bench) => Promise<void>,
];

/** What a capability is good for, and what its absence does. */
export interface Pair {
  /** The rules. */
  readonly id: string;
  /** The capability. */
  readonly capability: Capability;
  /** With it. */
  readonly present: Case;
  /** Without it. */
  readonly absent: Case;
}

/** A test that a gate without its capability refuses a call. */
export function refused(
  capability: Capability,
  method: string,
  call: (store: StoreLike) => unknown,
): Case {
  return [`${method} is refused`, [], async (bench) => {
    await assertRefused(
      async () => await call(bench.store),
      unsupported(capability),
      bench,
    );
  }];
}

/** The content of the file of {@linkcode seeded}. */
export const TEXT = "0123456789";

/** Returns the store with a file at `a.txt`. */
export async function seeded(bench: Bench): Promise<StoreLike> {
  await bench.put("a.txt", TEXT);
  return bench.store;
}
