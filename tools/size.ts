/**
 * Bundles what an application needs of each backend and each extension, and compares
 * its size with the budget.
 *
 * @module
 */
import { BUDGETS, modulesIn, objections } from "./budgets.ts";

const ROOT = new URL("../", import.meta.url);

async function bundle(program: string, minify = true): Promise<string> {
  // In the repository, where the package's own name resolves.
  const file = new URL(`.size-${crypto.randomUUID()}.ts`, ROOT);
  await Deno.writeTextFile(file, program);
  try {
    const { success, stdout, stderr } = await new Deno.Command("deno", {
      args: [
        "bundle",
        "--quiet",
        "--config=deno.chosen.json",
        "--platform=browser",
        ...(minify ? ["--minify"] : []),
        file.pathname,
      ],
      cwd: ROOT,
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(file);
  }
}

async function gzipped(code: string): Promise<number> {
  const stream = new Blob([code]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

const bases = new Map<string, number>();

/** Returns the bytes of a program that others come on top of. */
async function baseOf(program: string): Promise<number> {
  const known = bases.get(program) ?? await gzipped(await bundle(program));
  bases.set(program, known);
  return known;
}

let failed = false;
for (const budget of BUDGETS) {
  const { name, program, onTopOf, modules } = budget;
  const code = await bundle(program);
  const base = onTopOf === undefined ? 0 : await baseOf(onTopOf);
  const bytes = await gzipped(code) - base;
  // Only there each module is marked with its name.
  const found = modules ? modulesIn(await bundle(program, false)) : [];
  const wrong = objections(budget, code, bytes, found);
  failed ||= wrong.length > 0;
  console.log(
    [
      name.padEnd(13),
      `${bytes} bytes gzipped of ${budget.bytes}`,
      base > 0 ? `on top of ${base}` : `${code.length} minified`,
      ...wrong,
    ].join("  "),
  );
}
Deno.exit(failed ? 1 : 0);
