/**
 * What a kernel call costs over Memory, as ratios measured side by side in one run:
 *
 * ```sh
 * deno run --config=deno.chosen.json --v8-flags=--expose-gc bench/kernel_bench.ts
 * ```
 *
 * @module
 */
import { normalizePath, Store } from "../mod.ts";
import { MemoryBackend } from "../backends/memory.ts";
import { normalize } from "@std/path/posix/normalize";
import { interleave, median, ratio, type Round, show } from "./rounds.ts";

const ROUNDS = 31;
const KEYS = 10_000;
const KIB = 1024;

const paths = Array.from(
  { length: KEYS },
  (_, i) => `data/part-${i % 16}/chunk-${i}.bin`,
);
const payload = new Uint8Array(KIB).map((_, i) => i);

/** What was read last: keeps the engine from dropping a read whose result nobody wants. */
let seen = 0;

function overStore(): { write: Round; read: Round } {
  const store = new Store({ backend: new MemoryBackend() });
  return {
    async write() {
      for (const path of paths) {
        await store.write(path, payload, { overwrite: true });
      }
    },
    async read() {
      for (const path of paths) seen += (await store.readBytes(path)).length;
    },
  };
}

/** A bare `Map` operation and one promise; `copies` as the contract demands them, or the reference. */
function overMap(copies: boolean): { write: Round; read: Round } {
  const map = new Map<string, Uint8Array>();
  // deno-lint-ignore require-await -- the one promise
  const set = async (path: string, bytes: Uint8Array) => {
    map.set(path, copies ? bytes.slice() : bytes);
  };
  // deno-lint-ignore require-await -- the one promise
  const get = async (path: string) => {
    const bytes = map.get(path);
    if (bytes === undefined) throw new Error(path);
    return copies ? bytes.slice() : bytes;
  };
  return {
    async write() {
      for (const path of paths) await set(path, payload);
    },
    async read() {
      for (const path of paths) seen += (await get(path)).length;
    },
  };
}

async function benchCalls(): Promise<void> {
  const store = overStore();
  const copy = overMap(true);
  const reference = overMap(false);
  // Writes first: the reads that follow find all keys on every side.
  for (const what of ["write", "read"] as const) {
    const times = await interleave({
      store: store[what],
      copy: copy[what],
      reference: reference[what],
    }, ROUNDS);
    const of = (side: string) => times.get(side) ?? [];
    const micros = (side: string) =>
      (median(of(side)) * 1000 / KEYS).toFixed(2).padStart(6);
    const name = what === "write" ? "write 1 KiB    " : "readBytes 1 KiB";
    console.log(
      `${name}  Store+Memory ${micros("store")} µs | Map, copy, promise ${
        micros("copy")
      } µs | Map by reference, promise ${micros("reference")} µs`,
    );
    console.log(
      `                 to Map with copy ${
        show(ratio(of("store"), of("copy")))
      } | to Map by reference ${show(ratio(of("store"), of("reference")))}`,
    );
  }
}

async function benchPaths(): Promise<void> {
  const times = await interleave({
    // deno-lint-ignore require-await -- a round is a promise
    ours: async () => {
      for (const path of paths) seen += normalizePath(path).length;
    },
    // deno-lint-ignore require-await -- a round is a promise
    std: async () => {
      for (const path of paths) seen += normalize(path).length;
    },
  }, ROUNDS);
  const ours = times.get("ours") ?? [];
  console.log(
    `normalizePath    ${
      (median(ours) * 1e6 / KEYS).toFixed(0)
    } ns a clean key | to @std/path normalize ${
      show(ratio(ours, times.get("std") ?? []))
    }`,
  );
}

await benchCalls();
await benchPaths();
if (seen === 0) throw new Error("nothing was measured");
