/**
 * What sentences about calls, options, entries, capabilities and numbers are compared
 * with: the types, and the tables that are generated.
 *
 * @module
 */
import { METHOD_OPTIONS } from "../../../mod.ts";
import { type ApiSymbol, symbolOf } from "../api.ts";
import { regionsOf } from "../markdown.ts";
import type { Files } from "../repository.ts";

/** What sentences are compared with. */
export interface Facts {
  /** The members of what is called by its usual name: `store.write`. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** The options of each method. */
  readonly options: ReadonlyMap<string, ReadonlySet<string>>;
  /** The fields of every interface. */
  readonly fields: ReadonlySet<string>;
  /** The numbers that options have by default, by their name. */
  readonly defaults: ReadonlyMap<string, ReadonlySet<number>>;
  /** What each entry exports. */
  readonly exported: ReadonlyMap<string, ReadonlySet<string>>;
  /** The codes of errors. */
  readonly codes: ReadonlySet<string>;
  /** What each backend declares, and does not, in every configuration. */
  readonly declared: ReadonlyMap<string, Declared>;
  /** The calls that an error comes from, where the table lists them. */
  readonly from: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many there are of what pages count. */
  readonly counts: ReadonlyMap<string, number>;
}

interface Declared {
  readonly yes: ReadonlySet<string>;
  readonly no: ReadonlySet<string>;
}

const OWNERS: readonly (readonly [word: string, type: string])[] = [
  ["store", "StoreLike"],
  ["backend", "Backend"],
  ["writer", "AtomicWriter"],
];

const BACKENDS = ["memory", "indexeddb", "s3", "azure", "r2", "http"];

/** Collects them. */
export function factsOf(files: Files, api: readonly ApiSymbol[]): Facts {
  const names = (of: ApiSymbol | undefined) =>
    (of?.members ?? []).map(({ name }) => name);
  const options = new Map<string, ReadonlySet<string>>(
    Object.entries(METHOD_OPTIONS).map((
      [method, known],
    ) => [method, new Set(Object.keys(known))]),
  );
  for (const same of ["writeText", "writeAtomic", "openAtomic"]) {
    options.set(same, options.get("write")!);
  }
  options.set("readBytes", options.get("read")!);
  options.set("move", options.get("copy")!);
  const defaults = new Map<string, Set<number>>();
  for (
    const { name, default: value } of api.flatMap((it) => it.members ?? [])
  ) {
    const figure = Number(value?.replaceAll("_", ""));
    if (value === undefined || Number.isNaN(figure)) continue;
    defaults.set(name, (defaults.get(name) ?? new Set()).add(figure));
  }
  const exported = new Map<string, Set<string>>();
  for (const { entry, name } of api) {
    exported.set(entry, (exported.get(entry) ?? new Set()).add(name));
  }
  const entries = [...exported.keys()];
  return {
    members: new Map(OWNERS.map(([word, type]) => [
      word,
      new Set([
        ...names(symbolOf(api, type)),
        ...names(symbolOf(api, "Store")),
      ]),
    ])),
    options,
    fields: new Set(api.flatMap(names)),
    defaults,
    exported,
    codes: new Set(
      [...(files.get("core/errors.ts") ?? "").matchAll(
        /\bcode[^=\n]*= "(\w+)"/g,
      )].map(([, code]) => code!),
    ),
    declared: new Map(
      BACKENDS.map((backend) => [backend, declaredBy(backend, files)]),
    ),
    from: callsOf(files),
    counts: new Map([
      ["extensions", entries.filter((it) => it.startsWith("./ext/")).length],
      ["backends", BACKENDS.length],
      ["capabilities", names(symbolOf(api, "Capability")).length],
    ]),
  };
}

function rowsOf(table: string): string[][] {
  return table.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word!);
}

function tableOf(files: Files, path: string, name: string): string[][] {
  const regions = regionsOf(files.get(path) ?? "");
  return rowsOf(regions.find((it) => it.name === name)?.text ?? "");
}

// What differs by configuration is neither.
function declaredBy(backend: string, files: Files): Declared {
  const path = `docs/backends/${backend}.md`;
  const [, , row = []] = tableOf(files, path, `declared-${backend}`);
  const [head = []] = tableOf(files, path, `capabilities-${backend}`);
  const differs = new Set(head.flatMap(wordsIn));
  const sure = (cell = "") =>
    new Set(wordsIn(cell).filter((it) => !differs.has(it)));
  return { yes: sure(row[0]), no: sure(row[1]) };
}

function callsOf(files: Files): Map<string, Set<string>> {
  const rows = tableOf(files, "docs/errors.md", "errors").slice(2);
  return new Map(
    rows.filter(([, , from = ""]) => from.startsWith("`"))
      .map(([code = "", , from = ""]) => [
        wordsIn(code)[0] ?? "",
        new Set(wordsIn(from)),
      ]),
  );
}
