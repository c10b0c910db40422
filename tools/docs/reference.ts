/**
 * Tables that are taken from the types and from `exports`.
 *
 * @module
 */
import { placeOf } from "../npm/package.ts";
import { type ApiMember, type ApiSymbol, symbolOf } from "./api.ts";
import { printTable, wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

const PACKAGE = "@remote-store/core";

/** The fields of an options type: name, type, default, meaning. */
export function optionTable(api: readonly ApiSymbol[], name: string): string {
  const { members } = found(api, name);
  return printTable(
    ["Option", "Type", "Default", "What it does"],
    (members ?? []).filter(({ kind }) => kind === "property").map((it) => [
      `\`${it.name}\``,
      `\`${it.type.replace(/ \| undefined$/, "")}\``,
      it.default === undefined ? (it.optional ? "–" : "needed") : it.default,
      it.doc,
    ]),
  );
}

/** The members of an interface with their signatures. */
export function memberTable(api: readonly ApiSymbol[], name: string): string {
  const { members } = found(api, name);
  return printTable(
    ["Member", "Needed", "What it does"],
    (members ?? []).map((it) => [
      `\`${signature(it)}\``,
      it.optional ? "–" : "yes",
      it.doc,
    ]),
  );
}

/** Writes a member as it stands in its interface. */
export function signature(it: ApiMember): string {
  const mark = it.optional ? "?" : "";
  return it.kind === "method"
    ? `${it.name}${mark}${it.type}`
    : `${it.name}${mark}: ${it.type}`;
}

function found(api: readonly ApiSymbol[], name: string): ApiSymbol {
  const symbol = symbolOf(api, name);
  if (symbol === undefined) throw new Error(`the API has no ${name}`);
  return symbol;
}

/** The entries of a kind. */
export function entriesOf(
  api: readonly ApiSymbol[],
  prefix: string,
): Map<string, ApiSymbol[]> {
  const entries = new Map<string, ApiSymbol[]>();
  for (const symbol of api) {
    if (!symbol.entry.startsWith(prefix)) continue;
    const symbols = entries.get(symbol.entry) ?? [];
    symbols.push(symbol);
    entries.set(symbol.entry, symbols);
  }
  return entries;
}

/** What can be called or made, in the order of use. */
export function valuesOf(symbols: readonly ApiSymbol[]): string[] {
  return symbols.filter(({ kind }) =>
    kind === "function" || kind === "class" || kind === "variable"
  ).map(({ name }) => name)
    // As `deno fmt` sorts what is imported.
    .sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1);
}

/** Each extension: its entry, what it exports, and the page that tells more. */
export function extensionTable(
  api: readonly ApiSymbol[],
  pages: ReadonlyMap<string, string>,
): string {
  return printTable(
    ["Entry", "What it has", "More"],
    [...entriesOf(api, "./ext/")].map(([entry, symbols]) => {
      const page = pages.get(entry);
      if (page === undefined) throw new Error(`"${entry}" has no page`);
      return [
        `\`${entry.slice("./ext/".length)}\``,
        valuesOf(symbols).map((name) => `\`${name}\``).join(", "),
        page,
      ];
    }),
  );
}

/** A snippet that imports all that the extensions have, and runs. */
export function importBlock(api: readonly ApiSymbol[]): string {
  const entries = [...entriesOf(api, "./ext/")];
  const lines = entries.map(([entry, symbols]) =>
    importLine(valuesOf(symbols), `${PACKAGE}/${entry.slice(2)}`)
  );
  const first = entries.flatMap(([, symbols]) => valuesOf(symbols).slice(0, 1));
  return [
    "```ts",
    ...lines,
    importLine(["assert"], "@std/assert"),
    "",
    "const loaded = [",
    ...first.map((name) => `  ${name},`),
    "];",
    'assert(loaded.every((it) => typeof it === "function"));',
    "```",
  ].join("\n");
}

