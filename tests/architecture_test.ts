import { assert, assertEquals } from "@std/assert";
import {
  cycles,
  dialects,
  drawers,
  foreignImports,
  foreignWords,
  importsOf,
  isShipped,
  manifestDifferences,
  resolveImport,
  type Sources,
  tooLong,
  withoutComments,
  withoutTest,
  wrongDependencies,
  wrongDirections,
} from "./architecture.ts";

const ROOT = new URL("../", import.meta.url);

/** Sources that need no test file of their own, with the reason. */
const UNTESTED: Readonly<Record<string, string>> = {};

async function* walk(folder = ""): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* walk(`${path}/`);
    else yield path;
  }
}

const readJson = async (name: string) =>
  JSON.parse(await Deno.readTextFile(new URL(name, ROOT)));

const denoJson = await readJson("deno.json");
const paths = (await Array.fromAsync(walk())).sort();
const sources: Sources = new Map(
  await Promise.all(
    paths.filter((path) => /\.(ts|mjs)$/.test(path)).map(async (path) =>
      [path, await Deno.readTextFile(new URL(path, ROOT))] as const
    ),
  ),
);
const shipped: Sources = new Map(
  [...sources].filter(([path]) => isShipped(path, denoJson.publish.include)),
);

const files = (entries: Record<string, string>): Sources =>
  new Map(Object.entries(entries));

Deno.test("architecture: imports follow the table of directions", () => {
  assert(shipped.has("mod.ts"), "the walk found the sources");
  assertEquals(wrongDirections(sources), []);
});

Deno.test("architecture: each dependency stays where it earns its place", () => {
  assertEquals(wrongDependencies(shipped), []);
});

Deno.test("architecture: shipped files import in no circle", () => {
  assertEquals(cycles(shipped), []);
});

Deno.test("architecture: shipped files use no runtime's own API and no console", () => {
  assertEquals(foreignWords(shipped), []);
});

Deno.test("architecture: no source is longer than 400 lines", () => {
  assertEquals(tooLong(sources), []);
});

Deno.test("architecture: no file or folder is a drawer", () => {
  assertEquals(drawers(paths), []);
});

Deno.test("architecture: sibling backends name their files as the core does", () => {
  assertEquals(dialects(paths), []);
});

Deno.test("architecture: every source has a test file", () => {
  assertEquals(withoutTest(sources, UNTESTED), []);
});

Deno.test("architecture: jsr.json equals deno.json", async () => {
  assertEquals(manifestDifferences(denoJson, await readJson("jsr.json")), []);
});

Deno.test("architecture: deno.json maps @std to JSR and the rest to npm", () => {
  assertEquals(foreignImports(denoJson.imports), []);
});

Deno.test("architecture: every export is a shipped file", () => {
  const targets: string[] = Object.values(denoJson.exports);
  assertEquals(
    targets.filter((target) => !shipped.has(target.replace("./", ""))),
    [],
  );
});

Deno.test("dialects() finds another name for a job of the core", () => {
  const found = dialects([
    "backends/s3/reads.ts",
    "backends/indexeddb/writer.ts",
    "backends/azure/lookup.ts",
    "backends/http/faults.ts",
    "backends/s3/reading.ts",
    "backends/_http/headers.ts",
    "core/reader.ts",
  ]);
  assertEquals(found, [
    "backends/s3/reads.ts: reading",
    "backends/indexeddb/writer.ts: writing",
    "backends/azure/lookup.ts: probing",
    "backends/http/faults.ts: failures",
  ]);
});

Deno.test("wrongDirections() finds each forbidden direction", () => {
  const to = (target: string) => `import { x } from "${target}";`;
  const all = {
    "core/a.ts": to("../backends/memory.ts"),
    "core/b.ts": to("../mod.ts"),
    "mod.ts": `export { M } from "./backends/memory.ts";`,
    "backends/memory.ts": to("../mod.ts"),
    "backends/s3/mod.ts": `export * from "../azure/wire.ts";`,
    "backends/azure/wire.ts": to("./../s3x.ts"),
    "backends/_http/tokens.ts": to("../s3/mod.ts"),
    "backends/s3x.ts": to("./s3/mod.ts"),
    "ext/glob.ts": `import type { P } from "../core/a.ts";`,
    "ext/batch.ts": to("./glob.ts"),
    "tests/conformance/mod.ts": to("../../core/a.ts"),
    "attic/x.ts": to("../mod.ts"),
  };
  assertEquals(
    wrongDirections(files(all)).map((line) => line.split(/:? /)[0]),
    Object.keys(all),
  );
});

Deno.test("wrongDirections() lets pass what the table allows", () => {
  const allowed = files({
    "mod.ts": `export * from "./core/a.ts";`,
    "core/a.ts": `import { b } from "./b.ts";`,
    "core/b.ts": `import { normalize } from "@std/path/posix/normalize";`,
    "backends/s3/mod.ts": `export { W } from "./wire.ts";`,
    "backends/s3/wire.ts": `import { xml } from "../_http/tokens.ts";`,
    "backends/_http/tokens.ts": `import { b } from "../../core/b.ts";`,
    "ext/batch.ts":
      `import { S } from "../mod.ts";\nimport "./_digest/sha.ts";`,
    "ext/_digest/sha.ts": "",
    "tests/x_test.ts": `import { x } from "../backends/s3/wire.ts";`,
  });
  assertEquals(wrongDirections(allowed), []);
});

