/**
 * The snippets of the pages, as somebody copies them into a file of their own.
 *
 * @module
 */
import { snippetsOf } from "../../../tools/testing/snippets.ts";
import { execute } from "./executing.ts";

const ROOT = new URL("../../../", import.meta.url);
const PAGES = ["docs/", "docs/backends/"];

/** What a snippet needs that a folder with the package does not have. */
const ELSEWHERE: readonly (readonly [needs: RegExp, why: string])[] = [
  [/from "[./]+examples\//, "a file of the repository"],
  [/"docs\//, "a folder of the repository"],
  [/\bcaches\b/, "the Cache API"],
];

async function pages(): Promise<string[]> {
  const found = ["README.md"];
  for (const folder of PAGES) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      if (name.endsWith(".md")) found.push(`${folder}${name}`);
    }
  }
  return found.sort();
}

// As `@std/assert` is installed, where JSR is out of reach.
async function installAssertions(folder: string): Promise<void> {
  const at = `${folder}/node_modules/@std/assert`;
  await Deno.mkdir(at, { recursive: true });
  const manifest = { name: "@std/assert", type: "module", exports: "./mod.js" };
  await Deno.writeTextFile(`${at}/package.json`, JSON.stringify(manifest));
  const entry = ".npm/assertions.ts";
  await Deno.writeTextFile(
    new URL(entry, ROOT),
    'export * from "@std/assert";\n',
  );
  await execute(ROOT.pathname, [
    ...[Deno.execPath(), "bundle", "--quiet", "--config=deno.chosen.json"],
    ...["--output", `${at}/mod.js`, entry],
  ]);
}

/** Runs each, unchanged, in the Node of a folder; returns how many. */
export async function runSnippets(folder: string): Promise<string> {
  await installAssertions(folder);
  let count = 0;
  const left = new Map<string, number>();
  const failures: string[] = [];
  for (const page of await pages()) {
    const text = await Deno.readTextFile(new URL(page, ROOT));
    for (const { line, source } of snippetsOf(page, text)) {
      const why = ELSEWHERE.find(([needs]) => needs.test(source))?.[1];
      if (why !== undefined) {
        left.set(why, (left.get(why) ?? 0) + 1);
        continue;
      }
      const file = `snippet-${count++}.mts`;
      await Deno.writeTextFile(`${folder}/${file}`, source);
      await execute(folder, ["node_modules/.bin/node", file])
        .catch((error) => failures.push(`${page}:${line}: ${error}`));
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  if (count < 50) throw new Error(`only ${count} snippets were found`);
  const rest = [...left].map(([why, many]) => `${many} need ${why}`);
  return `${count} snippets of the pages ran; ${rest.join(", ")}`;
}
