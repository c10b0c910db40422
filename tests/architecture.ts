/**
 * Pure: the checks on sources that `architecture_test.ts` runs over the
 * repository, and over bad inputs to prove that each can fail.
 *
 * @module
 */

/** Who may import whom. The first row whose `from` matches decides; `$1` in `may` is what `from` captured. */
export const DIRECTIONS: readonly (readonly [from: RegExp, may: string])[] = [
  [/^mod\.ts$/, "core/"],
  [/^core\//, "core/"],
  [/^digest\//, "digest/"],
  [/^backends\/_http\//, "core/|digest/|backends/_http/"],
  [/^backends\/([^/.]+)/, "core/|digest/|backends/_http/|backends/$1[/.]"],
  [/^ext\//, "mod\\.ts$|digest/|ext/_"],
  [/^tests\/conformance\//, "mod\\.ts$|tests/conformance/"],
  [/^(tests|bench|examples|docs)\//, ""],
  // They show what backends do on the fakes of the tests.
  [/^tools\/docs\//, ""],
  [/^(without_jsr|tools)\//, "$1/"],
];

/** Which shipped files may use a dependency; one without a row is for tests only. */
export const DEPENDENCIES: readonly (readonly [name: RegExp, from: RegExp])[] =
  [
    [/^@std\/(path|streams)\//, /^(core|backends|ext)\//],
    [/^@std\/crypto(\/|$)/, /^ext\//],
    [/^aws4fetch$/, /^backends\/s3\//],
    [/^idb-keyval$/, /^backends\/indexeddb\//],
  ];

const DRAWER_NAMES = ["utils", "helpers", "common", "shared", "misc", "types"];

/** Sources by their path from the root. */
export type Sources = ReadonlyMap<string, string>;

/** Says whether a path lies in what `publish.include` names. */
export function isShipped(path: string, include: readonly string[]): boolean {
  return path.endsWith(".ts") &&
    include.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

// Strings and regular expressions come first, so that a `//` or a quote inside
// one starts nothing.
const TOKENS_REGEXP =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};>]\s*|return\s)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** Removes the comments. */
export function withoutComments(source: string): string {
  return source.replaceAll(TOKENS_REGEXP, (_, literal) => literal ?? "");
}

/** Every specifier that a source imports or re-exports, types included. */
export function importsOf(source: string): string[] {
  const text = withoutComments(source);
  const found = [
    ...text.matchAll(
      /^(?:import|export)\s+(?:type\s+)?(?:[\w$]+|(?:[\w$]+\s*,\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\}))\s+from\s*["']([^"']+)["']/gm,
    ),
    ...text.matchAll(/^import\s*["']([^"']+)["']/gm),
    ...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g),
  ];
  return found.map(([, specifier]) => `${specifier}`);
}

/** What a relative specifier names, as a path from the root; others stay as they are. */
export function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/** Imports against {@linkcode DIRECTIONS}. */
export function wrongDirections(sources: Sources): string[] {
  return edges(sources).flatMap(([from, to]) => {
    if (!sources.has(to)) return [];
    const row = DIRECTIONS.find(([pattern]) => pattern.test(from));
    if (row === undefined) return [`${from}: no row in DIRECTIONS`];
    const captured = row[0].exec(from)?.[1] ?? "";
    const may = new RegExp(`^(?:${row[1].replaceAll("$1", captured)})`);
    return may.test(to) ? [] : [`${from} → ${to}`];
  });
}

/** Dependencies of shipped files against {@linkcode DEPENDENCIES}. */
export function wrongDependencies(shipped: Sources): string[] {
  return edges(shipped).flatMap(([from, to]) => {
    if (shipped.has(to)) return [];
    const allowed = DEPENDENCIES.some(([name, by]) =>
      name.test(to) && by.test(from)
    );
    return allowed ? [] : [`${from} → ${to}`];
  });
}

/** Cycles, each as the files along it. */
export function cycles(sources: Sources): string[] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of edges(sources)) {
    if (sources.has(to)) targets.set(from, [...targets.get(from) ?? [], to]);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]) => {
    const start = above.indexOf(file);
    if (start >= 0) found.push([...above.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    for (const next of targets.get(file) ?? []) visit(next, [...above, file]);
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}

/** What shipped code must do without: one runtime's own API, the console, imports that no bundler can follow. */
export function foreignWords(shipped: Sources): string[] {
  const words = [
    // The name that a runtime gives itself in its user agent is no API of it.
    /\bDeno\b(?!\/")/,
    // Asking a runtime for what it brings is no import: nothing is loaded, and
    // nothing breaks, where the runtime has no such module.
    /(?<!\bgetBuiltinModule\?\.\()["']node:/,
    /\bconsole\s*[.[?]/,
    /\bprocess\s*\./,
    /\bimport\((?!\s*["'])/,
  ];
  return [...shipped].flatMap(([path, source]) => {
    const text = withoutComments(source);
    return words.flatMap((word) => {
      const hit = word.exec(text);
      return hit ? [`${path}: ${hit[0]}`] : [];
    });
  });
}

/** Files with more lines than a reader keeps in mind. */
export function tooLong(sources: Sources, limit = 400): string[] {
  return [...sources].flatMap(([path, source]) => {
    const lines = source.replace(/\n$/, "").split("\n").length;
    return lines > limit ? [`${path}: ${lines} lines`] : [];
  });
}

/** Files and folders whose name says nothing, so that anything is put there. */
export function drawers(paths: Iterable<string>): string[] {
  return [...paths].filter((path) =>
    path.split("/").some((part) =>
      DRAWER_NAMES.includes(part.replace(/^_/, "").replace(/(_test)?\..*$/, ""))
    )
  );
}

/** The one name of each job, by every beginning that another name for it would have. */
const JOBS: readonly (readonly [beginning: RegExp, name: string])[] = [
  [/^(?:read|get)/, "reading"],
  [/^(?:writ|put)/, "writing"],
  [/^(?:delet|remov)/, "deleting"],
  [/^cop(?:y|ie)/, "copying"],
  [/^mov/, "moving"],
  [/^list/, "listing"],
  [/^(?:prob|look|stat|head)/, "probing"],
  [/^(?:presign)/, "presigning"],
  [/^(?:fail|fault|error)/, "failures"],
];

/** Files of backends that do a job of the core under another name than the core. */
export function dialects(paths: Iterable<string>): string[] {
  return [...paths].flatMap((path) => {
    const file = /^backends\/[^_/]+\/(\w+)\.ts$/.exec(path)?.[1];
    if (file === undefined) return [];
    const job = JOBS.find(([beginning]) => beginning.test(file))?.[1];
    return job === undefined || job === file ? [] : [`${path}: ${job}`];
  });
}

/** Sources of `core/`, `backends/` and `ext/` without a test file, and exceptions that except nothing. */
export function withoutTest(
  sources: Sources,
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const untested = [...sources.keys()].filter((path) =>
    /^(core|backends|ext)\//.test(path) &&
    !sources.has(`tests/${path.replace(/\.ts$/, "_test.ts")}`) &&
    hasCode(sources.get(path) ?? "")
  );
  return [
    ...untested.filter((path) => !Object.hasOwn(exceptions, path)),
    ...Object.keys(exceptions).filter((path) => !untested.includes(path))
      .map((path) => `${path}: needs no exception`),
  ];
}

/** Interfaces, type aliases and re-exports leave nothing to run. */
function hasCode(source: string): boolean {
  return /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function|class|const|let|var)\b/m
    .test(withoutComments(source));
}

/** The fields that must be equal in both manifests, where they are not. */
export function manifestDifferences(
  deno: Readonly<Record<string, unknown>>,
  jsr: Readonly<Record<string, unknown>>,
): string[] {
  const fields = ["name", "version", "license", "exports", "publish"];
  const extra = Object.keys(jsr).filter((key) =>
    key !== "$schema" && !fields.includes(key)
  );
  return [
    ...fields.filter((key) =>
      JSON.stringify(deno[key]) !== JSON.stringify(jsr[key])
    ),
    ...extra,
  ];
}

/** Imports that are neither `jsr:@std/…` under their own name nor from npm. */
export function foreignImports(
  imports: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(imports).flatMap(([name, target]) =>
    name.startsWith("@std/")
      ? target.startsWith(`jsr:${name}@^`) ? [] : [`${name}: ${target}`]
      : target.startsWith(`npm:${name}@`)
      ? []
      : [`${name}: ${target}`]
  );
}

function edges(sources: Sources): [from: string, to: string][] {
  return [...sources].flatMap(([from, source]) =>
    importsOf(source).map((specifier): [string, string] => [
      from,
      resolveImport(from, specifier),
    ])
  );
}
