/**
 * What is measured by decades: each row makes ready for a number of files, and gives what
 * is to be timed.
 *
 * @module
 */
import { azureService, s3Service, type Service } from "./growth_fetch.ts";

type Mod = typeof import("../mod.ts");
type Store = InstanceType<Mod["Store"]>;

/** The modules of a checkout. */
export interface Checkout {
  readonly core: Mod;
  readonly memory: typeof import("../backends/memory.ts");
  readonly s3: typeof import("../backends/s3/mod.ts");
  readonly azure: typeof import("../backends/azure/mod.ts");
  readonly cache: typeof import("../ext/cache.ts");
  readonly batch: typeof import("../ext/batch.ts");
}

/** Work, and what is told beside its time. */
export interface Ready {
  /** What is timed; once. */
  readonly work: () => Promise<unknown>;
  /** What the row names beside a time: requests, or memory, for each file. */
  readonly told?: () => string;
}

/** A row: its name, what it was in faults of growth, and how it is made ready. */
export interface Row {
  readonly name: string;
  /** The most files that it is measured with; without a bound 100,000. */
  readonly upTo?: number;
  readonly ready: (
    checkout: Checkout,
    files: number,
  ) => Promise<Ready> | Ready;
}

const BYTES = new Uint8Array(16);
const REPLACE = { overwrite: true };
const AT_ONCE = 1000;

const pathOf = (i: number) => `all/${Math.floor(i / 100)}/file-${i}.txt`;
const flatPathOf = (i: number) => `logs/${String(i).padStart(6, "0")}.log`;

async function atOnce(
  files: number,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < files; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, files - at);
    await Promise.all(Array.from({ length: count }, (_, i) => work(at + i)));
  }
}

function memoryStore({ core, memory }: Checkout): Store {
  return new core.Store({ backend: new memory.MemoryBackend() });
}

async function filled(
  checkout: Checkout,
  files: number,
  path = flatPathOf,
): Promise<Store> {
  const store = memoryStore(checkout);
  await atOnce(files, (i) => store.write(path(i), BYTES));
  return store;
}

function s3Store({ core, s3 }: Checkout, { fetch }: Service): Store {
  const credentials = { accessKeyId: "a", secretAccessKey: "s" };
  const backend = new s3.S3Backend({
    bucket: "b",
    endpoint: "http://s3.example.com",
    dialect: "aws",
    credentials,
    fetch,
  });
  return new core.Store({ backend });
}

function azureStore({ core, azure }: Checkout, { fetch }: Service): Store {
  const backend = new azure.AzureBackend({
    accountUrl: "http://azure.example.com/account",
    accountName: "account",
    accountKey: btoa("0123456789abcdef0123456789abcdef"),
    container: "con",
    hns: false,
    fetch,
  });
  return new core.Store({ backend });
}

async function walk(store: Store, folder: string, files: number) {
  let found = 0;
  for await (const _ of store.listFiles(folder, { recursive: true })) found++;
  if (found !== files) throw new Error(`${found} of ${files} are listed`);
}

async function keepSome(store: Store, kept: string[]) {
  let at = 0;
  for await (const { path } of store.listFiles("logs", { recursive: true })) {
    if (at++ % 1000 === 0) kept.push(path);
  }
}

/** Reads and writes, all of them under way together. */
function together(store: Store, files: number) {
  return Promise.all(
    Array.from(
      { length: files },
      (_, i) =>
        i % 2 === 0
          ? store.readBytes(flatPathOf(i))
          : store.write(flatPathOf(i), BYTES, REPLACE),
    ),
  );
}

/** A call that does nothing but wait, one function in another. */
async function nested(depth: number, bytes: Uint8Array): Promise<Uint8Array> {
  return depth === 0 ? bytes.slice() : await nested(depth - 1, bytes);
}

const services = {
  S3: { service: s3Service, store: s3Store },
  Azure: { service: azureService, store: azureStore },
};

function overServices(
  title: string,
  path: (i: number) => string,
  make: (store: Store, files: number) => () => Promise<unknown>,
  tells: (service: Service, files: number) => string = ({ seen }, files) =>
    `${(seen.requests / files).toFixed(3)} requests`,
): Row[] {
  return Object.entries(services).map(([name, { service, store }]) => ({
    name: `${name}: ${title}`,
    ready(checkout, files) {
      const fake = service({ files, keyOf: path });
      const work = make(store(checkout, fake), files);
      return { work, told: () => tells(fake, files) };
    },
  }));
}

/** The heap with garbage taken away, in bytes. */
function heap(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  return Deno.memoryUsage().heapUsed;
}

