// This module is browser compatible.
import { broken, Tokens } from "./tokens.ts";

/** Makes a value of an element's text, of its attributes as they stand where it has any. */
export type Value<T> = (text: string, attributes: string) => T;

/** What is read of an element: a value of its text, its children, or each of several. */
export type Field =
  | Value<unknown>
  | Fields
  | readonly [Value<unknown> | Fields];

/** The children that are read of an element, by name; the others are passed over. */
export interface Fields {
  readonly [name: string]: Field;
}

/** The text as it is. */
export function text(own: string): string {
  return own;
}

/** Children that are called as users like: all are read, into a `Map` by name. */
export interface Named<T> extends Fields {
  readonly "*": Value<T>;
}

/**
 * What a document holds: `null` for an element that is not there, an array for those
 * that may be several. Where one that should be single comes twice, the last one counts.
 */
export type Found<F> = F extends Named<infer T> ? Map<string, T>
  : { readonly [Name in keyof F]: FoundField<F[Name]> };

type FoundField<F> = F extends readonly [infer Each] ? FoundEach<Each>[]
  : FoundEach<F> | null;

type FoundEach<F> = F extends Value<infer T> ? T : Found<F>;

/**
 * Reads an XML document whose root is `root`. Strings are copies: a slice would keep
 * all of the document alive as long as it lives.
 *
 * @throws {BackendUnavailableError} If it is no such document, or not all of it.
 */
export function read<const F extends Fields>(
  document: string,
  root: string,
  fields: F,
): Found<F> {
  const tokens = new Tokens(document);
  tokens.root();
  if (tokens.name !== root) throw broken(`is no ${root} document`);
  const found = readInto(tokens, toPlan(fields));
  tokens.end();
  return found as Found<F>;
}

/** Reads a document as {@linkcode read} does; returns `null` where it is no such one, or not all of it. */
export function readIf<const F extends Fields>(
  document: string,
  root: string,
  fields: F,
): Found<F> | null {
  try {
    return read(document, root, fields);
  } catch {
    return null;
  }
}

/** Returns the name of a document's root; `null` where it is no XML. */
export function rootName(document: string): string | null {
  try {
    const tokens = new Tokens(document);
    tokens.root();
    return own(tokens.name);
  } catch {
    return null;
  }
}

/** How the children of an element are read. */
interface Plan {
  /** What is found where nothing is. */
  readonly nothing: Readonly<Record<string, null>>;
  /** The names of those that may be several. */
  readonly lists: readonly string[];
  /** The fields by the length of their names: most elements are told apart by it alone. */
  readonly byLength: readonly (readonly PlannedField[] | undefined)[];
  /** For all others. */
  readonly rest: Value<unknown> | null;
}

interface PlannedField {
  readonly name: string;
  readonly isList: boolean;
  readonly value: Value<unknown> | null;
  readonly plan: Plan | null;
}

function toPlan(fields: Fields): Plan {
  const { "*": rest = null, ...named } = fields;
  const byLength: PlannedField[][] = [];
  const nothing: Record<string, null> = {};
  const lists: string[] = [];
  for (const name in named) {
    const field = named[name]!;
    const isList = Array.isArray(field);
    const each = (isList ? field[0] : field) as Value<unknown> | Fields;
    nothing[name] = null;
    if (isList) lists.push(name);
    (byLength[name.length] ??= []).push({
      name,
      isList,
      value: typeof each === "function" ? each : null,
      plan: typeof each === "function" ? null : toPlan(each),
    });
  }
  return { nothing, lists, byLength, rest: rest as Value<unknown> | null };
}

function readInto(tokens: Tokens, plan: Plan): unknown {
  if (plan.rest !== null) return readNamed(tokens, plan.rest);
  const found: Record<string, unknown> = { ...plan.nothing };
  for (const name of plan.lists) found[name] = [];
  while (tokens.child()) {
    const field = fieldOf(plan, tokens.name);
    if (field === null) {
      tokens.skip();
      continue;
    }
    const value = field.value !== null
      ? readValue(tokens, field.value)
      : readInto(tokens, field.plan!);
    if (field.isList) (found[field.name] as unknown[]).push(value);
    else found[field.name] = value;
  }
  return found;
}

function fieldOf({ byLength }: Plan, name: string): PlannedField | null {
  const fields = byLength[name.length];
  if (fields === undefined) return null;
  for (const field of fields) if (field.name === name) return field;
  return null;
}

// A map and no object: one of the names may be "__proto__".
function readNamed(
  tokens: Tokens,
  value: Value<unknown>,
): Map<string, unknown> {
  const found = new Map<string, unknown>();
  while (tokens.child()) {
    const name = own(tokens.name);
    found.set(name, readValue(tokens, value));
  }
  return found;
}

function readValue(tokens: Tokens, value: Value<unknown>): unknown {
  const { attributes } = tokens;
  const made = value(tokens.text(), attributes);
  return typeof made === "string" ? own(made) : made;
}

function own(text: string): string {
  return (" " + text).slice(1);
}
