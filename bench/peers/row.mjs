// One row in a process of its own: prints a line of JSON. Runs on Deno, Node and Bun.
//
//   row.mjs '{"row":"small","sides":["ours","s3mini"],"endpoint":"http://…","bundles":{}}'
import process from "node:process";
import { readFileSync } from "node:fs";
import { SIDES } from "./sides.mjs";

const MIB = 1024 * 1024;
const { row, sides, endpoint, bundles = {}, ...options } = JSON.parse(
  process.argv.at(-1),
);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const collect = () => globalThis.gc?.() ?? globalThis.Bun?.gc(true);
// What small calls leave behind, and no more. A collection of everything, while no call is
// under way, throws away what V8 has compiled for objects of which none is left, and it takes
// ten thousand calls until it is back: a round would measure that (docs/adr/0122).
const collectYoung = () => globalThis.gc?.({ type: "minor" });
const betweenSmall = options.gc === "full" ? collect : collectYoung;

/** Makes the named sides; `more` is what the row has to say to each. */
async function make(more = {}) {
  const made = {};
  for (const name of sides) {
    const bundle = bundles[name.split(",")[0]];
    made[name] = await SIDES[name]({ endpoint, bundle, ...more });
  }
  return made;
}

/** Wall and processor time of some work, in microseconds. */
async function measure(work) {
  const { user, system } = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) * 1000;
  const used = process.cpuUsage();
  return { wall, cpu: used.user + used.system - user - system };
}

/** Runs the cases in turn, each round from another one on; medians of each. */
async function inTurn(cases, rounds, warm = 1, clean = collect) {
  const names = Object.keys(cases);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warm; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + Math.abs(round)) % names.length];
      clean();
      const time = await measure(cases[name]);
      if (round >= 0) times[name].push(time);
    }
  }
  return Object.fromEntries(names.map((name) => [name, {
    wall: median(times[name].map(({ wall }) => wall)),
    cpu: median(times[name].map(({ cpu }) => cpu)),
    rounds: times[name].map(({ wall }) => wall),
  }]));
}

async function lanes(count, width, work) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

const BODY = new Uint8Array(1024);
const FIELDS = {
  etag: '"0123456789abcdef0123456789abcdef"',
  "last-modified": "Sat, 21 Nov 2026 04:00:00 GMT",
};
const GOT = {
  ...FIELDS,
  "content-length": "1024",
  "content-type": "application/octet-stream",
};

/** A `fetch` that answers at once: what is left is the client. */
function stub(input, init) {
  const method = init?.method ?? input.method ?? "GET";
  // Azure creates a blob where S3 only takes an object.
  const status = String(input.url ?? input).includes("/account/") ? 201 : 200;
  return Promise.resolve(
    method === "GET"
      ? new Response(BODY, { headers: GOT })
      : new Response(null, { status, headers: FIELDS }),
  );
}