Deno.test("wrongDependencies() finds a dependency out of its place", () => {
  assertEquals(
    wrongDependencies(files({
      "core/a.ts": `import { crypto } from "@std/crypto";`,
      "ext/b.ts": `await import("@std/crypto/crypto");`,
      "core/c.ts": `import { AwsClient } from "aws4fetch";`,
      "backends/s3/d.ts": `import { AwsClient } from "aws4fetch";`,
      "tests/conformance/e.ts": `import { assert } from "@std/assert";`,
      "core/f.ts": `import "./gone.ts";`,
    })),
    [
      "core/a.ts → @std/crypto",
      "core/c.ts → aws4fetch",
      "tests/conformance/e.ts → @std/assert",
      "core/f.ts → core/gone.ts",
    ],
  );
});

Deno.test("cycles() finds a circle, type-only and re-exported edges included", () => {
  assertEquals(
    cycles(files({
      "a.ts": `import type { B } from "./b.ts";`,
      "b.ts": `export {\n  C,\n} from "./c.ts";`,
      "c.ts": `const a = import("./a.ts");`,
      "d.ts": `import { a } from "./a.ts";`,
    })),
    ["a.ts → b.ts → c.ts → a.ts"],
  );
  assertEquals(
    cycles(files({ "a.ts": `import "./b.ts";\nimport "./c.ts";`, "b.ts": "" })),
    [],
  );
});

Deno.test("foreignWords() finds runtime words in code, not in comments", () => {
  const bad = [
    "Deno.open(x);",
    "globalThis.Deno?.env;",
    `import fs from "node:fs";`,
    `await import("node:fs");`,
    `require("node:fs");`,
    `const name = "node:fs";`,
    "console.log(1);",
    "process.env.X;",
    "await import(name);",
    "const q = /[\"']/; Deno.exit();",
    "const url = `//${Deno.cwd()}`;",
  ];
  for (const source of bad) {
    assertEquals(foreignWords(files({ "core/a.ts": source })).length, 1);
  }
  assertEquals(
    foreignWords(files({
      "core/a.ts":
        "/** Deno.open() */\nconst a = 1; // console.log\n// node:fs\n",
      "ext/b.ts": `p?.getBuiltinModule?.("node:crypto");`,
    })),
    [],
  );
});

Deno.test("importsOf() reads every form and no comment", () => {
  assertEquals(
    importsOf(`
/** @example
import { no } from "comment";
 */
import a from "a";
import b, { c } from "b";
import * as d from "d";
import type { E } from "e";
import {
  f,
} from "f";
import "g";
export * from "h";
export * as i from "i";
export type { J } from "j";
export const k = 1;
// import { no } from "line";
const l = await import("l");
type M = typeof import("m");
`),
    ["a", "b", "d", "e", "f", "h", "i", "j", "g", "l", "m"],
  );
});

Deno.test("withoutComments() keeps strings and regular expressions", () => {
  assertEquals(
    withoutComments('a("//x"); b(/\\/*"/); c(`/*`); // gone\nd /* gone */'),
    'a("//x"); b(/\\/*"/); c(`/*`); \nd ',
  );
});

Deno.test("resolveImport() walks up and leaves bare names", () => {
  assertEquals(resolveImport("a/b/c.ts", "../d.ts"), "a/d.ts");
  assertEquals(resolveImport("a/b/c.ts", "@std/path"), "@std/path");
});

Deno.test("tooLong() counts lines", () => {
  const long = files({ "a.ts": "x\n".repeat(400), "b.ts": "x\n".repeat(401) });
  assertEquals(tooLong(long), ["b.ts: 401 lines"]);
});

Deno.test("drawers() finds names that say nothing", () => {
  assertEquals(
    drawers(["core/utils.ts", "ext/_shared/a.ts", "types.d.ts", "core/a.ts"]),
    ["core/utils.ts", "ext/_shared/a.ts", "types.d.ts"],
  );
});

Deno.test("withoutTest() finds code without a test and idle exceptions", () => {
  const some = files({
    "core/a.ts": "export function a() {}",
    "core/b.ts": "/**\nconst no = 1;\n */\nexport interface B {}",
    "core/c.ts": "export abstract class C {}",
    "tests/core/c_test.ts": "",
    "backends/s3/wire.ts": "const w = 1;",
  });
  assertEquals(withoutTest(some, { "core/c.ts": "it has one" }), [
    "core/a.ts",
    "backends/s3/wire.ts",
    "core/c.ts: needs no exception",
  ]);
});

Deno.test("isShipped() takes files and folders as publish.include does", () => {
  const include = ["mod.ts", "core", "README.md"];
  assert(isShipped("core/a/b.ts", include));
  assert(!isShipped("core_x/a.ts", include));
  assert(!isShipped("README.md", include));
});

Deno.test("manifestDifferences() finds a field that drifted or is too much", () => {
  assertEquals(
    manifestDifferences(
      { name: "a", version: "1", exports: { ".": "./mod.ts" } },
      { name: "a", version: "2", exports: {}, imports: {} },
    ),
    ["version", "exports", "imports"],
  );
});

Deno.test("foreignImports() finds a mapping past JSR", () => {
  assertEquals(
    foreignImports({
      "@std/path": "jsr:@std/path@^1",
      "@std/assert": "./without_jsr/std/assert/mod.ts",
      "fast-check": "npm:fast-check@^4",
      "x": "https://example.com/x.ts",
    }),
    [
      "@std/assert: ./without_jsr/std/assert/mod.ts",
      "x: https://example.com/x.ts",
    ],
  );
});
