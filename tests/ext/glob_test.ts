import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  CapabilityNotSupportedError,
  CapabilitySet,
  compileGlob,
  InvalidArgumentError,
  InvalidPathError,
  type ListPage,
  type ListRequest,
  RemoteStoreError,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { globFiles } from "../../ext/glob.ts";

/** A memory that declares GLOB: it lists below any text, as flat services do. */
class GlobMemory extends MemoryBackend {
  override readonly capabilities = new CapabilitySet([
    ...new MemoryBackend().capabilities,
    "glob",
  ]);

  override async list(prefix: string, request: ListRequest): Promise<ListPage> {
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const page = await super.list(folder, request);
    return {
      ...page,
      files: page.files.filter(({ key }) => key.startsWith(prefix)),
      folders: page.folders.filter((key) => key.startsWith(prefix)),
    };
  }
}

const PATHS = [
  "a.txt",
  "gr/a.txt",
  "gr/b.csv",
  "gr/sub/b.txt",
  "gr/sub/deep/c.txt",
  "gs/[x].txt",
  "gs/-",
  "x/gr/a.txt",
];

async function fill(store: Store, paths: readonly string[] = PATHS) {
  for (const path of paths) {
    assertEquals((await store.write(path, path)).path, path);
  }
  return store;
}

const portable = () => fill(new Store({ backend: new MemoryBackend() }));
const native = () => fill(new Store({ backend: new GlobMemory() }));

async function matched(
  store: Parameters<typeof globFiles>[0],
  pattern: string,
): Promise<string[]> {
  const files = await Array.fromAsync(globFiles(store, pattern));
  return files.map(({ path }) => path).sort();
}

/** A store that counts how it is asked. */
function spied(store: StoreLike) {
  const calls: unknown[][] = [];
  return {
    calls,
    supports: store.supports.bind(store),
    glob(...args: Parameters<StoreLike["glob"]>) {
      calls.push(["glob", ...args]);
      return store.glob(...args);
    },
    listFiles(...args: Parameters<StoreLike["listFiles"]>) {
      calls.push(["listFiles", ...args]);
      return store.listFiles(...args);
    },
  };
}

Deno.test("GLOB-009 files are listed with their info, store-relative", async () => {
  const [file] = await Array.fromAsync(
    globFiles((await portable()).child("gr"), "sub/*.txt"),
  );
  assertEquals([file?.kind, file?.path, file?.size], ["file", "sub/b.txt", 12]);
});

Deno.test("GLOB-010 a store with GLOB is asked for the pattern as it is", async () => {
  const store = spied(await native());
  const { signal } = new AbortController();
  await Array.fromAsync(globFiles(store, "gr/*.txt", { signal }));
  assertEquals(store.calls, [["glob", "gr/*.txt", { signal }]]);
});

Deno.test("GLOB-011, GLOB-012, GLOB-013 without GLOB the folder before the first wildcard is listed, deeply only where needed", async () => {
  const listed = async (pattern: string) => {
    const store = spied(await portable());
    await Array.fromAsync(globFiles(store, pattern));
    const [[method, folder, options] = []] = store.calls;
    assertEquals([store.calls.length, method], [1, "listFiles"]);
    return [folder, (options as { recursive: boolean }).recursive];
  };
  assertEquals(await listed("gr/sub/*.txt"), ["gr/sub", false]);
  assertEquals(await listed("**/*.csv"), ["", true]);
  assertEquals(await listed("gr/*/b.txt"), ["gr", true]);
  assertEquals(await listed("gr/s*"), ["gr", false]);
  assertEquals(await listed("gr/**"), ["gr", true]);
  assertEquals(await listed("gr/a.txt"), ["gr", false]);
  assertEquals(await listed("a.txt"), ["", false]);
});

