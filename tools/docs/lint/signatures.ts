/**
 * DOC-003: a signature that is quoted is that of the type.
 *
 * @module
 */
import type { ApiMember, ApiSymbol } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import { codeWords, ownWords, type Prose } from "./prose.ts";
import { withoutRegions } from "../markdown.ts";

/** What a call takes and gives. */
interface Callable {
  /** The class or interface; `null` of a function. */
  readonly owner: string | null;
  readonly params: readonly string[];
  readonly needed: number;
  readonly result: string;
}

/** Every function and method by its name; several where backends and stores share one. */
export function callables(api: readonly ApiSymbol[]): Map<string, Callable[]> {
  const found = new Map<string, Callable[]>();
  const add = (name: string, type: string, owner: string | null) => {
    const callable = toCallable(type, owner);
    if (callable) found.set(name, [...found.get(name) ?? [], callable]);
  };
  for (const { name, kind, type, members = [] } of api) {
    if (kind === "function" && type) add(name, type, null);
    const methods = members.filter((it: ApiMember) => it.kind === "method");
    if (kind === "interface" || kind === "class") {
      for (const it of methods) {
        add(it.name === "constructor" ? name : it.name, it.type, name);
      }
    }
  }
  return found;
}

/** Takes `(path: string, options?: X): Promise<Y>` apart. */
export function toCallable(
  type: string,
  owner: string | null = null,
): Callable | null {
  const end = closing(type, 0);
  if (end < 0) return null;
  const params = split(type.slice(1, end));
  return {
    owner,
    params: params.map((it) =>
      it.replace(/^\.\.\./, "").replace(/\??:.*$/s, "")
    ),
    needed: params.filter((it) => !/^\w+\?/.test(it) && !it.startsWith("..."))
      .length,
    result: type.slice(end + 1).replace(/^: /, "").trim(),
  };
}

function closing(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if ("([{<".includes(text[i]!)) depth++;
    if (")]}".includes(text[i]!) || (text[i] === ">" && text[i - 1] !== "=")) {
      depth--;
    }
    if (depth === 0) return i;
  }
  return -1;
}

function split(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{<".includes(text[i]!)) depth++;
    if (")]}".includes(text[i]!) || (text[i] === ">" && text[i - 1] !== "=")) {
      depth--;
    }
    if (text[i] !== "," || depth > 0) continue;
    parts.push(text.slice(start, i).trim());
    start = i + 1;
  }
  return [...parts, text.slice(start).trim()].filter(Boolean);
}

const NOTHING = /^(?:void|None|null|undefined|nothing|Promise<void>)$/;

/** Checks the signatures in a text: in backticks, beside a type in a table, and in words. */
export function checkSignatures(
  prose: Prose,
  known: ReadonlyMap<string, Callable[]>,
): Problem[] {
  const text = withoutRegions(ownWords(prose));
  const problems: Problem[] = [];
  const report = (index: number, message: string) =>
    problems.push({
      rule: "DOC-003",
      path: prose.path,
      line: lineOf(prose.text, index),
      message,
    });
  for (const { index, word } of codeWords(text)) {
    const why = wrongIn(word, known);
    if (why !== null) report(index, why);
  }
  for (
    const row of text.matchAll(
      /^\|\s*`([\w.]+)(?:\([^`]*\))?`\s*\|\s*`([^`|]+)`\s*\|/gm,
    )
  ) {
    const [, name = "", type = ""] = row;
    const forms = formsOf(name, known);
    if (forms.length > 0 && isType(type) && !fits(type, forms)) {
      report(
        row.index,
        `\`${name}\` returns \`${forms[0]!.result}\`, not \`${type}\``,
      );
    }
  }
  for (const { index, name, type } of returnedInTables(text)) {
    const forms = formsOf(name, known);
    if (forms.length > 0 && isType(type) && !fits(type, forms)) {
      report(
        index,
        `\`${name}\` returns \`${forms[0]!.result}\`, not \`${type}\``,
      );
    }
  }
  for (
    const said of text.matchAll(
      /`([\w.]+)(?:\([^`]*\))?`((?:(?!\.\s)[^`|;])*?)\b(?:returns?|resolves?\s+(?:to|with))\s+(?:the\s+|an?\s+)?(boolean|number\s+of|text|string|stream|list\s+of|`[A-Z]\w+`)/g,
    )
  ) {
    const [, name = "", between = "", what = ""] = said;
    const forms = formsOf(name, known);
    if (forms.length === 0 || /\n\s*\n/.test(between)) continue;
    if (!forms.some(({ result }) => isSaid(what, result))) {
      report(
        said.index,
        `\`${name}\` returns \`${forms[0]!.result}\`, not ${what}`,
      );
    }
  }
  for (
    const said of text.matchAll(
      /`([\w.]+)(?:\([^`]*\))?`((?:(?!\.\s)[^`|;])*?)\b(?:returns?|resolves? (?:to|with)|gives?(?: back)?|answers?(?: with)?)\s+(nothing|no result|no value|`(?:void|None|null|undefined)`)(?!\s+(?:but|where|for|if|or|when|until|that|of))/g,
    )
  ) {
    const [, name = "", between = "", what = ""] = said;
    const forms = formsOf(name, known);
    if (forms.length === 0 || /\n\s*\n/.test(between)) continue;
    const plain = what.replaceAll("`", "");
    const isVoid = forms.some(({ result }) =>
      NOTHING.test(result) || result.includes("null")
    );
    if (!isVoid) {
      report(
        said.index,
        `\`${name}\` returns \`${forms[0]!.result}\`, not ${plain}`,
      );
    }
  }
  return problems;
}

