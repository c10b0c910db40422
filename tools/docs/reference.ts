/**
 * Tables that are taken from the types and from `exports`.
 *
 * @module
 */
import { type ApiMember, type ApiSymbol, symbolOf } from "./api.ts";
import { printTable } from "./markdown.ts";

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
  ).map(({ name }) => name);
}

/** Each extension: its entry, what it exports, and the page that tells more. */
export function extensionTable(
  api: readonly ApiSymbol[],
  pages: ReadonlyMap<string, string>,
): string {
  return printTable(
    ["Entry", "What it has", "More"],
    [...entriesOf(api, "./ext/")].map(([entry, symbols]) => [
      `\`${entry.slice("./ext/".length)}\``,
      valuesOf(symbols).map((name) => `\`${name}\``).join(", "),
      pages.get(entry) ?? "",
    ]),
  );
}

/** The line that imports what an entry has, for each extension. */
export function importBlock(api: readonly ApiSymbol[]): string {
  const lines = [...entriesOf(api, "./ext/")].map(([entry, symbols]) => {
    const from = `${PACKAGE}/${entry.slice(2)}`;
    const names = valuesOf(symbols);
    const line = `import { ${names.join(", ")} } from "${from}";`;
    return line.length <= 80
      ? line
      : `import {\n${
        names.map((name) => `  ${name},\n`).join("")
      }} from "${from}";`;
  });
  // Imports alone check that the names exist, and that no two entries clash.
  return `\`\`\`ts ignore\n${lines.join("\n")}\n\`\`\``;
}

/** The entries by name, for the README. */
export function extensionList(api: readonly ApiSymbol[]): string {
  const names = [...entriesOf(api, "./ext/").keys()].map((entry) =>
    `\`${entry.slice(2)}\``
  );
  const lines = [""];
  for (const [i, name] of names.entries()) {
    const word = i === names.length - 1 ? `${name}.` : `${name},`;
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + word.length + 1 <= 80) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines.join("\n");
}