function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(", ")} } from "${from}";`;
  return line.length <= 80
    ? line
    : `import {\n${
      names.map((name) => `  ${name},\n`).join("")
    }} from "${from}";`;
}

/** What each backend is for, in the order of the README. */
const PURPOSES: ReadonlyMap<string, readonly [name: string, purpose: string]> =
  new Map([
    ["memory", ["Memory", "tests, small caches, a reference to read"]],
    ["s3", ["S3", "S3 and services that speak its protocol"]],
    ["s3-remote", ["S3, in a page", "the same, signed by a server of yours"]],
    ["azure", ["Azure Blob", "Azure Blob Storage"]],
    ["r2", ["R2", "a bucket that is bound to a Worker"]],
    ["indexeddb", ["IndexedDB", "files in a browser that outlive the page"]],
    ["http", ["HTTP", "reading files that a web server gives away"]],
  ]);

/** A backend's entry, in words. */
interface BackendRow {
  readonly id: string;
  readonly title: string;
  readonly made: string;
  readonly purpose: string;
}

function backendRows(api: readonly ApiSymbol[]): BackendRow[] {
  // What only signs for pages is no backend.
  const entries = [...entriesOf(api, "./backends/")]
    .filter(([entry]) => !entry.endsWith("-signing"));
  const order = [...PURPOSES.keys()];
  return entries.map(([entry, symbols]) => {
    const id = entry.slice("./backends/".length);
    const purpose = PURPOSES.get(id);
    if (purpose === undefined) throw new Error(`say in PURPOSES what ${id} is`);
    const made = symbols.find(({ name, kind }) =>
      kind === "class" && name.endsWith("Backend") && name !== "BucketBackend"
    );
    return {
      id,
      title: purpose[0],
      made: `${made?.name}`,
      purpose: purpose[1],
    };
  }).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

/** The backends that `exports` has. */
export function backendTable(api: readonly ApiSymbol[]): string {
  return printTable(["Backend", "Class", "For"], [
    ...backendRows(api).map(({ title, made, purpose }) => [
      title,
      `\`${made}\``,
      purpose,
    ]),
    ["Yours", "`Backend`", "[one interface, one suite that tests it][own]"],
  ]);
}

/** The same, with what is imported and the page of each. */
export function backendPages(api: readonly ApiSymbol[]): string {
  return printTable(
    ["Backend", "For", "Import"],
    backendRows(api).map(({ id, title, made, purpose }) => [
      `[${title}](${
        id === "s3-remote"
          ? "./pages-without-secrets.md"
          : `./backends/${id}.md`
      })`,
      purpose,
      `\`${made}\` from \`${PACKAGE}/backends/${id}\``,
    ]),
  );
}

/** What shipped files import from other packages, and for what. */
export function dependencyList(files: Files): string {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    if (!/^(?:mod\.ts$|core\/|backends\/|ext\/)/.test(path)) continue;
    // Examples in comments import what tests need.
    const code = text.replaceAll(/^\s*\*.*$/gm, "");
    for (
      const [, name = ""] of code.matchAll(
        /(?:from |import\()"((?:@[\w-]+\/)?[\w-]+)(?:\/[^"]*)?"/g,
      )
    ) {
      const [top = ""] = path.split("/");
      const part = top === "backends" || top === "ext"
        ? path.split("/").slice(0, 2).join("/").replace(/\.ts$/, "")
        : top;
      found.set(name, (found.get(name) ?? new Set()).add(part));
    }
  }
  return printTable(
    ["Package", "Imported by"],
    [...found].sort().map(([name, parts]) => [
      `\`${name}\``,
      [...parts].sort().map((part) => `\`${part}\``).join(", "),
    ]),
  );
}

/** The entries by name, for the README. */
export function extensionList(api: readonly ApiSymbol[]): string {
  const names = [...entriesOf(api, "./ext/").keys()].map((entry) =>
    `\`${entry.slice(2)}\``
  );
  return wrap(`${names.join(", ")}.`);
}

/** Where the modules are that entries import by a bare name, in the packages of npm. */
const BARE: Readonly<Record<string, string>> = {
  "aws4fetch": "./node_modules/aws4fetch/dist/aws4fetch.esm.mjs",
  "idb-keyval": "./node_modules/idb-keyval/dist/index.js",
};

/** An import map of all entries, for pages without a bundler. */
export function importMap(
  exports: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(exports).map(([entry, path]) => [
        PACKAGE + entry.slice(1),
        `./node_modules/${PACKAGE}/${
          placeOf(path.slice(2)).replace(/\.ts$/, ".js")
        }`,
      ]),
    ),
    ...BARE,
  };
}

/** The same as it stands on a page. */
export function importMapBlock(files: Files): string {
  const { exports } = JSON.parse(files.get("deno.json") ?? "{}");
  const imports = importMap(exports);
  return `\`\`\`json\n${JSON.stringify({ imports }, null, 2)}\n\`\`\``;
}
