/**
 * The entry for Node and Bun: prints one line of JSON. With `bench` as argument it
 * measures as well.
 *
 * @module
 */
import {
  hashSides,
  LARGE_CHUNKS,
  SMALL_CHUNKS,
} from "../../../bench/hash_sides.ts";
import { interleave, ratio, show } from "../../../bench/rounds.ts";
import { runSuite } from "./suite.ts";

const { process } = globalThis as unknown as { process: { argv: string[] } };
const measures = process.argv.includes("bench");
const speeds: Record<string, string> = {};
if (measures) {
  for (const load of [SMALL_CHUNKS, LARGE_CHUNKS]) {
    const times = await interleave(hashSides(load), 7);
    for (const [side, of] of times) {
      if (side === "bare") continue;
      speeds[`${side}, ${load.chunkBytes / 1024} KiB`] = show(
        ratio(times.get("bare") ?? [], of),
      );
    }
  }
}
console.log(JSON.stringify({ ...await runSuite(), speeds }));
