import { assertEquals } from "@std/assert";
import {
  type Budget,
  BUDGETS,
  emptied,
  modulesIn,
  objections,
} from "../../tools/budgets.ts";

const BUDGET: Budget = {
  name: "x",
  program: "",
  bytes: 10,
  without: [/x-amz-/],
};

Deno.test("objections() names what is too large and what is not imported", () => {
  assertEquals(objections(BUDGET, "code", 10), []);
  assertEquals(objections(BUDGET, "code", 12), ["2 bytes above 10"]);
  assertEquals(objections(BUDGET, '"x-amz-date"', 1), [
    'it holds "x-amz-", which it does not import',
  ]);
});

Deno.test("no budget forbids a backend its own words", () => {
  const own = BUDGETS.find(({ name }) => name === "indexeddb");
  assertEquals(own && objections(own, "IDBKeyRange", 1), []);
});

Deno.test("emptied() keeps the names that a module exports, and nothing else", () => {
  const source = `import { x } from "./x.ts";
export interface Shape {}
export async function one() {}
export async function* two() {}
export class Three {}
export const four = x;
export type Five = string;
function six() {}
`;
  assertEquals(
    emptied(source),
    ["one", "two", "Three", "four"]
      .map((name) => `export const ${name} = null;\n`).join(""),
  );
});

Deno.test("the rows for put and get name modules that exist", async () => {
  const rows = BUDGETS.filter(({ emptied }) => emptied !== undefined);
  assertEquals(rows.map(({ aim }) => aim), [14_000, 11_000, 14_000]);
  const root = new URL("../../", import.meta.url);
  for (const module of rows.flatMap(({ emptied = [] }) => emptied)) {
    await Deno.stat(new URL(module, root));
  }
});

const MODULES = [
  "ext/_cache/store.ts",
  "ext/_proxy/store.ts",
  "ext/batch.ts",
  "ext/cache.ts",
  "ext/content_type.ts",
  "ext/cors.ts",
  "ext/glob.ts",
  "ext/integrity.ts",
  "ext/observe.ts",
  "ext/otel.ts",
  "ext/pages.ts",
  "ext/partition.ts",
  "ext/proxy.ts",
  "ext/ranges.ts",
  "ext/resume.ts",
  "ext/sign.ts",
  "ext/streams.ts",
  "ext/sync.ts",
  "ext/transfer.ts",
  "ext/web_cache.ts",
  "ext/write.ts",
];

/** What a row may hold beside its entry: what stands in folders for it. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  "ext/cache": ["ext/_cache/store.ts", "ext/_proxy/store.ts"],
  "ext/observe": ["ext/_proxy/store.ts"],
  "ext/proxy": ["ext/_proxy/store.ts"],
  // What it is weighed on top of.
  "ext/sync": ["ext/integrity.ts"],
  "ext/web_cache": ["ext/_cache/store.ts"],
};

Deno.test("modulesIn() reads the marks of a bundle", () => {
  const code =
    "// core/store.ts\nx;\n  // ext/glob.ts\n// ext/_cache/store.ts\n" +
    'y("// ext/batch.ts");';
  assertEquals(modulesIn(code), ["ext/glob.ts", "ext/_cache/store.ts"]);
});

Deno.test("each extension has a budget of its own, and may hold no other one", () => {
  const rows = BUDGETS.filter(({ name }) => name.startsWith("ext/"));
  const entries = MODULES.filter((module) => !module.startsWith("ext/_"));
  assertEquals(
    rows.map(({ name }) => `${name}.ts`).sort(),
    entries,
  );
  for (const row of rows) {
    const { modules, holds = [] } = row;
    const own = MODULES.filter((module) => modules?.test(module));
    const expected = [...FOLDERS[row.name] ?? [], `${row.name}.ts`];
    assertEquals(own, expected);
    const words = holds.map(({ source }) => source).join(" ");
    assertEquals(objections(row, words, 1, own), []);
    assertEquals(objections(row, words, 1, []), ["no module of it was found"]);
    assertEquals(
      objections(row, words, 1, MODULES).length,
      MODULES.length - own.length,
    );
  }
});

/** What no page loads. */
const SERVERS: Readonly<Record<string, number>> = { cors: 5000, sign: 14140 };

/** What is above its aim (docs/adr/0013). */
const GROWN: Readonly<Record<string, number>> = {
  cache: 3300,
  observe: 3330,
  resume: 5425,
};

Deno.test("each extension that does not hash has 3,000 bytes on top of the core, but for those that no page loads and the three that are larger, and sync on top of digests", () => {
  const rows = BUDGETS.filter(({ onTopOf }) => onTopOf !== undefined);
  assertEquals(
    rows.map(({ name, bytes }) => `${name} ${bytes}`),
    [
      "batch",
      "cache",
      "content_type",
      "cors",
      "glob",
      "observe",
      "otel",
      "pages",
      "partition",
      "proxy",
      "ranges",
      "resume",
      "sign",
      "sync",
      "transfer",
      "web_cache",
    ].map((entry) => `ext/${entry} ${SERVERS[entry] ?? GROWN[entry] ?? 3000}`),
  );
  for (const { program, onTopOf = "" } of rows) {
    assertEquals(program.slice(0, onTopOf.length), onTopOf);
  }
});

Deno.test("EW-002: no store carries a hash that it did not import, and an extension does", () => {
  const hashes = "x.getBuiltinModule(y).createHash() || DigestStream";
  const hashing = ["ext/write", "ext/streams", "ext/integrity", "ext/sync"];
  for (const budget of BUDGETS) {
    const own = MODULES.filter((module) => budget.modules?.test(module));
    const wrong = objections(budget, hashes, 1, own);
    assertEquals(wrong.length, hashing.includes(budget.name) ? 0 : 1);
  }
  const write = BUDGETS.find(({ name }) => name === "ext/write");
  assertEquals(write && objections(write, "createHash", 1, ["ext/write.ts"]), [
    "it lacks /getBuiltinModule/",
    "it lacks /DigestStream/",
  ]);
});
