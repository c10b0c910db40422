/**
 * What a hash costs on the way, as ratios measured side by side in one run. With the
 * real `@std/crypto` (`STD_DIR` or JSR) its column means what it says; the stand-in is
 * slower.
 *
 * ```sh
 * deno run --config=deno.chosen.json bench/hash_bench.ts
 * ```
 *
 * Without `--expose-gc`: it throws away what the engine has compiled.
 *
 * @module
 */
import { createHasher } from "../ext/_digest/engine.ts";
import { crc32Hasher, POLYNOMIALS } from "../digest/crc32.ts";
import {
  hashSides,
  LARGE_CHUNKS,
  SMALL_CHUNKS,
  stdSide,
} from "./hash_sides.ts";
import { interleaveProcessor } from "./processor.ts";
import { interleave, ratio, type Round, show } from "./rounds.ts";

const ROUNDS = 7;

async function benchStreams(): Promise<void> {
  for (const load of [SMALL_CHUNKS, LARGE_CHUNKS]) {
    const kib = load.chunkBytes / 1024;
    const sides = hashSides(load);
    const clock = await interleave(sides, ROUNDS);
    const processor = await interleaveProcessor(sides, ROUNDS);
    for (const side of ["hashStream", "checksumStream", "transformStream"]) {
      const speeds = [clock, processor ?? clock].map((times) =>
        show(ratio(times.get("bare") ?? [], times.get(side) ?? []))
      );
      console.log(
        `sha256, ${kib} KiB   ${side.padEnd(16)} to a bare loop ${
          speeds[0]
        }, in processor time ${speeds[1]}`,
      );
    }
  }
}

async function benchStd(): Promise<void> {
  const { hashStream } = hashSides(SMALL_CHUNKS);
  const times = await interleave({
    hashStream: hashStream!,
    std: stdSide(SMALL_CHUNKS),
  }, 5);
  const speed = show(
    ratio(times.get("std") ?? [], times.get("hashStream") ?? []),
  );
  console.log(
    `sha256, 64 KiB   hashStream to @std/crypto fed an iterable ${speed}`,
  );
}

async function benchChecksums(): Promise<void> {
  const chunk = new Uint8Array(64 * 1024).map((_, i) => i * 31);
  const over =
    (make: typeof createHasher | (() => ReturnType<typeof createHasher>)) =>
    (algorithm: Parameters<typeof createHasher>[0]): Round =>
    // deno-lint-ignore require-await -- a round is a promise
    async () => {
      const hasher = make(algorithm);
      for (let i = 0; i < 1024; i++) hasher.update(chunk);
      hasher.digest();
    };
  const times = await interleave({
    sha256: over(createHasher)("sha256"),
    crc32: over(createHasher)("crc32"),
    "crc32 by table": over(() => crc32Hasher(POLYNOMIALS.crc32))("crc32"),
    crc32c: over(createHasher)("crc32c"),
    crc64nvme: over(createHasher)("crc64nvme"),
    md5: over(createHasher)("md5"),
  }, ROUNDS);
  for (const [name, of] of times) {
    if (name === "sha256") continue;
    const speed = show(ratio(times.get("sha256") ?? [], of));
    console.log(`${name.padEnd(16)} to sha256 ${speed}`);
  }
}

await benchStreams();
await benchStd();
await benchChecksums();