/** All rows. */
export const ROWS: readonly Row[] = [
  {
    name: "Memory: write",
    ready(checkout, files) {
      const store = memoryStore(checkout);
      return {
        work: () => atOnce(files, (i) => store.write(pathOf(i), BYTES)),
      };
    },
  },
  {
    name: "Memory: for await over a listing",
    async ready(checkout, files) {
      const store = await filled(checkout, files);
      return { work: () => walk(store, "logs", files) };
    },
  },
  {
    name: "Memory: exists",
    async ready(checkout, files) {
      const store = await filled(checkout, files);
      return { work: () => atOnce(files, (i) => store.exists(flatPathOf(i))) };
    },
  },
  {
    name: "Memory: deleteMany, equal paths",
    async ready(checkout, files) {
      const store = await filled(checkout, 1);
      const paths = Array.from({ length: files }, () => flatPathOf(0));
      return { work: () => store.deleteMany(paths, { missingOk: true }) };
    },
  },
  {
    name: "Memory: deleteFolder",
    async ready(checkout, files) {
      const store = await filled(checkout, files, pathOf);
      return { work: () => store.deleteFolder("all", { recursive: true }) };
    },
  },
  {
    name: "Memory: reads and writes in flight together",
    async ready(checkout, files) {
      const store = await filled(checkout, files);
      return { work: () => together(store, files) };
    },
  },
  {
    // What nothing that awaits can be below.
    name: "bare: functions that await eight deep, in flight together",
    ready: (_, files) => ({
      work: () =>
        Promise.all(Array.from({ length: files }, () => nested(8, BYTES))),
    }),
  },
  {
    name: "cache: reads and writes in flight together",
    async ready(checkout, files) {
      const inner = await filled(checkout, files);
      const store = checkout.cache.cache(inner, { maxEntries: 2 * files });
      return { work: () => together(store as unknown as Store, files) };
    },
  },
  {
    name: "cache: write, all of it remembered",
    async ready(checkout, files) {
      const inner = await filled(checkout, files);
      const store = checkout.cache.cache(inner, { maxEntries: 2 * files });
      await atOnce(files, (i) => store.readBytes(flatPathOf(i)));
      return {
        work: () =>
          atOnce(files, (i) => store.write(flatPathOf(i), BYTES, REPLACE)),
      };
    },
  },
  {
    name: "cache: read, each pushing another out",
    async ready(checkout, files) {
      const inner = await filled(checkout, 2 * files);
      const store = checkout.cache.cache(inner, { maxEntries: files });
      await atOnce(files, (i) => store.readBytes(flatPathOf(i)));
      return {
        work: () =>
          atOnce(files, (i) => store.readBytes(flatPathOf(files + i))),
      };
    },
  },
  {
    name: "batch: batchExists",
    async ready(checkout, files) {
      const store = await filled(checkout, files);
      const paths = Array.from({ length: files }, (_, i) => flatPathOf(i));
      return { work: () => checkout.batch.batchExists(store, paths) };
    },
  },
  {
    name: "batch: batchDelete",
    async ready(checkout, files) {
      const store = await filled(checkout, files);
      const paths = Array.from({ length: files }, (_, i) => flatPathOf(i));
      return { work: () => checkout.batch.batchDelete(store, paths) };
    },
  },
  ...overServices(
    "write, all at once",
    flatPathOf,
    (store, files) => () =>
      Promise.all(
        Array.from(
          { length: files },
          (_, i) => store.write(flatPathOf(i), BYTES, REPLACE),
        ),
      ),
    ({ seen }) => `${seen.most} under way at most`,
  ),
  ...overServices(
    "for await over a listing",
    flatPathOf,
    (store, files) => () => walk(store, "logs", files),
  ),
  ...overServices(
    "deleteMany",
    flatPathOf,
    (store, files) => () =>
      store.deleteMany(
        Array.from({ length: files }, (_, i) => flatPathOf(i)),
        { missingOk: true },
      ),
  ),
  ...overServices(
    "one key of each page is kept",
    flatPathOf,
    (store, files) => async () => {
      const kept: string[] = [];
      const before = heap();
      await keepSome(store, kept);
      await new Promise((resolve) => setTimeout(resolve, 10));
      held = (heap() - before) / files;
      if (kept.length !== Math.ceil(files / 1000)) throw new Error("too few");
    },
    () => `${held.toFixed(1)} bytes kept`,
  ),
  {
    name: "Memory: iterators dropped after one step",
    async ready(checkout, files) {
      const store = await filled(checkout, 10);
      const { signal } = new AbortController();
      let kept = NaN;
      return {
        async work() {
          const before = heap();
          await atOnce(files, async () => {
            const listed = store.listFiles("logs", { signal });
            await listed[Symbol.asyncIterator]().next();
          });
          await new Promise((resolve) => setTimeout(resolve, 10));
          kept = (heap() - before) / files;
        },
        told: () => `${kept.toFixed(1)} bytes kept`,
      };
    },
  },
];

// One row at a time.
let held = NaN;
