/**
 * The entry for a browser: runs the suite, measures if it is asked to, and posts the
 * report. The bare hash there is `@std/crypto`'s, fed an iterable.
 *
 * @module
 */
import { hashSides, SMALL_CHUNKS, stdSide } from "../../../bench/hash_sides.ts";
import { interleave, ratio, show } from "../../../bench/rounds.ts";
import { digestOf } from "../../../ext/_digest/engine.ts";
import { runSuite } from "./suite.ts";

const MIB = 1024 * 1024;
const report = await runSuite();
const speeds = location.search.includes("bench") ? await measure() : {};
const body = JSON.stringify({ ...report, speeds });
await fetch("/report", { method: "POST", body });

async function measure(): Promise<Record<string, string>> {
  const load = { ...SMALL_CHUNKS, totalBytes: 64 * MIB };
  const { hashStream, checksumStream } = hashSides(load);
  const part = new Uint8Array(8 * MIB).map((_, i) => i * 31);
  const times = await interleave({
    std: stdSide(load),
    hashStream: hashStream!,
    checksumStream: checksumStream!,
    async "parts of 8 MiB"() {
      for (let i = 0; i < 8; i++) await digestOf("sha256", part);
    },
  }, 7);
  const std = times.get("std") ?? [];
  return Object.fromEntries(
    [...times].filter(([side]) => side !== "std").map(([side, of]) => [
      side,
      show(ratio(std, of)),
    ]),
  );
}
