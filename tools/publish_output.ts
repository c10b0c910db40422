/**
 * Pure: reads what `deno publish --dry-run` prints.
 *
 * @module
 */

/** The files it would upload, relative to the root and sorted; linked stand-ins left out. */
export function uploadedFiles(output: string, root: URL): string[] {
  const files = output.matchAll(/^\s*(file:\/\/\S+) \([\d.]+ ?\w*\)$/gm);
  return Array.from(files, ([, url]) => `${url}`)
    .filter((url) => url.startsWith(root.href))
    .map((url) => decodeURIComponent(url.slice(root.href.length)))
    // Only the configuration without JSR holds them; see without_jsr/config.ts.
    .filter((path) => !path.startsWith("without_jsr/"))
    // A configuration goes up with the rest; the release's own is deno.json.
    .map((path) => path === "deno.chosen.json" ? "deno.json" : path)
    .sort();
}

/** The lines in which the dry run complains and still succeeds. */
export function warnings(output: string): string[] {
  return output.split("\n").filter((line) => /^warning\b/i.test(line));
}

/** What is missing (`-`) and what is new (`+`) against the committed list. */
export function difference(
  listed: readonly string[],
  found: readonly string[],
): string[] {
  return [
    ...listed.filter((path) => !found.includes(path)).map((p) => `- ${p}`),
    ...found.filter((path) => !listed.includes(path)).map((p) => `+ ${p}`),
  ];
}