const SAID: Readonly<Record<string, RegExp>> = {
  boolean: /\bboolean\b/,
  number: /\bnumber\b/,
  text: /\bstring\b/,
  string: /\bstring\b/,
  stream: /Stream\b/,
  list: /\[\]|Iterable|Set|Map|Array/,
};

function isSaid(what: string, result: string): boolean {
  if (!what.startsWith("`")) {
    return SAID[what.split(/\s/)[0]!]?.test(result) ?? true;
  }
  return new RegExp(`\\b${what.replaceAll("`", "")}\\b`).test(result) ||
    // The name of a kind of result that the type spells out.
    !/^`(?:WriteResult|FileInfo|FolderInfo|Blob|Response|Uint8Array|ReadableStream|AtomicWriter|StoreBlob)`$/
      .test(what);
}

/** Calls and types in tables with a column for results, wherever it stands. */
function returnedInTables(
  text: string,
): { index: number; name: string; type: string }[] {
  const tables = text.matchAll(/^\|.*\n\|[ :|-]+\n(?:\|.*\n?)*/gm);
  return [...tables].flatMap((table) => {
    const lines = table[0].split("\n");
    const cells = (line: string) =>
      line.split("|").slice(1, -1).map((it) => it.trim());
    const column = cells(lines[0]!).findIndex((it) =>
      /^(?:Returns?|Gives?|Results?)$/i.test(it)
    );
    if (column < 2) return []; // The second one is looked at in any table.
    let index = table.index;
    return lines.flatMap((line) => {
      const at = index;
      index += line.length + 1;
      const row = cells(line);
      const [, name] = /^`([\w.]+)(?:\([^`]*\))?`$/.exec(row[0] ?? "") ?? [];
      const [, type] = /^`([^`]+)`$/.exec(row[column] ?? "") ?? [];
      return name && type ? [{ index: at, name, type }] : [];
    });
  });
}

/**
 * The forms of a name as it is said: `writer.write` is a writer's, and `write` alone
 * that of stores and backends, where they have it.
 */
function formsOf(
  name: string,
  known: ReadonlyMap<string, Callable[]>,
): readonly Callable[] {
  const [last = "", receiver = ""] = name.split(".").reverse();
  const forms = known.get(last) ?? [];
  const of = (owners: RegExp) =>
    forms.filter(({ owner }) => owners.test(owner ?? "function"));
  if (/writer$/i.test(receiver)) return of(/Writer$/);
  const usual = of(/^(?:StoreLike|Backend|function)$/);
  return usual.length > 0 ? usual : forms;
}

function isType(text: string): boolean {
  return NOTHING.test(text) ||
    /^(?:Promise<|readonly |[A-Z]\w+(?:<.*>)?$|string$|number$|boolean$)/
      .test(text);
}

function fits(type: string, forms: readonly Callable[]): boolean {
  const bare = (it: string) => it.replace(/^Promise<(.*)>$/, "$1");
  return forms.some(({ result }) =>
    bare(result) === bare(type) ||
    bare(result).split(" | ").includes(bare(type))
  );
}

/** Says what is wrong with a word that is a signature or a call. */
function wrongIn(
  word: string,
  known: ReadonlyMap<string, Callable[]>,
): string | null {
  const head = /^(?:(?:await|new|async) )?([\w.]+)\(/.exec(word);
  if (head === null) return null;
  const name = head[1]!.split(".").at(-1)!;
  const forms = formsOf(head[1]!, known);
  const open = head[0].length - 1;
  const end = closing(word, open);
  if (forms.length === 0 || end < 0) return null;
  const args = split(word.slice(open + 1, end));
  const result = /^\s*(?::|->|=>|→)\s*(.+)$/.exec(word.slice(end + 1))?.[1];
  if (result !== undefined && !fits(result.trim(), forms)) {
    return `\`${name}\` returns \`${forms[0]!.result}\`, not \`${result}\``;
  }
  // Values are a call, and names the signature.
  const names = args.map((it) =>
    /^(?:\.\.\.)?([a-z]\w*)\??(?::.*|\s*=.*)?$/i.exec(it)?.[1]
  );
  if (args.length === 0 || names.some((it) => it === undefined)) return null;
  if (args.some((it) => /^(?:null|undefined|true|false)$/.test(it))) {
    return null;
  }
  const fit = forms.some(({ params, needed }) =>
    names.length >= needed && names.length <= params.length &&
    names.every((it, i) => it === params[i] || isValueOf(it!, params[i]!))
  );
  return fit
    ? null
    : `\`${name}\` takes (${forms[0]!.params.join(", ")}), not (${
      args.join(", ")
    })`;
}

/** A caller's own name for an argument: `store`, `url` where the parameter is no other one. */
function isValueOf(name: string, param: string): boolean {
  return param === "" || ALIASES.get(param)?.includes(name) === true;
}

const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ["signal", ["signal"]],
]);
