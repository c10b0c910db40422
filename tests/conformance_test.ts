import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../backends/memory.ts";
import { Capability, CapabilitySet, containerNotFound, Store } from "../mod.ts";
import {
  type ConformanceOptions,
  type ConformanceReport,
  testBackend,
} from "./conformance/mod.ts";
import type { Target } from "./conformance/bench.ts";
import { CONTRACT } from "./conformance/contract.ts";
import type { Point } from "./conformance/points.ts";
import { FlatBackend } from "./fakes/flat_backend.ts";
import { PassThrough } from "./mutants/pass_through.ts";

type Setup = Omit<ConformanceOptions, "test" | "report">;

/** Runs the suite and asserts that every point was observed and holds. */
async function suite(name: string, setup: Setup): Promise<ConformanceReport> {
  return await testBackend(name, {
    ...setup,
    test: Deno.test,
    report(report) {
      assertEquals(report.failed, 0);
      assertEquals(report.skipped, 0);
      assertEquals(report.run, report.allowed);
      assert(report.allowed <= report.defined);
    },
  });
}

const memory: Setup = {
  create: () => new Store({ backend: new MemoryBackend() }),
  namespace: "hierarchical",
};

const full = await suite("memory", memory);

await suite("child of memory", {
  ...memory,
  create: () =>
    new Store({ backend: new MemoryBackend({ versions: true }) }).child("x"),
});

await suite("proxy of memory", {
  ...memory,
  create: () => new PassThrough(new Store({ backend: new MemoryBackend() })),
});

/** Creates flat stores, and fails when one is closed with a body unreleased. */
function flat(
  options?: ConstructorParameters<typeof FlatBackend>[0],
  strictFolders = false,
): Setup {
  let backend = new FlatBackend(options);
  return {
    create() {
      backend = new FlatBackend(options);
      return new Store({ backend, strictFolders });
    },
    async dispose(store) {
      await store.close();
      assertEquals(backend.openBodies.size, 0, "bodies that nobody released");
    },
    namespace: "flat",
    strictFolders,
    closeIsTerminal: options?.closeIsTerminal ?? true,
    manyFiles: 200,
    // deno-lint-ignore require-await -- what fails has to reject
    async foreign(_store, name) {
      backend.put(name);
    },
    absent() {
      const gone = new FlatBackend(options);
      const refuse = () =>
        Promise.reject<never>(containerNotFound("the bucket does not exist"));
      gone.list = gone.stat = gone.delete = refuse;
      return new Store({ backend: gone });
    },
  };
}

await suite("flat", flat());
await suite("strict flat", flat({}, true));
await suite("flat in large pages and small chunks", {
  ...flat({ pageEntries: 1000, chunkBytes: 1000 }),
  concurrency: 8,
});

const BASIC: readonly Capability[] = [
  "read",
  "write",
  "delete",
  "list",
  "metadata",
];
const PLAIN: readonly Capability[] = [
  ...BASIC,
  "atomic_write",
  "glob",
  "move",
  "copy",
];
await suite("basic flat", flat({ capabilities: BASIC }));
await suite(
  "plain flat that opens again",
  flat({ capabilities: PLAIN, closeIsTerminal: false }),
);
await suite("write-only flat", flat({ capabilities: ["write"] }));

class BasicMemory extends MemoryBackend {
  override readonly capabilities = new CapabilitySet(BASIC);
}

await suite("basic memory", {
  ...memory,
  create: () => new Store({ backend: new BasicMemory() }),
});

const readOnly: readonly Capability[] = ["read", "list", "metadata"];
const seeds = new WeakMap<object, FlatBackend>();

await suite("read-only", {
  ...flat(),
  create() {
    const backend = new FlatBackend({ capabilities: readOnly });
    const store = new Store({ backend });
    seeds.set(store, backend);
    return store;
  },
  dispose: (store) => store.close(),
});

await suite("read-only with seeds", {
  ...flat(),
  create() {
    const backend = new FlatBackend({ capabilities: readOnly });
    const store = new Store({ backend });
    seeds.set(store, backend);
    return store;
  },
  dispose: (store) => store.close(),
  async seed(store, path, bytes) {
    const backend = seeds.get(store);
    await backend?.write(path, { kind: "bytes", bytes: bytes.slice() }, {
      condition: { overwrite: true, ifMatch: null },
      headers: {
        contentType: null,
        cacheControl: null,
        contentDisposition: null,
        contentEncoding: null,
        contentLanguage: null,
      },
      metadata: null,
      check: null,
      signal: undefined,
    });
  },
});

