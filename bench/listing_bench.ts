/**
 * What a listing of 100,000 keys in one folder costs: memory page by page, and time
 * for each key beside a bare walk over the same keys.
 *
 * ```sh
 * deno run --config=deno.chosen.json --v8-flags=--expose-gc bench/listing_bench.ts
 * ```
 *
 * @module
 */
import { Store } from "../mod.ts";
import { MemoryBackend } from "../backends/memory.ts";
import {
  canCollect,
  collectGarbage,
  interleave,
  median,
  ratio,
  show,
} from "./rounds.ts";

const KEYS = 100_000;
const PAGE = 1000;
const ROUNDS = 9;

const keys = Array.from(
  { length: KEYS },
  (_, i) => `logs/${String(i).padStart(6, "0")}.log`,
);
const store = new Store({ backend: new MemoryBackend() });
for (const key of keys) await store.write(key, "");

/** The bytes that are really in use, garbage taken away. */
function heap(): number {
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}

/** Prints what the heap has gained, every ten pages of a walk that keeps nothing. */
async function benchMemory(
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const gains: number[] = [];
  let seen = 0;
  const start = heap();
  for await (const _ of store.listFiles("logs", { signal })) {
    if (++seen % (10 * PAGE) === 0) gains.push(heap() - start);
  }
  const kib = gains.map((gain) => (gain / 1024).toFixed(0));
  const last = gains.at(-1) ?? NaN;
  const first = gains[0] ?? NaN;
  const perPage = (last - first) / (KEYS / PAGE - 10);
  console.log(
    `listFiles, ${name}: heap after every 10th page, KiB: ${kib.join(" ")}`,
  );
  console.log(
    `                 growth from page to page ${perPage.toFixed(0)} bytes`,
  );
}

async function benchTime(): Promise<void> {
  let seen = 0;
  async function* bare() {
    for (const key of keys) yield { path: key };
  }
  const times = await interleave({
    store: async () => {
      for await (const file of store.listFiles("logs")) {
        seen += file.path.length;
      }
    },
    bare: async () => {
      for await (const file of bare()) seen += file.path.length;
    },
  }, ROUNDS);
  const ours = times.get("store") ?? [];
  console.log(
    `listFiles        ${
      (median(ours) * 1e6 / KEYS).toFixed(0)
    } ns a key | to a bare async generator ${
      show(ratio(ours, times.get("bare") ?? []))
    }`,
  );
  if (seen === 0) throw new Error("nothing was measured");
}

if (canCollect) {
  await benchMemory("warm-up", undefined);
  await benchMemory("no signal", undefined);
  await benchMemory("with a signal", new AbortController().signal);
} else {
  console.log("listFiles: memory is shown with --v8-flags=--expose-gc only");
}
await benchTime();
