import { BUNDLERS } from "../../live/npm/bundlers.ts";
import { SERVERS } from "../../live/npm/servers.ts";
import { TEST_RUNNERS } from "../../live/npm/test_runners.ts";
import { assertEquals } from "@std/assert";
import { toModules } from "../../../tools/npm/declarations.ts";
import {
  relocated,
  stdFile,
  stdImports,
  toPackage,
  withOwnStd,
} from "../../../tools/npm/package.ts";

const CODE = '// import { a } from "@std/assert";\n' +
  ' * import { b } from "@std/assert";\n' +
  'import { c } from "@std/path/posix/basename";\n' +
  '*/ import { d } from "@std/streams/to-bytes";\n' +
  'const { e } = await import("@std/crypto/crypto");\n';

Deno.test("NPM-001: the exports are those of the manifest, as modules with types", () => {
  const made = toPackage({
    name: "a",
    version: "1.2.3",
    license: "MIT",
    exports: { ".": "./mod.ts", "./c": "./tests/conformance/mod.ts" },
  }, { x: "^1" });
  assertEquals(made["exports"], {
    ".": { types: "./mod.d.ts", default: "./mod.js" },
    "./c": {
      types: "./conformance/mod.d.ts",
      default: "./conformance/mod.js",
    },
    "./package.json": "./package.json",
  });
  assertEquals(
    [made["type"], made["sideEffects"], made["version"], made["dependencies"]],
    ["module", false, "1.2.3", { x: "^1" }],
  );
});

Deno.test("NPM-001: the standard library comes along, and comments stay as they are", () => {
  const wanted = [
    "@std/path/posix/basename",
    "@std/streams/to-bytes",
    "@std/crypto/crypto",
  ];
  assertEquals(stdImports(CODE), wanted);
  const own = withOwnStd("core/a.js", CODE);
  for (const specifier of wanted) {
    assertEquals(own.includes(`"../${stdFile(specifier)}"`), true, specifier);
  }
  assertEquals(own.match(/@std\//g)?.length, 2);
  assertEquals(withOwnStd("mod.js", CODE).includes('"./_std/'), true);
});

Deno.test("NPM-001: files that stand elsewhere are found there", () => {
  const from = "tests/conformance/_faults/a.js";
  const code = 'import { a } from "../../../mod.js";\n' +
    'export * from "../report.js";\nimport "./b.js";\n';
  assertEquals(
    relocated(from, code),
    'import { a } from "../../mod.js";\n' +
      'export * from "../report.js";\nimport "./b.js";\n',
  );
  assertEquals(
    relocated("core/a.js", 'import "./b.js";\n'),
    'import "./b.js";\n',
  );
});

Deno.test("NPM-001: declarations import modules", () => {
  assertEquals(
    toModules(
      'import type { A } from "./a.ts";\ntype B = import("../b.ts").B;',
    ),
    'import type { A } from "./a.js";\ntype B = import("../b.js").B;',
  );
});

Deno.test("NPM-001: a declaration that disposes names the library for it", () => {
  const reference = '/// <reference lib="esnext.disposable" />\n';
  for (
    const code of [
      "export interface A extends AsyncDisposable {}\n",
      "declare const a: typeof Symbol.asyncDispose;\n",
    ]
  ) assertEquals(toModules(code), reference + code);
  const said = "/** As `AsyncDisposable` does. */\nexport type A = 1;\n";
  assertEquals(toModules(said), said);
});

Deno.test("NPM-001: the repository is what the publisher says, and else is left out", () => {
  const source = { name: "a", version: "1.2.3", license: "MIT", exports: {} };
  const made = toPackage(source, {}, "https://example.com/a/b");
  assertEquals(made["repository"], {
    type: "git",
    url: "git+https://example.com/a/b.git",
  });
  assertEquals("repository" in toPackage(source, {}), false);
});

Deno.test("NPM-002: the program of the consumers imports every entry", async () => {
  const root = new URL("../../../", import.meta.url);
  const program = await Deno.readTextFile(
    new URL("tests/live/npm/consumer/program.mjs", root),
  );
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const missing = Object.keys(exports).filter((entry) =>
    !program.includes(`"@remote-store/core${entry.slice(1)}"`)
  );
  assertEquals(missing, []);
});

Deno.test("NPM-003: the pages name each bundler, runner and framework that is tested", async () => {
  const page = async (name: string) =>
    await Deno.readTextFile(
      new URL(`../../../docs/${name}.md`, import.meta.url),
    );
  const pages = [
    [BUNDLERS, await page("install")],
    [TEST_RUNNERS, await page("testing")],
    [SERVERS, await page("frameworks")],
  ] as const;
  for (const [consumers, text] of pages) {
    const names = [...consumers.keys()].flatMap((name) => name.split(", "));
    assertEquals(names.filter((name) => !text.includes(name)), []);
  }
});
