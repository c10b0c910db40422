/**
 * S3 against what it stands on, with the server in another process. Every ratio is of
 * cases that alternate in one run; above 1 is faster than the other.
 *
 * `deno task bench:s3` runs all; `deno task bench:s3 small` one of small, listing,
 * upload, download.
 *
 * @module
 */
import { AwsClient } from "aws4fetch";
import { parseListing } from "../backends/s3/listing.ts";
import { S3Backend } from "../backends/s3/mod.ts";
import { Store } from "../mod.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

type Case = () => Promise<void>;

/** Runs the cases in turn and returns the median seconds of each. */
async function rounds(
  cases: readonly Case[],
  times: number,
): Promise<number[]> {
  const seconds: number[][] = cases.map(() => []);
  for (const run of cases) await run();
  for (let round = 0; round < times; round++) {
    for (let i = 0; i < cases.length; i++) {
      const index = (i + round) % cases.length;
      // What one leaves behind is not for the next to sweep up.
      collectGarbage();
      const started = performance.now();
      await cases[index]!();
      seconds[index]!.push((performance.now() - started) / 1000);
    }
  }
  return seconds.map((all) => all.sort((a, b) => a - b)[all.length >> 1]!);
}

function collectGarbage(): void {
  // deno-lint-ignore no-explicit-any -- there with --v8-flags=--expose-gc
  (globalThis as any).gc?.();
}

function report(
  name: string,
  ratio: number,
  floor: number,
  reach: number,
): void {
  const verdict = ratio >= reach ? "reached" : ratio >= floor ? "ok" : "BELOW";
  console.log(
    `${name.padEnd(44)} ${
      ratio.toFixed(2)
    } (floor ${floor}, reach ${reach}) ${verdict}`,
  );
}

async function parallel(
  count: number,
  width: number,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function small(endpoint: string, store: Store): Promise<void> {
  const client = new AwsClient({
    ...credentials,
    service: "s3",
    region: "us-east-1",
  });
  const body = new Uint8Array(1024);
  for (const width of [1, 16, 64]) {
    const count = width === 1 ? 300 : 1000;
    const [own, other] = await rounds([
      () =>
        parallel(
          count,
          width,
          (i) => store.write(`k${i}`, body, { overwrite: true }),
        ),
      () =>
        parallel(count, width, async (i) => {
          const response = await client.fetch(`${endpoint}/b/k${i}`, {
            method: "PUT",
            body,
          });
          await response.body?.cancel();
        }),
    ], 7);
    report(
      `PUT 1 KiB, ${width} at once, to aws4fetch`,
      other! / own!,
      0.9,
      1.3,
    );
    const [read, fetched] = await rounds([
      () => parallel(count, width, (i) => store.readBytes(`k${i}`)),
      () =>
        parallel(count, width, async (i) => {
          await (await client.fetch(`${endpoint}/b/k${i}`)).arrayBuffer();
        }),
    ], 7);
    report(
      `GET 1 KiB, ${width} at once, to aws4fetch`,
      fetched! / read!,
      0.9,
      1.3,
    );
  }
}

async function listing(endpoint: string, store: Store): Promise<void> {
  // Not in deno.json, because only this bench compares with them: as variables, so that
  // neither a check nor the lock meets them.
  const sdk = "npm:@aws-sdk/client-s3@3.1169.0";
  const parsers = "npm:fast-xml-parser@5.12.1";
  const { paginateListObjectsV2, S3Client } = await import(sdk);
  const { XMLParser } = await import(parsers);
  const client = new S3Client({
    endpoint,
    credentials,
    region: "us-east-1",
    forcePathStyle: true,
  });
  const count = (n: number) => {
    if (n !== 100_000) throw new Error(`listed ${n}`);
  };
  const [own, other] = await rounds([
    async () => {
      let n = 0;
      for await (const _ of store.listFiles("", { recursive: true })) n++;
      count(n);
    },
    async () => {
      let n = 0;
      const pages = paginateListObjectsV2({ client }, { Bucket: "b" });
      for await (const page of pages) n += page.Contents?.length ?? 0;
      count(n);
    },
  ], 7);
  report("100,000 keys listed, to the AWS SDK", other! / own!, 5, 8);
  const page = await (await fetch(`${endpoint}/b/?list-type=2`)).text();
  const parser = new XMLParser();
  const repeat = (work: () => void): Case => () => {
    for (let i = 0; i < 20; i++) work();
    return Promise.resolve();
  };
  const [scan, parse] = await rounds([
    repeat(() => parseListing(page)),
    repeat(() => parser.parse(page)),
  ], 7);
  report("a page parsed, to fast-xml-parser", parse! / scan!, 10, 17);
  const bytes = new TextEncoder().encode(page);
  const kept: string[] = [];
  const heap = () => {
    collectGarbage();
    return Deno.memoryUsage().heapUsed;
  };
  const keep = () => {
    for (let i = 0; i < 1000; i++) {
      kept.push(parseListing(new TextDecoder().decode(bytes)).files[i]!.key);
    }
  };
  // Once before, so that what the engine keeps for itself is there.
  keep();
  kept.length = 0;
  const before = heap();
  keep();
  const alive = (heap() - before) / kept.length / 1024;
  console.log(
    `${"kept alive by one kept key".padEnd(44)} ${
      alive.toFixed(1)
    } KiB (at most 32, reach 12)`,
  );
}

/** Gives 1 GiB in chunks of 64 KiB. */
function gibibyte(
  next: (index: number) => Uint8Array,
): ReadableStream<Uint8Array> {
  const CHUNK = 64 * 1024;
  let index = 0;
  return new ReadableStream({
    pull(controller) {
      if (index * CHUNK === GIB) return controller.close();
      controller.enqueue(next(index++));
    },
  }, { highWaterMark: 0 });
}

const CHUNKS = Array.from({ length: 16 }, () => new Uint8Array(64 * 1024));

/** Chunks that are used again in turn: what is measured is the upload alone. */
const ring = (index: number) => CHUNKS[index % CHUNKS.length]!;

/** Each chunk anew, as a body that is passed on gives them. */
const fresh = (index: number) => ring(index).slice();

const ALONE: Readonly<
  Record<string, (endpoint: string, store: Store) => Promise<void>>
> = {
  "upload-raw": async (endpoint) => {
    const body = new Uint8Array(8 * MIB);
    await parallel(128, 4, async (i) => {
      const response = await fetch(`${endpoint}/b/p${i}`, {
        method: "PUT",
        body,
      });
      await response.body?.cancel();
    });
  },
  "upload-ring": async (_, store) => {
    await store.write("large", gibibyte(ring), { overwrite: true });
  },
  "upload-fresh": async (_, store) => {
    await store.write("large", gibibyte(fresh), { overwrite: true });
  },
  "download-raw": async (endpoint) => {
    const { body } = await fetch(`${endpoint}/b/large`);
    const reader = body!.getReader();
    while (!(await reader.read()).done);
  },
  "download-own": async (_, store) => {
    const stream = await store.read("large");
    const reader = stream.getReader({ mode: "byob" });
    let view = new Uint8Array(256 * 1024);
    for (;;) {
      const { done, value } = await reader.read(view);
      if (done) return;
      view = new Uint8Array(value.buffer);
    }
  },
};

/** How often each of a pair runs. */
const ROUNDS = 7;

/** Runs a case in a process of its own; returns seconds and the peak of its memory in MiB. */
async function alone(
  name: string,
  endpoint: string,
): Promise<[number, number]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-lock",
      "--config=deno.chosen.json",
      "-A",
      "bench/s3_bench.ts",
      name,
      endpoint,
    ],
    stderr: "inherit",
  }).output();
  const [seconds = 0, peak = 0] = JSON.parse(new TextDecoder().decode(stdout));
  return [seconds, peak];
}