const ROWS = {
  async stub() {
    globalThis.fetch = stub;
    const made = await make({ stubbed: true });
    const { calls = 2000, rounds = 9 } = options;
    const cases = (work) =>
      Object.fromEntries(
        Object.entries(made).map(([name, side]) => [name, async () => {
          for (let i = 0; i < calls; i++) await work(side);
        }]),
      );
    const all = (work) => inTurn(cases(work), rounds, 2, betweenSmall);
    const put = await all((side) => side.put("k", BODY));
    const get = await all((side) => side.get("k"));
    const each = (times) =>
      Object.fromEntries(
        Object.entries(times).map(([name, { cpu }]) => [name, cpu / calls]),
      );
    return { put: each(put), get: each(get) };
  },

  async small() {
    const made = await make();
    const { job, width, count = width === 1 ? 300 : 1000, rounds = 7 } =
      options;
    const cases = Object.fromEntries(
      Object.entries(made).map(([name, side]) => [
        name,
        () => lanes(count, width, (i) => side[job](`k${i}`, BODY)),
      ]),
    );
    return await inTurn(cases, rounds, 3, betweenSmall);
  },

  async list() {
    const made = await make();
    const cases = Object.fromEntries(
      Object.entries(made).map(([name, side]) => [name, async () => {
        const count = await side.list();
        if (count !== 100_000) throw new Error(`${name} listed ${count}`);
      }]),
    );
    return await inTurn(cases, options.rounds ?? 5);
  },

  /** One side, one large body: with the growth of the process's memory. */
  async large() {
    const { job, size, known = false, hash = null, checksum = null } = options;
    const more = checksum === null ? {} : { options: { checksum } };
    const [side] = Object.values(await make(more));
    // A Blob's own bytes are no growth, and those of each side in turn the same.
    const body = job === "download" ? null : source(size, known);
    const before = memory();
    const run = job === "download"
      ? async () => {
        const bytes = await side.download(`large-${size}`);
        if (bytes !== size) throw new Error(`came ${bytes} of ${size}`);
      }
      : hash === null
      ? () => side.upload(() => body, known ? size : null, size)
      : async () => {
        const { writeWithHash } = await import(bundles.ours);
        await writeWithHash(side.store, "large", body, {
          algorithm: hash,
          overwrite: true,
        });
      };
    const { wall, cpu } = await measure(run);
    return { wall, cpu, growth: memory() - before };
  },

  /** What the runtime's own hash takes for as many bytes, in the chunks of an upload. */
  async engine() {
    const { size, hash } = options;
    const chunks = sourceChunks();
    const { crc32 } = process.getBuiltinModule("node:zlib");
    const { createHash } = process.getBuiltinModule("node:crypto");
    const hasher = hash === "crc32" ? null : createHash(hash);
    let value = 0;
    return await measure(() => {
      let at = 0;
      for (let left = size; left > 0; left -= chunks[0].byteLength) {
        const chunk = chunks[at++ % chunks.length];
        if (hasher === null) value = crc32(chunk, value);
        else hasher.update(chunk);
      }
      hasher?.digest();
    });
  },

  /** From nothing to the first file written. */
  async start() {
    const started = performance.now();
    const [side] = Object.values(await make());
    const imported = performance.now();
    await side.put("k", BODY);
    return {
      import: imported - started,
      first: performance.now() - imported,
    };
  },

  /** Requests that each call sends, counted. */
  async requests() {
    let sent = 0;
    const { fetch } = globalThis;
    globalThis.fetch = (...args) => (sent++, fetch(...args));
    const { Store, S3Backend } = await import(bundles.ours);
    const backend = new S3Backend({
      bucket: "bucket",
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "s" },
      dialect: "aws",
    });
    const store = new Store({ backend });
    const over = { overwrite: true };
    const jobs = {
      "write, 1 KiB": () => store.write("k", BODY, over),
      "write, create": () => store.write("k", BODY),
      "write, 64 MiB stream": () =>
        store.write("k", source(64 * MIB, false), over),
      readBytes: () => store.readBytes("k"),
      "read, a range": () =>
        store.readBytes("k", { range: { offset: 0, length: 9 } }),
      getFileInfo: () => store.getFileInfo("k"),
      exists: () => store.exists("k"),
      delete: () => store.delete("k"),
      "listFiles, 100,000": async () => {
        for await (const _ of store.listFiles("", { recursive: true }));
      },
    };
    const counted = {};
    for (const [name, work] of Object.entries(jobs)) {
      sent = 0;
      await work().catch((error) => void (counted[name] = String(error)));
      counted[name] ??= sent;
    }
    return counted;
  },
};

function sourceChunks() {
  return Array.from({ length: 16 }, () => new Uint8Array(64 * 1024));
}

/** A stream of `size` bytes in chunks of 64 KiB that are used again, or a Blob. */
function source(size, known) {
  if (known) {
    const part = new Uint8Array(4 * MIB);
    return new Blob(Array.from({ length: size / part.byteLength }, () => part));
  }
  const chunks = sourceChunks();
  let left = size;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const chunk = chunks[at++ % chunks.length];
      left -= chunk.byteLength;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
}

/** The largest that this process has been, in MiB. */
function memory() {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}

process.stdout.write(JSON.stringify(await ROWS[row]()) + "\n");
process.exit(0);
