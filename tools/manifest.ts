/**
 * What the tools read of `deno.json`.
 *
 * @module
 */

/** The package's version, entries and what it ships. */
export interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

/** Reads `deno.json`. */
export async function readManifest(): Promise<Manifest> {
  const file = new URL("../deno.json", import.meta.url);
  return JSON.parse(await Deno.readTextFile(file));
}

/** The shipped TypeScript that exists by now: files and folders. */
export async function shippedSources(): Promise<string[]> {
  const { publish } = await readManifest();
  const found: string[] = [];
  for (const path of publish.include) {
    const info = await Deno.stat(new URL(`../${path}`, import.meta.url))
      .catch(() => undefined);
    if (info?.isDirectory || (info && path.endsWith(".ts"))) found.push(path);
  }
  return found;
}
