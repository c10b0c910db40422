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
import { interleaveProcessor } from "../../../bench/processor.ts";
import { interleave, ratio, show } from "../../../bench/rounds.ts";
import { runSuite } from "./suite.ts";

const { process } = globalThis as unknown as { process: { argv: string[] } };
const measures = process.argv.includes("bench");
const speeds: Record<string, string> = {};
if (measures) {
  for (const load of [SMALL_CHUNKS, LARGE_CHUNKS]) {
    const sides = hashSides(load);
    const clock = await interleave(sides, 7);
    const processor = await interleaveProcessor(sides, 7) ?? clock;
    for (const side of Object.keys(sides)) {
      if (side === "bare") continue;
      const [time, work] = [clock, processor].map((times) =>
        show(ratio(times.get("bare") ?? [], times.get(side) ?? []))
      );
      speeds[`${side}, ${load.chunkBytes / 1024} KiB`] =
        `${time}, in processor time ${work}`;
    }
  }
}
console.log(JSON.stringify({ ...await runSuite(), speeds }));
