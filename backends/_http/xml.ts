// This module is browser compatible.

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Returns text with its entity and character references resolved (XML 1.0 §4.1, §4.6). */
export function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi,
    (reference, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? reference;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
    },
  );
}

/** Returns text that can stand in an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- XML 1.0 has no other way to write them
    /[&<>"'\x00-\x1f\x7f]/g,
    (char) => `&#${char.charCodeAt(0)};`,
  );
}

/**
 * Returns the text of the first element `name` in `xml`, resolved; `null` where there
 * is none. Meant for documents whose element names do not repeat at another depth:
 * the answers of storage services.
 */
export function elementText(xml: string, name: string): string | null {
  const inner = elementXml(xml, name);
  return inner === null ? null : unescapeXml(inner);
}

/** Returns what stands inside of the first element `name`, as it stands. */
export function elementXml(xml: string, name: string): string | null {
  const start = openTag(xml, name, 0);
  if (start === null) return null;
  if (start.empty) return "";
  const end = xml.indexOf(`</${name}>`, start.end);
  return end < 0 ? null : xml.slice(start.end, end);
}

/**
 * Yields what stands inside of each element `name`, in one pass over the text. Each is
 * cut out before it is looked into, so that a missing child costs no more than
 * its parent's length.
 */
export function* elements(xml: string, name: string): Generator<string> {
  const close = `</${name}>`;
  for (let at = 0;;) {
    const start = openTag(xml, name, at);
    if (start === null) return;
    if (start.empty) {
      at = start.end;
      yield "";
      continue;
    }
    const end = xml.indexOf(close, start.end);
    if (end < 0) return;
    yield xml.slice(start.end, end);
    at = end + close.length;
  }
}

/** An element and what stands inside of it. */
export interface Child {
  /** Its name. */
  readonly name: string;
  /** What stands inside, as it stands. */
  readonly inner: string;
}

/**
 * Yields the elements at the top of `xml`, whatever they are called and whatever is
 * called alike below them: the names of user metadata are the user's.
 */
export function* children(xml: string): Generator<Child> {
  let depth = 0;
  let name = "";
  let start = 0;
  for (let at = xml.indexOf("<"); at >= 0;) {
    const end = xml.indexOf(">", at);
    if (end < 0) return;
    const next = xml[at + 1];
    if (next === "/") {
      depth--;
      if (depth === 0) yield { name, inner: xml.slice(start, at) };
    } else if (next !== "?" && next !== "!") {
      const empty = xml[end - 1] === "/";
      if (depth === 0) {
        name = /^[^\s/>]+/.exec(xml.slice(at + 1, end))?.[0] ?? "";
        start = end + 1;
        if (empty) yield { name, inner: "" };
      }
      if (!empty) depth++;
    }
    at = xml.indexOf("<", end);
  }
}

/** Returns the name of a document's root element; `null` where it has none. */
export function rootName(xml: string): string | null {
  const match = /^\uFEFF?\s*(?:<\?[^>]*\?>\s*)?<([A-Za-z_][\w.:-]*)/.exec(xml);
  return match?.[1] ?? null;
}

// Finds `<name>`, `<name attribute="…">` and `<name/>`, and no `<nameother>`.
function openTag(
  xml: string,
  name: string,
  from: number,
): { end: number; empty: boolean } | null {
  const open = `<${name}`;
  for (
    let at = xml.indexOf(open, from);
    at >= 0;
    at = xml.indexOf(open, at + 1)
  ) {
    const next = xml.charCodeAt(at + open.length);
    const GREATER = 0x3e;
    if (next === GREATER) return { end: at + open.length + 1, empty: false };
    const SLASH = 0x2f;
    if (next !== SLASH && next > 0x20) continue;
    const end = xml.indexOf(">", at);
    if (end < 0) return null;
    return { end: end + 1, empty: xml.charCodeAt(end - 1) === SLASH };
  }
  return null;
}