const CASES: readonly (readonly [pattern: string, paths: readonly string[]])[] =
  [
    ["*", ["a.txt"]],
    ["gr/*", ["gr/a.txt", "gr/b.csv"]],
    ["gr/?.txt", ["gr/a.txt"]],
    ["gr/**/*.txt", ["gr/a.txt", "gr/sub/b.txt", "gr/sub/deep/c.txt"]],
    ["gr/**", PATHS.filter((path) => path.startsWith("gr/"))],
    ["**", PATHS],
    ["**/a.txt", ["a.txt", "gr/a.txt", "x/gr/a.txt"]],
    ["gr/[ab].*", ["gr/a.txt", "gr/b.csv"]],
    ["gr/[!a].*", ["gr/b.csv"]],
    ["gr[!a]a.txt", []],
    ["gs/[[]x].txt", ["gs/[x].txt"]],
    ["gs/[a-]", ["gs/-"]],
    ["gr/sub/b.txt", ["gr/sub/b.txt"]],
    ["gr/A.TXT", []],
    ["gr", []],
  ];

for (const [pattern, paths] of CASES) {
  Deno.test(`GLOB-014, GLOB-018 ${pattern} gives the same by GLOB and by a listing`, async () => {
    const expected = [...paths].sort();
    assertEquals(await matched(await portable(), pattern), expected);
    assertEquals(await matched(await native(), pattern), expected);
  });
}

Deno.test("GLOB-015 a folder of a store is as good as a store, its own wildcards are text", async () => {
  const paths = ["[x]/a.txt", "[x]/b/c.txt", "x/a.txt"];
  for (const backend of [new MemoryBackend(), new GlobMemory()]) {
    const store = (await fill(new Store({ backend }), paths)).child("[x]");
    assertEquals(await matched(store, "**/*.txt"), ["a.txt", "b/c.txt"]);
  }
});

Deno.test("GLOB-016 what the store refuses is passed on", () => {
  const refusing = new MemoryBackend();
  Object.assign(refusing, { capabilities: new CapabilitySet(["read"]) });
  const store = new Store({ backend: refusing });
  assertThrows(() => globFiles(store, "*"), CapabilityNotSupportedError);
});

Deno.test("GLOB-016 a malformed pattern is refused at the call, in both ways", async () => {
  for (const store of [await portable(), await native()]) {
    assertThrows(() => globFiles(store, ""), InvalidArgumentError);
    assertThrows(() => globFiles(store, "gr/**.txt"), InvalidArgumentError);
    assertThrows(() => globFiles(store, "a/../*"), InvalidPathError);
  }
});

Deno.test("GLOB-016 an abort passes as its reason", async () => {
  const signal = AbortSignal.abort("enough");
  const reason = await Array.fromAsync(
    globFiles(await portable(), "**", { signal }),
  ).catch((error) => error);
  assertEquals(reason, "enough");
});

Deno.test("GLOB-016 a listing that fails fails the loop", async () => {
  const backend = new MemoryBackend();
  backend.list = () => Promise.reject(new Error("down"));
  const files = globFiles(new Store({ backend }), "**");
  await assertRejects(() => Array.fromAsync(files), RemoteStoreError, "down");
});

Deno.test("GLOB-017 no match is an empty listing, an absent folder too", async () => {
  for (const store of [await portable(), await native()]) {
    assertEquals(await matched(store, "nowhere/**/*.txt"), []);
    assertEquals(await matched(store, "gr/*.pdf"), []);
  }
});

Deno.test("GLOB-017 leaving the loop ends the listing", async () => {
  const files = globFiles(await portable(), "**");
  for await (const file of files) {
    assert(file.path !== "");
    break;
  }
  assertEquals((await Array.fromAsync(files)).length, PATHS.length);
});

