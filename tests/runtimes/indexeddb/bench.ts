/**
 * The backend against plain rows, in one page: every figure is a ratio of the same
 * minute, the median of some rounds.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { noise } from "./noise.ts";
import { removeDatabase, Rows } from "./rows.ts";

/** One comparison. */
export interface Ratio {
  /** What was compared. */
  readonly name: string;
  /** How many times faster the backend is, in the middle of the rounds. */
  readonly ratio: number;
  /** The least and the most of the rounds. */
  readonly range: readonly [number, number];
  /** How long the backend took, in the middle. */
  readonly ms: number;
}

/** What a run measures. */
export interface BenchOptions {
  readonly rounds: number;
  readonly bytes: number;
  readonly representation: "auto" | "bytes";
  /** Of the backend. The rows beside it are as relaxed as browsers are by themselves. */
  readonly durability: "strict" | "relaxed";
  /** Which group of comparisons; all where it is left out. */
  readonly only?: string;
}

type Options = Pick<BenchOptions, "representation" | "durability">;

const MEBIBYTE = 1024 * 1024;

/** Runs all comparisons. */
export async function bench(
  { rounds, bytes, representation, durability, only = "" }: BenchOptions,
): Promise<Ratio[]> {
  const options = { representation, durability };
  const all: [string, () => Promise<Ratio[]>][] = [
    ["small", () => small(rounds, options)],
    ["alone", () => smallAlone(rounds, options)],
    ["large", () => large(rounds, bytes, options)],
    ["listing", () => listing(rounds, options)],
  ];
  const ratios: Ratio[] = [];
  for (const [name, one] of all) {
    if (name.includes(only)) ratios.push(...await one());
  }
  return ratios;
}

async function small(
  rounds: number,
  options: Options,
): Promise<Ratio[]> {
  const count = 500;
  const bytes = new Uint8Array(1024);
  return await withBoth(options, async (store, rows) => [
    await compare(`${count} concurrent writes of 1 KiB`, rounds, async (r) => {
      await Promise.all(
        numbers(count).map((i) => store.write(`small/${r}-${i}`, bytes)),
      );
    }, async (r) => {
      for (const i of numbers(count)) {
        await rows.put(`${r}-${i}`, bytes.slice());
      }
    }),
  ]);
}

async function smallAlone(
  rounds: number,
  options: Options,
): Promise<Ratio[]> {
  const count = 100;
  const bytes = new Uint8Array(1024);
  return await withBoth(options, async (store, rows) => [
    await compare(`${count} writes of 1 KiB, one by one`, rounds, async (r) => {
      for (const i of numbers(count)) await store.write(`${r}/${i}`, bytes);
    }, async (r) => {
      for (const i of numbers(count)) {
        await rows.put(`${r}-${i}`, bytes.slice());
      }
    }),
    await compare(`${count} reads of 1 KiB, one by one`, rounds, async (r) => {
      for (const i of numbers(count)) await store.readBytes(`${r}/${i}`);
    }, async (r) => {
      for (const i of numbers(count)) await rows.get(`${r}-${i}`);
    }),
  ]);
}

function large(
  rounds: number,
  size: number,
  options: Options,
): Promise<Ratio[]> {
  const name = `${size / MEBIBYTE} MiB`;
  const count = size / MEBIBYTE;
  return withBoth(options, async (store, rows) => [
    await compare(`streamed write of ${name}`, rounds, async () => {
      await store.write("large", chunks(count), { overwrite: true });
    }, async () => {
      const reader = chunks(count).getReader();
      for (let i = 0;; i++) {
        const { done, value } = await reader.read();
        if (done) break;
        await rows.put(i, value);
      }
    }),
    await compare(`streamed read of ${name}`, rounds, async () => {
      const read = await drain(await store.read("large"));
      if (read !== size) throw new Error(`${read} bytes instead of ${size}`);
    }, async () => {
      for (const i of numbers(count)) await rows.get(i);
    }),
  ]);
}

async function listing(
  rounds: number,
  options: Options,
): Promise<Ratio[]> {
  const count = 10_000;
  return await withBoth(options, async (store, rows) => {
    const bytes = noise(0).slice(0, 4096);
    for (let at = 0; at < count; at += 500) {
      const some = numbers(500).map((i) => `names/file-${at + i}.txt`);
      await Promise.all(some.map((path) => store.write(path, bytes)));
      await Promise.all(some.map((path) => rows.put(path, bytes.slice())));
    }
    return [
      await compare(`listing of ${count} files of 4 KiB`, rounds, async () => {
        let found = 0;
        for await (const _ of store.listFiles("names")) found++;
        if (found !== count) throw new Error(`${found} files are listed`);
      }, async () => {
        await rows.entries();
      }),
    ];
  });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function chunks(count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- <= 0) return controller.close();
      controller.enqueue(noise(left));
    },
  }, { highWaterMark: 0 });
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<number> {
  const reader = stream.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes;
    bytes += value.byteLength;
  }
}

let databases = 0;

async function withBoth(
  options: Options,
  work: (store: Store, rows: Rows) => Promise<Ratio[]>,
): Promise<Ratio[]> {
  const name = `bench-${++databases}`;
  const rows = await Rows.open(`${name}-rows`);
  const backend = new IndexedDBBackend({ ...options, databaseName: name });
  const store = new Store({ backend });
  try {
    return await work(store, rows);
  } finally {
    await store.close();
    await removeDatabase(name);
    await rows.remove();
  }
}

async function compare(
  name: string,
  rounds: number,
  ours: (round: number) => Promise<void>,
  theirs: (round: number) => Promise<void>,
): Promise<Ratio> {
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // In turns: what the machine does meanwhile hits both.
    const first = round % 2 === 0 ? ours : theirs;
    const second = first === ours ? theirs : ours;
    const one = await timed(() => first(round));
    const two = await timed(() => second(round));
    const [mine, other] = first === ours ? [one, two] : [two, one];
    ratios.push(other / mine);
    times.push(mine);
  }
  const range: [number, number] = [Math.min(...ratios), Math.max(...ratios)];
  return { name, ratio: median(ratios), range, ms: median(times) };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