/** Runs cases in turn; returns the median seconds and peak of each. */
async function inTurn(
  names: readonly string[],
  endpoint: string,
): Promise<{ seconds: number; peak: number }[]> {
  const runs = names.map((): [number, number][] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, name] of names.entries()) {
      runs[i]!.push(await alone(name, endpoint));
    }
  }
  const median = (all: [number, number][], at: 0 | 1) =>
    all.map((run) => run[at]).sort((a, b) => a - b)[ROUNDS >> 1]!;
  return runs.map((all) => ({ seconds: median(all, 0), peak: median(all, 1) }));
}

const GROUPS: Readonly<
  Record<string, (endpoint: string, store: Store) => Promise<void>>
> = {
  small,
  listing,
  upload: async (endpoint) => {
    const kinds = ["ring", "fresh"];
    const names = ["upload-raw", ...kinds.map((kind) => `upload-${kind}`)];
    const [raw, ...own] = await inTurn(names, endpoint);
    for (const [i, { seconds, peak }] of own.entries()) {
      const name = `1 GiB (${kinds[i]} chunks), to raw 8 MiB x 4`;
      report(name, raw!.seconds / seconds, 0.7, 0.85);
      console.log(
        `${"its peak above raw's".padEnd(44)} ${
          (peak - raw!.peak).toFixed(0)
        } MiB (${peak.toFixed(0)} to ${
          raw!.peak.toFixed(0)
        }; at most parts 32 + 48, reach 8)`,
      );
    }
  },
  download: async (endpoint) => {
    const names = ["download-raw", "download-own"];
    const [raw, own] = await inTurn(names, endpoint);
    const ratio = raw!.seconds / own!.seconds;
    report("1 GiB into a reused buffer, to a reader", ratio, 1.2, 1.6);
    console.log(
      `${"its peak".padEnd(44)} ${own!.peak.toFixed(0)} MiB (raw ${
        raw!.peak.toFixed(0)
      }; at most 64)`,
    );
  },
};

function storeAt(endpoint: string): Store {
  return new Store({
    backend: new S3Backend({
      bucket: "b",
      endpoint,
      credentials,
      dialect: "aws",
    }),
  });
}

const [name, given] = Deno.args;
const single = ALONE[name ?? ""];
if (single !== undefined && given !== undefined) {
  const started = performance.now();
  await single(given, storeAt(given));
  const seconds = (performance.now() - started) / 1000;
  const status = await Deno.readTextFile("/proc/self/status").catch(() => "");
  const peak = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  console.log(JSON.stringify([seconds, peak]));
} else {
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-lock",
      "--config=deno.chosen.json",
      "--allow-net=127.0.0.1",
      "bench/s3_server.ts",
    ],
    stdout: "piped",
  }).spawn();
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  const endpoint = `http://127.0.0.1:${new TextDecoder().decode(value).trim()}`;
  try {
    for (const [group, run] of Object.entries(GROUPS)) {
      if (name === undefined || name === group) {
        await run(endpoint, storeAt(endpoint));
      }
    }
  } finally {
    server.kill();
    await reader.cancel();
    await server.status;
  }
}
