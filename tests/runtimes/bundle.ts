/**
 * One script of a module and all it imports, as a page takes it.
 *
 * @module
 */

/** Options of {@linkcode bundle}. */
export interface BundleOptions {
  /** Whether names are shortened and spaces left out. */
  readonly minify?: boolean;
}

const ROOT = new URL("../../", import.meta.url);

/** Bundles a module; the path is from the repository's root. */
export async function bundle(
  path: string,
  { minify = false }: BundleOptions = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--config=deno.chosen.json",
      "--platform=browser",
      ...(minify ? ["--minify"] : []),
      path,
    ],
    cwd: ROOT,
  }).output();
  if (!success) {
    throw new Error(
      `Cannot bundle "${path}": ${new TextDecoder().decode(stderr)}`,
    );
  }
  return new TextDecoder().decode(stdout);
}
