/**
 * Runs a hasher over chunks, for the tests of the engines.
 *
 * @module
 */
import type { Hasher, MakeHasher } from "../../../digest/hasher.ts";
import { toDigest } from "../../../ext/_digest/engine.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { HashAlgorithm } from "../../../digest/algorithm.ts";
import { VECTORS } from "../vectors.ts";

/** Returns the hash of chunks as hexadecimal text. */
export async function hex(
  hasher: Hasher,
  chunks: Iterable<Uint8Array>,
): Promise<string> {
  for (const chunk of chunks) await hasher.update(chunk);
  return toDigest("sha1", await hasher.digest()).value;
}

/** Asserts that a kind of hasher gives the official values, also for views at odd offsets. */
export async function assertVectors(
  algorithms: readonly HashAlgorithm[],
  make: (algorithm: HashAlgorithm) => MakeHasher | null,
): Promise<void> {
  const vectors = VECTORS.filter((v) => algorithms.includes(v.algorithm));
  assert(vectors.length >= 2 * algorithms.length, "there are vectors");
  for (const { algorithm, message, hex: expected, from } of vectors) {
    const start = make(algorithm);
    assert(start !== null, `${algorithm} is there`);
    assertEquals(await hex(start(), [message]), expected, from);
    // The long ones say nothing more about views.
    if (message.length > 9999) continue;
    const large = new Uint8Array(message.length + 7).fill(0xee);
    large.set(message, 3);
    const view = large.subarray(3, 3 + message.length);
    assertEquals(await hex(start(), [view]), expected, `${from}, a view`);
  }
}

/** Asserts that neither chunk boundaries nor alignment change a hash. */
export async function assertBoundaries(
  make: MakeHasher,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 600 }),
      fc.array(fc.nat(600), { maxLength: 8 }),
      fc.nat(9),
      async (message, cuts, offset) => {
        const large = new Uint8Array(message.length + offset);
        large.set(message, offset);
        const all = large.subarray(offset);
        const at = [0, ...cuts.filter((c) => c <= all.length), all.length]
          .sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, i) => all.subarray(at[i], end));
        assertEquals(await hex(make(), chunks), await hex(make(), [message]));
      },
    ),
    { numRuns },
  );
}
