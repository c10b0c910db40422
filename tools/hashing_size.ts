/**
 * Bundles what an application needs with and without hashing: nobody who does not ask
 * for a hash carries a line of one.
 *
 * @module
 */
import { HASHING_BUDGETS, hashingObjections } from "./hashing_budgets.ts";

const ROOT = new URL("../", import.meta.url);

async function bundle(program: string): Promise<string> {
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
        "--minify",
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

let failed = false;
for (const budget of HASHING_BUDGETS) {
  const code = await bundle(budget.program);
  const bytes = await gzipped(code);
  const wrong = hashingObjections(budget, code, bytes);
  failed ||= wrong.length > 0;
  console.log(
    [
      budget.name.padEnd(12),
      `${bytes} bytes gzipped of ${budget.bytes}, ${code.length} minified`,
      ...wrong,
    ].join("  "),
  );
}
Deno.exit(failed ? 1 : 0);
