/**
 * Which names exist: ours by the public API, those of sources, and those that the
 * platform and the services have.
 *
 * @module
 */
import type { ApiSymbol } from "../api.ts";
import type { Files } from "../repository.ts";
import { FOREIGN } from "./foreign.ts";

/** What a word can be. */
export interface Words {
  /** Names and members of the public API, and the literals of its types. */
  readonly api: ReadonlySet<string>;
  /** Identifiers of the sources. */
  readonly sources: ReadonlySet<string>;
  /** The names of tasks. */
  readonly tasks: ReadonlySet<string>;
  /** The entries: `.`, `./ext/write`. */
  readonly entries: ReadonlySet<string>;
}

const IDENTIFIER = /[A-Za-z_$][\w$]*/g;

/** Collects what exists. */
export function wordsOf(files: Files, api: readonly ApiSymbol[]): Words {
  const names = new Set<string>();
  for (const symbol of api) {
    names.add(symbol.name);
    for (const word of symbol.type?.match(IDENTIFIER) ?? []) names.add(word);
    for (const { name, type } of symbol.members ?? []) {
      names.add(name);
      for (const word of type.match(IDENTIFIER) ?? []) names.add(word);
    }
  }
  const sources = new Set<string>();
  for (const [path, source] of files) {
    if (!path.endsWith(".ts") && !path.endsWith(".mjs")) continue;
    // Planted words are strings of a test, and no names.
    if (path.startsWith("tests/tools/docs/")) continue;
    const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    for (const word of code.match(IDENTIFIER) ?? []) sources.add(word);
  }
  const { tasks, exports } = JSON.parse(files.get("deno.json") ?? "{}");
  return {
    api: names,
    sources,
    tasks: new Set([
      ...Object.keys(tasks ?? {}),
      // Examples are folders to copy, with tasks of their own.
      ...[...files].filter(([path]) => /^examples\/.*\/deno\.json$/.test(path))
        .flatMap(([, text]) => Object.keys(JSON.parse(text).tasks ?? {})),
    ]),
    entries: new Set(Object.keys(exports ?? {})),
  };
}

/** Says whether a name is the platform's, a service's or another tool's. */
export function isForeign(word: string): boolean {
  return word in globalThis || FOREIGN.has(word) ||
    PLATFORM_MEMBERS.has(word);
}

const PLATFORM_MEMBERS: ReadonlySet<string> = new Set(
  [
    Promise,
    AbortSignal,
    AbortController,
    Blob,
    Request,
    Response,
    Headers,
    ReadableStream,
    WritableStream,
    TransformStream,
    URL,
    URLSearchParams,
    TextDecoder,
    Array,
    Object,
    String,
    Number,
    Map,
    Set,
    Date,
    JSON,
    Symbol,
    crypto,
    crypto.subtle,
  ].flatMap((it) => [
    ...Object.getOwnPropertyNames(it),
    ...Object.getOwnPropertyNames("prototype" in it ? it.prototype : it),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(it) ?? {}),
  ]),
);
