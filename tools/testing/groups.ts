/**
 * Pure: test files and snippets as few modules. Each module is an isolate of its own, and
 * to start one costs as much as many of the tests.
 *
 * @module
 */
import type { Snippet } from "./snippets.ts";

/** What begins the name of the ignored test that stands in front of a file's tests. */
export const MARK = "▸ ";

/** A module that imports test files, one after another. */
export interface Group {
  /** Its name. */
  readonly name: string;
  /** The test files, from the root. */
  readonly files: readonly string[];
}

/** Returns the files in groups of about one weight, those of one folder together. */
export function toGroups(
  weights: ReadonlyMap<string, number>,
  count: number,
): Group[] {
  const files = [...weights.keys()].sort();
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const groups: string[][] = [[]];
  let filled = 0;
  for (const file of files) {
    const weight = weights.get(file) ?? 0;
    if (filled > 0 && filled + weight / 2 > total / count) {
      groups.push([]);
      filled = 0;
    }
    groups.at(-1)?.push(file);
    filled += weight;
  }
  return groups.map((files, at) => ({
    name: `group_${String(at + 1).padStart(2, "0")}`,
    files,
  }));
}

/**
 * Returns the module of a group. The files are awaited one by one: a mark is followed by
 * the tests of its file and no others.
 *
 * @param root The URL of the repository, with a slash at its end.
 */
export function groupModule({ files }: Group, root: string): string {
  return files.map((file) =>
    `Deno.test.ignore(${JSON.stringify(MARK + file)}, () => {});
await import(${JSON.stringify(root + file)});
`
  ).join("");
}

/** Returns the module that imports the modules of all snippets. */
export function snippetGroup(
  snippets: readonly Snippet[],
  urlOf: (number: number) => string,
): string {
  let source = "";
  let last = "";
  snippets.forEach(({ file }, number) => {
    if (file !== last) {
      source += `Deno.test.ignore(${JSON.stringify(MARK + file)}, () => {});\n`;
    }
    last = file;
    source += `await import(${JSON.stringify(urlOf(number))});\n`;
  });
  return source;
}