/** The grammar once more, as short as possible and with no thought of speed. */
function naive(pattern: string, path: string): boolean {
  const segments = pattern.split("/").filter((part) =>
    !["", "."].includes(part)
  );
  const names = path.split("/");
  const inName = (p: readonly string[], n: readonly string[]): boolean => {
    const [head, ...rest] = p;
    if (head === undefined) return n.length === 0;
    if (head === "*") {
      return inName(rest, n) || (n.length > 0 && inName(p, n.slice(1)));
    }
    return n.length > 0 && (head === "?" || head === n[0]) &&
      inName(rest, n.slice(1));
  };
  const inPath = (p: readonly string[], n: readonly string[]): boolean => {
    const [head, ...rest] = p;
    if (head === undefined) return n.length === 0;
    if (head === "**" && rest.length === 0) return n.length > 0;
    if (head === "**") {
      return inPath(rest, n) || (n.length > 0 && inPath(p, n.slice(1)));
    }
    return n.length > 0 && inName([...head], [...n[0] ?? ""]) &&
      inPath(rest, n.slice(1));
  };
  return inPath(segments, names);
}

Deno.test("GLOB-019 portable, native and a naive matcher agree on every pattern", async () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "b", "."),
    minLength: 1,
    maxLength: 3,
  })
    .filter((text) => !/^\.+$/.test(text));
  const wild = fc.oneof(
    name,
    fc.constant("**"),
    fc.string({
      unit: fc.constantFrom("a", "b", "*", "?"),
      minLength: 1,
      maxLength: 4,
    }).filter((text) => text === "**" || !text.includes("**")),
  );
  const join = (parts: readonly string[]) => parts.join("/");
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }).map(join), {
        maxLength: 8,
      }),
      fc.array(wild, { minLength: 1, maxLength: 4 }).map(join),
      async (paths, pattern) => {
        const clear = paths.filter((path) =>
          !paths.some((other) => other.startsWith(`${path}/`))
        );
        const expected = clear.filter((path) => naive(pattern, path)).sort();
        for (const backend of [new MemoryBackend(), new GlobMemory()]) {
          const store = await fill(new Store({ backend }), clear);
          assertEquals(await matched(store, pattern), expected);
        }
      },
    ),
    { numRuns: 400, seed: 18 },
  );
});

/** The shortest of a few runs: a pause of the machine is no property of the matcher. */
function nanoseconds(run: () => void): number {
  let shortest = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    run();
    shortest = Math.min(shortest, (performance.now() - start) * 1e6);
  }
  return shortest;
}

Deno.test("GLOB-020 matching takes time in proportion to the characters, whatever the pattern", () => {
  /** Far above what is measured (a few nanoseconds), far below exponential. */
  const NANOSECONDS_PER_STEP = 2_000;
  const hostile = [
    ["*a".repeat(40) + "b", "a".repeat(4000)],
    ["?*".repeat(40) + "b", "a".repeat(4000)],
    ["**/".repeat(40) + "b", "a/".repeat(2000) + "c"],
    ["**/*a/".repeat(20) + "b", "aa/".repeat(1500) + "c"],
    ["[!a]*".repeat(40), "b".repeat(4000) + "/"],
    ["*?".repeat(100) + "b", "a".repeat(4000)],
  ] as const;
  for (const [pattern, path] of hostile) {
    const { matches } = compileGlob(pattern);
    const spent = nanoseconds(() => matches(path));
    const steps = pattern.length * path.length;
    assert(spent < steps * NANOSECONDS_PER_STEP, `${pattern}: ${spent} ns`);
  }
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom("*", "/**/", "?", "a", "[a]", "[!b]"),
        maxLength: 60,
      }).map((text) =>
        text.split("/").map((name) =>
          name === "**" ? name : name.replace(/\*+/g, "*")
        ).join("/")
      ),
      fc.string({
        unit: fc.constantFrom("a", "b", "/"),
        minLength: 200,
        maxLength: 600,
      }),
      (pattern, path) => {
        const { matches } = compileGlob(pattern || "*");
        const spent = nanoseconds(() => matches(path));
        const steps = (pattern.length + 1) * path.length;
        assert(spent < steps * NANOSECONDS_PER_STEP, `${spent} ns`);
      },
    ),
    { numRuns: 500, seed: 20 },
  );
});
