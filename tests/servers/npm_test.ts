import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

/** What starts something of a folder of packages without asking for it, and why. */
const INSTALLED: Readonly<Record<string, string>> = {
  "tests/runtimes/table/versions.ts": "asks what the run has started",
  "tests/live/azure/runtimes_test.ts": "is started by run.ts beside it",
  "tests/runtimes/wrangler/install.ts": "copies what examples.ts installs",
};

/** A path into a folder of packages that this repository has a lock file for. */
const PATH = /["`/](?:\.\.\/)*node_modules\//;
/** Packages of a temporary folder, of the package that a test has made. */
const OF_OTHERS = /^(?:tests\/live\/npm|bench\/peers)\//;

async function* walk(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    if (entry.name === "node_modules") continue;
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* walk(`${path}/`);
    else if (path.endsWith(".ts")) yield path;
  }
}

Deno.test("whoever starts a program of npm's installs it, so that a clone runs each task by itself", async () => {
  const found: string[] = [];
  const used: string[] = [];
  for await (const path of walk("tests/")) {
    const source = await Deno.readTextFile(new URL(path, ROOT));
    if (OF_OTHERS.test(path) || path === "tests/servers/npm_test.ts") continue;
    if (!PATH.test(source) && !source.includes("playwright-core")) continue;
    used.push(path);
    if (source.includes("installPackages(") || path in INSTALLED) continue;
    if (source.includes("map(installPackages)")) continue;
    found.push(path);
  }
  assert(used.length > 5, "the walk found the sources");
  assertEquals(found, []);
});
