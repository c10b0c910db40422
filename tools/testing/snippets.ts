/**
 * Pure: the snippets of pages and comments, each as a module with one test.
 *
 * @module
 */

/** A snippet, and where it stands. */
export interface Snippet {
  /** The file, from the root. */
  readonly file: string;
  /** The line of its first line, from 1. */
  readonly line: number;
  /** What is to be run. */
  readonly source: string;
}

const FENCE_REGEXP = /^( *)```(\w+)?(.*)$/;
const LANGUAGES = ["ts", "typescript", "js", "javascript"];

/** Returns the snippets of a page, or of the comments of a source. */
export function snippetsOf(file: string, text: string): Snippet[] {
  const isPage = file.endsWith(".md");
  const found: Snippet[] = [];
  let open: { line: number; lines: string[]; runs: boolean } | null = null;
  let isComment = isPage;
  for (const [at, whole] of text.split("\n").entries()) {
    if (!isPage && /^\s*\/\*\*/.test(whole)) isComment = true;
    const line = isPage ? whole : whole.replace(/^\s*\* ?/, "");
    const fence = isComment ? FENCE_REGEXP.exec(line) : null;
    if (fence !== null && open === null) {
      const [, , language = "", rest = ""] = fence;
      const runs = LANGUAGES.includes(language) && !/\bignore\b/.test(rest);
      open = { line: at + 2, lines: [], runs };
    } else if (fence !== null && open !== null) {
      const { line, lines, runs } = open;
      if (runs) found.push({ file, line, source: lines.join("\n") });
      open = null;
    } else open?.lines.push(line);
    if (!isPage && /\*\/\s*$/.test(whole)) {
      isComment = false;
      open = null;
    }
  }
  return found;
}

const IMPORT_REGEXP =
  /^import\s(?:[^"';]*?from\s*)?["']([^"']+)["'];?[ \t]*$/gm;

/**
 * Returns a module with one test that runs a snippet: its imports on top, the rest inside,
 * where nothing can be exported.
 *
 * @param resolve Returns what a specifier in a file is imported by.
 */
export function snippetModule(
  { file, line, source }: Snippet,
  resolve: (specifier: string, file: string) => string,
): string {
  const imports: string[] = [];
  const body = source.replaceAll(IMPORT_REGEXP, (whole, specifier) => {
    imports.push(whole.replace(specifier, resolve(specifier, file)));
    // The lines stay where they are.
    return whole.replace(/[^\n]/g, "");
  }).replaceAll(/^export default /gm, "const _default = ")
    .replaceAll(/^export (?=[a-z])/gm, "");
  return `${imports.join("\n")}
Deno.test(${JSON.stringify(`${file}:${line}`)}, async () => {
${body}
});
export {};
`;
}
