/**
 * The public API as data: what `deno doc` says of every entry, one symbol a line
 * in `docs/api.jsonl`. Pages are generated from it and compared with it.
 *
 * @module
 */
import {
  printParams,
  printType,
  type TsParam,
  type TsType,
} from "./printing.ts";

/** A method, a property or an accessor. */
export interface ApiMember {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly kind: "method" | "property";
  /** Its type: `(path: string): Promise<void>` of a method, `string` of a property. */
  readonly type: string;
  /** Whether it may be left out. */
  readonly optional?: true;
  /** The tag `@default`. */
  readonly default?: string;
  /** The first sentence of its comment. */
  readonly doc: string;
}

/** An exported symbol. */
export interface ApiSymbol {
  /** The entry that exports it: `.`, `./ext/write`. */
  readonly entry: string;
  /** Its name. */
  readonly name: string;
  /** `class`, `interface`, `function`, `typeAlias`, `variable`; `reference` where another entry has it. */
  readonly kind: string;
  /** What a function takes and returns, or a type stands for. */
  readonly type?: string;
  /** What a class or an interface has. */
  readonly members?: readonly ApiMember[];
  /** The first sentence of its comment. */
  readonly doc: string;
  /** The classes that its tags `@throws` name, its members' too. */
  readonly throws?: readonly string[];
}

interface Doc {
  readonly doc?: string;
  readonly tags?: readonly {
    readonly kind: string;
    readonly value?: string;
    readonly doc?: string;
    readonly tsType?: TsType;
  }[];
}

interface Function {
  readonly params?: readonly TsParam[];
  readonly returnType?: TsType;
}

interface Member extends Function {
  readonly name: string;
  readonly kind?: string;
  readonly accessibility?: string;
  readonly optional?: boolean;
  readonly jsDoc?: Doc;
  readonly tsType?: TsType;
  readonly functionDef?: Function;
  readonly isStatic?: boolean;
}

interface Definition extends Function {
  readonly methods?: readonly Member[];
  readonly properties?: readonly Member[];
  readonly constructors?: readonly Member[];
  readonly tsType?: TsType;
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: Doc;
  readonly def?: Definition;
}

/** What `deno doc --json` prints. */
export interface DenoDoc {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly symbols: readonly {
          readonly name: string;
          readonly declarations: readonly Declaration[];
        }[];
      }
    >
  >;
}

/** Makes the symbols of what `deno doc --json` printed for the entries of a manifest. */
export function toApi(
  doc: DenoDoc,
  exports: Readonly<Record<string, string>>,
): ApiSymbol[] {
  return Object.entries(exports).flatMap(([entry, path]) => {
    const file = Object.keys(doc.nodes).find((url) =>
      url.endsWith(path.slice(1))
    );
    const { symbols } = doc.nodes[file ?? ""] ?? { symbols: [] };
    return symbols.map(({ name, declarations }) =>
      toSymbol(entry, name, declarations)
    ).sort((a, b) => a.name < b.name ? -1 : 1);
  });
}

function toSymbol(
  entry: string,
  name: string,
  declarations: readonly Declaration[],
): ApiSymbol {
  const first = declarations[0]!;
  const { def = {} } = first;
  const members = [
    ...(def.constructors ?? []).map((it) => method(it, "constructor")),
    ...(def.properties ?? []).map(property),
    ...(def.tsType?.kind === "typeLiteral"
      ? (def.tsType.value as { properties?: Member[] }).properties ?? []
      : []).map(property),
    ...(def.methods ?? []).filter((it) => it.accessibility !== "private")
      .map((it) => method(it, it.name)),
  ].filter((it) => !it.name.startsWith("["));
  const type = first.kind === "function"
    ? declarations.map(({ def: it = {} }) => printFunction(it)).join(" & ")
    : members.length === 0 && def.tsType !== undefined
    ? printType(def.tsType)
    : undefined;
  const throws = [
    ...new Set([
      ...thrown(first.jsDoc),
      ...(def.methods ?? []).flatMap((it) => thrown(it.jsDoc)),
    ]),
  ].sort();
  return {
    entry,
    name,
    kind: first.kind,
    ...(type === undefined ? {} : { type }),
    ...(members.length === 0 ? {} : { members }),
    doc: firstSentence(first.jsDoc),
    ...(throws.length === 0 ? {} : { throws }),
  };
}

function method(it: Member, name: string): ApiMember {
  return {
    name,
    kind: "method",
    type: printFunction(it.functionDef ?? it),
    ...(it.optional ? { optional: true } : {}),
    doc: firstSentence(it.jsDoc),
  };
}

function property(it: Member): ApiMember {
  const tag = it.jsDoc?.tags?.find(({ kind }) => kind === "default");
  const text = [tag?.value, tag?.doc].filter(Boolean).join(" ");
  return {
    name: it.name,
    kind: "property",
    type: it.tsType === undefined ? "unknown" : printType(it.tsType),
    ...(it.optional ? { optional: true } : {}),
    ...(text === "" ? {} : { default: text.replaceAll(/\s+/g, " ").trim() }),
    doc: firstSentence(it.jsDoc),
  };
}

function printFunction({ params = [], returnType }: Function): string {
  const result = returnType === undefined ? "" : `: ${printType(returnType)}`;
  return `(${printParams(params)})${result}`;
}

function thrown(doc: Doc | undefined): string[] {
  return (doc?.tags ?? []).flatMap(({ kind, tsType }) =>
    kind === "throws" && tsType !== undefined ? [printType(tsType)] : []
  );
}

/** The first sentence of a comment, without the braces of its links. */
function firstSentence(doc: Doc | undefined): string {
  const text = (doc?.doc ?? "").split("\n\n")[0]!
    .replaceAll(/\{@link(?:code)? ([^}]+)\}/g, "`$1`")
    .replaceAll(/\s+/g, " ").trim();
  return /^.*?[.](?=\s+[A-Z`]|$)/.exec(text)?.[0] ?? text;
}

/** Writes symbols as lines of JSON. */
export function printApi(symbols: readonly ApiSymbol[]): string {
  return symbols.map((symbol) => JSON.stringify(symbol) + "\n").join("");
}

/** Reads what {@linkcode printApi} wrote. */
export function parseApi(text: string): ApiSymbol[] {
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** Returns a symbol by its name. */
export function symbolOf(
  api: readonly ApiSymbol[],
  name: string,
): ApiSymbol | undefined {
  return api.find((it) => it.name === name && it.kind !== "reference");
}
