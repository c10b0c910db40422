/**
 * Writes the declarations of the package. Those of `deno pack` lack members with
 * computed names, `[Symbol.asyncDispose]` for one, so TypeScript writes them.
 *
 * @module
 */
const ROOT = new URL("../../", import.meta.url);
const TYPESCRIPT = "typescript@5.9.3";

/** Writes the declarations of entries, and of all that they import, below `.npm/types/`. */
export async function writeDeclarations(
  entries: readonly string[],
): Promise<void> {
  await execute("npm", [
    "install",
    "--prefix=.npm/tools",
    "--no-audit",
    "--no-fund",
    "--silent",
    TYPESCRIPT,
  ]);
  const config = {
    compilerOptions: {
      target: "esnext",
      module: "esnext",
      moduleResolution: "bundler",
      lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      emitDeclarationOnly: true,
      declaration: true,
      rootDir: "..",
      outDir: "types",
    },
    files: entries.map((path) => `.${path}`),
  };
  await Deno.writeTextFile(
    new URL(".npm/tsconfig.json", ROOT),
    JSON.stringify(config),
  );
  // It knows no JSR and finds no packages, and says so. What is exported has its types
  // written down, so nothing of a declaration depends on them; consumers check it.
  await execute("node", [
    ".npm/tools/node_modules/typescript/bin/tsc",
    "--project",
    ".npm/tsconfig.json",
  ], true);
}

const DISPOSAL = '/// <reference lib="esnext.disposable" />\n';

/**
 * Points the imports of a declaration to the modules of the package, and names the library
 * of TypeScript that it needs: templates of bundlers have an older one.
 */
export function toModules(declaration: string): string {
  const modules = declaration.replaceAll(
    /(\bfrom |\bimport\()"(\.{1,2}\/[^"]+)\.ts"/g,
    '$1"$2.js"',
  );
  const code = modules.replaceAll(/\/\*[^]*?\*\//g, "");
  return /\b(?:AsyncDisposable|Symbol\.asyncDispose)\b/.test(code)
    ? DISPOSAL + modules
    : modules;
}

async function execute(
  command: string,
  args: readonly string[],
  mayFail = false,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success && !mayFail) {
    throw new Error(text + new TextDecoder().decode(stderr));
  }
  return text;
}
