/**
 * Bundles what an application needs of each backend and each extension, and compares
 * its size with the budget.
 *
 * @module
 */
import { BUDGETS, emptied, modulesIn, objections } from "./budgets.ts";

const ROOT = new URL("../", import.meta.url);

/** Bundles a program, with nothing in the modules that are named. */
async function bundle(
  program: string,
  minify = true,
  without: readonly string[] = [],
): Promise<string> {
  // In the repository, where the package's own name resolves.
  const name = `.size-${crypto.randomUUID()}`;
  const folder = new URL(`${name}/`, ROOT);
  const config = new URL(`${name}.json`, ROOT);
  await Deno.mkdir(folder);
  try {
    const chosen = new URL("deno.chosen.json", ROOT);
    const { imports, ...rest } = JSON.parse(await Deno.readTextFile(chosen));
    for (const [index, module] of without.entries()) {
      const source = await Deno.readTextFile(new URL(module, ROOT));
      const file = `${index}.ts`;
      await Deno.writeTextFile(new URL(file, folder), emptied(source));
      imports[`./${module}`] = `./${name}/${file}`;
    }
    await Deno.writeTextFile(config, JSON.stringify({ ...rest, imports }));
    await Deno.writeTextFile(new URL("program.ts", folder), program);
    const { success, stderr } = await new Deno.Command("deno", {
      args: [
        "bundle",
        "--quiet",
        `--config=${config.pathname}`,
        "--platform=browser",
        "--code-splitting",
        `--outdir=${new URL("out", folder).pathname}`,
        ...(minify ? ["--minify"] : []),
        new URL("program.ts", folder).pathname,
      ],
      cwd: ROOT,
    }).output();
    if (success) return await loaded(new URL("out/", folder), "program.js");
    throw new Error(new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
    await Deno.remove(config).catch(() => {});
  }
}

/** Returns a file of a bundle and those that it imports at once: what is imported when it is asked for does not count. */
async function loaded(
  folder: URL,
  file: string,
  seen: Set<string> = new Set(),
): Promise<string> {
  if (seen.has(file)) return "";
  seen.add(file);
  let code = await Deno.readTextFile(new URL(file, folder));
  const imports = code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+)"/g);
  for (const [, next = ""] of [...imports]) {
    code += await loaded(folder, next, seen);
  }
  return code;
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

/** What was measured, as the pages tell it. */
const results: Record<string, unknown>[] = [];

let failed = false;
for (const budget of BUDGETS) {
  const { name, program, onTopOf, modules, aim } = budget;
  const code = await bundle(program, true, budget.emptied);
  const base = onTopOf === undefined ? 0 : await baseOf(onTopOf);
  const bytes = await gzipped(code) - base;
  // Only there each module is marked with its name.
  const found = modules ? modulesIn(await bundle(program, false)) : [];
  const wrong = objections(budget, code, bytes, found);
  failed ||= wrong.length > 0;
  results.push({ name, bytes, budget: budget.bytes, aim, onTopOf: base });
  console.log(
    [
      name.padEnd(22),
      `${bytes} bytes gzipped of ${budget.bytes}`,
      base > 0 ? `on top of ${base}` : `${code.length} minified`,
      ...(aim === undefined ? [] : [`aim ${aim}`]),
      ...wrong,
    ].join("  "),
  );
}
const file = new URL("docs/results/sizes.json", ROOT);
await Deno.writeTextFile(file, JSON.stringify(results, null, 2) + "\n");
Deno.exit(failed ? 1 : 0);
