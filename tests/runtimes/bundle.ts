/**
 * One script of a module and all it imports, as a page takes it.
 *
 * @module
 */
import { installPackages } from "../servers/npm.ts";

/** Options of {@linkcode bundle}. */
export interface BundleOptions {
  /** Whether names are shortened and spaces left out. */
  readonly minify?: boolean;
  /**
   * Whether `using` is written out, as bundlers do for engines that cannot parse it:
   * WebKit.
   */
  readonly lowered?: boolean;
}

const ROOT = new URL("../../", import.meta.url);
const BUNDLER = new URL("node_modules/.bin/esbuild", import.meta.url).pathname;

/** Bundles a module; the path is from the repository's root. */
export async function bundle(
  path: string,
  { minify = false, lowered = false }: BundleOptions = {},
): Promise<string> {
  const script = await output(Deno.execPath(), [
    "bundle",
    "--quiet",
    "--config=deno.chosen.json",
    "--platform=browser",
    ...(minify ? ["--minify"] : []),
    path,
  ]);
  if (!lowered) return script;
  await installPackages("tests/runtimes");
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(file, script);
    return await output(BUNDLER, [
      "--format=esm",
      "--supported:using=false",
      "--log-level=warning",
      file,
    ]);
  } finally {
    await Deno.remove(file);
  }
}

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const reason = new TextDecoder().decode(stderr);
  throw new Error(`Cannot bundle by "${command} ${args.join(" ")}": ${reason}`);
}
