/**
 * The texts of the repository that pages and checks are about.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);
const SKIPPED = /^(?:node_modules|\..*|without_jsr\/std)$/;

/** Texts by their path from the root. */
export type Files = ReadonlyMap<string, string>;

/** Reads every page and every source. */
export async function readFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  await collect("", files);
  return files;
}

async function collect(
  folder: string,
  files: Map<string, string>,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(at(folder || "."))) {
    const path = folder + name;
    if (SKIPPED.test(name) || SKIPPED.test(path)) continue;
    if (isDirectory) await collect(`${path}/`, files);
    else if (/\.(?:md|ts|mjs|sh|jsonl?|html|svg)$|^LICENSE$/.test(name)) {
      files.set(path, await Deno.readTextFile(at(path)));
    }
  }
}

/** Writes a text. */
export async function writeFile(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(at(path), text);
}

function at(path: string): URL {
  return new URL(path, ROOT);
}

/** The pages. */
export function pagesOf(files: Files): [path: string, text: string][] {
  return [...files].filter(([path]) => path.endsWith(".md")).sort();
}
