/**
 * Pure: what the npm package says of itself, and where its files find the standard
 * library.
 *
 * @module
 */

/** What is taken from `deno.json`. */
export interface Source {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
}

const KEYWORDS = ["storage", "files", "s3", "azure", "r2", "indexeddb"];

/** The oldest Node that is tested. */
export const NODE = ">=20";

/**
 * Makes `package.json`: the exports of `deno.json`, as modules with their types. Where the
 * sources are is known to who publishes: npm compares it with who signs.
 */
export function toPackage(
  { name, version, license, exports }: Source,
  dependencies: Readonly<Record<string, string>>,
  repository?: string,
): Record<string, unknown> {
  return {
    name,
    version,
    description:
      "Write file storage code once, run it on any store, anywhere the web platform runs",
    license,
    ...(repository === undefined ? {} : {
      repository: { type: "git", url: `git+${repository}.git` },
      bugs: `${repository}/issues`,
    }),
    keywords: KEYWORDS,
    type: "module",
    sideEffects: false,
    engines: { node: NODE },
    exports: {
      ...Object.fromEntries(
        Object.entries(exports).map(([entry, path]) => [entry, {
          types: `./${placeOf(path.slice(2)).replace(/\.ts$/, ".d.ts")}`,
          default: `./${placeOf(path.slice(2)).replace(/\.ts$/, ".js")}`,
        }]),
      ),
      "./package.json": "./package.json",
    },
    dependencies,
  };
}

/** An import of the standard library. What a comment shows has a star before it. */
const STD_REGEXP =
  /((?:^|\n|\*\/ )(?:import|export)\b[^;]*?\bfrom\s*|\bimport\()"(@std\/[^"]+)"/g;

/** Where a file of the package finds a module of the standard library. */
export function stdFile(specifier: string): string {
  return `_std/${specifier.slice("@std/".length).replaceAll("/", "_")}.js`;
}

/** The modules of the standard library that a file imports. */
export function stdImports(code: string): string[] {
  return [...code.matchAll(STD_REGEXP)].map(([, , specifier]) => specifier!);
}

/** Points the imports of the standard library to files of the package. */
export function withOwnStd(path: string, code: string): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return code.replaceAll(
    STD_REGEXP,
    (_, before: string, specifier: string) =>
      `${before}"${up}${stdFile(specifier)}"`,
  );
}

/** Returns where a file stands in the package: what is shipped is no test of its own. */
export function placeOf(path: string): string {
  return path.replace(/^tests\/conformance\//, "conformance/");
}

/** Points the relative imports of a file to where the files stand in the package. */
export function relocated(path: string, code: string): string {
  const from = placeOf(path).split("/").slice(0, -1);
  return code.replaceAll(
    /((?:^|\n|\*\/ )(?:import|export)\b[^;"]*?\bfrom\s*|\bimport\(\s*|(?:^|\n)import\s*)"(\.{1,2}\/[^"]+)"/g,
    (_, before: string, specifier: string) => {
      const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
      const to = placeOf(target).split("/");
      let same = 0;
      while (same < from.length && from[same] === to[same]) same++;
      const up = "../".repeat(from.length - same) || "./";
      return `${before}"${up}${to.slice(same).join("/")}"`;
    },
  );
}