const declared = Object.values(Capability);

function targetOf(
  capabilities: readonly Capability[],
  rest: Partial<Target> = {},
): Target {
  return {
    has: (capability) => capabilities.includes(capability),
    namespace: "hierarchical",
    strict: true,
    closeIsTerminal: false,
    seedable: true,
    manyFiles: 1,
    largeFile: 1,
    ...rest,
  };
}

function pointsOf(target: Target): Set<Point> {
  return new Set(
    CONTRACT.flatMap(({ points }) => points)
      .filter((point) => point.allowed(target)),
  );
}

Deno.test("the contract has points with and without each capability", () => {
  const all = pointsOf(targetOf(declared));
  for (const capability of declared) {
    const fewer = declared.filter((other) => other !== capability);
    const without = pointsOf(targetOf(fewer));
    assert(all.difference(without).size > 0, `with ${capability}`);
    assert(without.difference(all).size > 0, `without ${capability}`);
  }
});

Deno.test("the contract has no point that none of these backends can observe", () => {
  const flat = { namespace: "flat", closeIsTerminal: true } as const;
  const observed = [
    targetOf([...new MemoryBackend({ versions: true }).capabilities]),
    targetOf(BASIC),
    targetOf([...new FlatBackend().capabilities], { ...flat, strict: false }),
    targetOf([...new FlatBackend().capabilities], {
      ...flat,
      foreign: () => Promise.resolve(),
      absent: memory.create,
    }),
    targetOf(BASIC, { ...flat, strict: false }),
    targetOf(PLAIN, { namespace: "flat", strict: false }),
    targetOf(["write"], { ...flat, strict: false }),
    targetOf(readOnly, { ...flat, strict: false, seedable: false }),
  ].map(pointsOf).reduce((one, other) => one.union(other));
  const never = CONTRACT.flatMap(({ ids, title, points }) =>
    points.filter((point) => !observed.has(point))
      .map(({ label }) => `${ids} ${title}: ${label}`)
  );
  assertEquals(never, []);
});

Deno.test("testBackend() registers tests whose names begin with a rule", async () => {
  const names: string[] = [];
  const report = await testBackend("memory", {
    ...memory,
    test: (name) => void names.push(name),
  });
  const last = names.pop();
  assert(
    names.every((name) => /^[A-Z][A-Za-z0-9]*-?\d/.test(name)),
    "a rule first",
  );
  assertEquals(new Set(names).size, names.length);
  assertEquals(names.length, report.tests);
  assert(last?.startsWith("conformance memory: "), last);
  assertEquals(report.allowed, full.allowed);
});

Deno.test("testBackend() refuses a skip without a reason, and one that skips nothing", async () => {
  const test = () => {};
  const skip = (test: string, reason: string) => [{ test, reason }];
  await assertRejects(
    () => testBackend("memory", { ...memory, test, skip: skip("BE-008", " ") }),
    TypeError,
    "reason",
  );
  await assertRejects(
    () =>
      testBackend("memory", { ...memory, test, skip: skip("BE-999", "none") }),
    TypeError,
    "BE-999",
  );
});

Deno.test("testBackend() counts what a skip leaves out", async () => {
  const names: string[] = [];
  const report = await testBackend("memory", {
    ...memory,
    test: (name) => void names.push(name),
    skip: [{ test: "BE-019", reason: "it cannot copy" }],
  });
  assert(report.skipped > 100);
  assert(names.every((name) => !name.includes("BE-019")));
  assertEquals(report.skips.map(({ reason }) => reason), ["it cannot copy"]);
  assert(names.at(-1)?.includes(" skipped"));
});

Deno.test("testBackend() leaves out a single point", async () => {
  const test = "BE-006 read: a file: read, an empty file, whole";
  const names: string[] = [];
  const report = await testBackend("memory", {
    ...memory,
    test: (name) => void names.push(name),
    skip: [{ test, reason: "it has no empty files" }],
  });
  assertEquals(report.skipped, 1);
  assertEquals(report.tests, full.tests);
});

Deno.test("testBackend() fails its last test where a point was not reached", async () => {
  let last = () => Promise.resolve();
  await testBackend("memory", {
    ...memory,
    test: (_, run) => void (last = run),
  });
  await assertRejects(() => last(), Error, "points were run");
});
