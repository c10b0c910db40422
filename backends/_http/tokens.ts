// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";

/** The longest document that is read, in UTF-16 units: far above a page of any service. */
const MAX_LENGTH = 128 * 1024 * 1024;

/** The most elements that may be open at once; services nest half a dozen. */
const MAX_DEPTH = 100;

const BANG = 0x21;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const SPACE = 0x20;

/**
 * A cursor over the elements of an XML document (XML 1.0 without document types): each
 * step enters a child, takes an element's text, or passes over it. Names are compared
 * only with what their own parent may hold, so that an element deep inside of another
 * never passes for one above it.
 */
export class Tokens {
  /** The name of the element entered last. */
  name = "";
  /** Its attributes as they stand; empty where it has none. */
  attributes = "";
  readonly #xml: string;
  readonly #open: string[] = [];
  #at = 0;
  #empty = false;

  /**
   * Begins at a document's start, or within it.
   *
   * @throws {BackendUnavailableError} If it is too long to be an answer. So does every step that meets no XML.
   */
  constructor(xml: string, at = 0) {
    if (xml.length > MAX_LENGTH) throw broken("is too long");
    this.#xml = xml;
    this.#at = at;
  }

  /** Where it stands. */
  get position(): number {
    return this.#at;
  }

  /** Enters the root. Nothing but a declaration, comments and space may stand before it. */
  root(): void {
    if (this.#xml.charCodeAt(0) === 0xfeff) this.#at = 1;
    const at = this.#misc();
    if (at === this.#xml.length) throw broken("is empty");
    this.#enter(at);
  }

  /** Enters the next child of the element that is open; at its end leaves it, and returns false. */
  child(): boolean {
    if (this.#leaveEmpty()) return false;
    for (;;) {
      const at = this.#find("<", this.#at);
      const next = this.#xml.charCodeAt(at + 1);
      if (next === SLASH) {
        this.#leave(at);
        return false;
      }
      if (next !== BANG && next !== QUESTION) {
        this.#enter(at);
        return true;
      }
      this.#at = this.#behindMarkup(at);
    }
  }

  /** Returns the text of the element just entered, references resolved, and leaves it. */
  text(): string {
    if (this.#leaveEmpty()) return "";
    const start = this.#at;
    const stop = this.#find("<", start);
    if (this.#xml.charCodeAt(stop + 1) !== SLASH) return this.#mixed();
    this.#leave(stop);
    return unescapeXml(this.#xml.slice(start, stop));
  }

  /** Passes over the element just entered and all inside of it. */
  skip(): void {
    for (let depth = 1; depth > 0;) depth += this.child() ? 1 : -1;
  }

  /** Refuses what stands behind the root. */
  end(): void {
    if (this.#misc() < this.#xml.length) throw broken("goes on behind its end");
  }

  // Text with comments, CDATA sections or elements in between; the latter are not its own.
  #mixed(): string {
    const xml = this.#xml;
    let text = "";
    for (;;) {
      const at = this.#find("<", this.#at);
      text += unescapeXml(xml.slice(this.#at, at));
      const next = xml.charCodeAt(at + 1);
      if (next === SLASH) {
        this.#leave(at);
        return text;
      }
      if (next === BANG || next === QUESTION) {
        this.#at = this.#behindMarkup(at);
        if (xml.startsWith(CDATA, at)) {
          text += xml.slice(at + CDATA.length, this.#at - 3);
        }
      } else {
        this.#enter(at);
        this.skip();
      }
    }
  }

  #enter(at: number): void {
    const xml = this.#xml;
    const start = at + 1;
    let end = start;
    let code = xml.charCodeAt(end);
    while (
      code > SPACE && code !== GREATER && code !== SLASH && code !== LESS
    ) {
      code = xml.charCodeAt(++end);
    }
    if (end === start || !isOpening(xml, at)) throw broken("is no XML");
    if (this.#open.length === MAX_DEPTH) throw broken("is nested too deep");
    this.name = xml.slice(start, end);
    this.#open.push(this.name);
    if (code === GREATER) {
      this.attributes = "";
      this.#empty = false;
      this.#at = end + 1;
    } else this.#enterBehind(end);
  }

  // Attributes are found the end of, quotes and all, and not looked into.
  #enterBehind(from: number): void {
    const xml = this.#xml;
    let at = from;
    for (;; at++) {
      const code = xml.charCodeAt(at);
      if (code === GREATER) break;
      if (code === QUOTE || code === APOSTROPHE) {
        at = this.#find(code === QUOTE ? '"' : "'", at + 1);
      } else if (code === LESS || at >= xml.length) throw broken(CUT);
    }
    this.#empty = xml.charCodeAt(at - 1) === SLASH;
    this.attributes = xml.slice(from, this.#empty ? at - 1 : at).trim();
    this.#at = at + 1;
  }

  #leaveEmpty(): boolean {
    if (!this.#empty) return false;
    this.#empty = false;
    this.#open.pop();
    return true;
  }

  #leave(at: number): void {
    const xml = this.#xml;
    const name = this.#open.pop() ?? "";
    let end = at + 2 + name.length;
    if (!xml.startsWith(name, at + 2)) throw broken(CUT);
    while (isSpace(xml.charCodeAt(end))) end++;
    if (xml.charCodeAt(end) !== GREATER) throw broken(CUT);
    this.#at = end + 1;
  }

  #behindMarkup(at: number): number {
    const xml = this.#xml;
    for (const [start, end] of MARKUP) {
      if (xml.startsWith(start, at)) {
        return this.#find(end, at + start.length) + end.length;
      }
    }
    // A document type could declare entities; no service sends one, and every page does.
    throw broken("is no XML of a service");
  }

  // Returns where something else stands than space, comments and instructions.
  #misc(): number {
    for (let at = this.#at;;) {
      while (isSpace(this.#xml.charCodeAt(at))) at++;
      const isMarkup = this.#xml.startsWith("<?", at) ||
        this.#xml.startsWith("<!--", at);
      if (!isMarkup) return at;
      at = this.#behindMarkup(at);
    }
  }

  #find(mark: string, from: number): number {
    const at = this.#xml.indexOf(mark, from);
    if (at < 0) throw broken(CUT);
    return at;
  }
}

const CUT = "is cut off";
const CDATA = "<![CDATA[";
const MARKUP = [["<?", "?>"], ["<!--", "-->"], [CDATA, "]]>"]] as const;

function isOpening(xml: string, at: number): boolean {
  const next = xml.charCodeAt(at + 1);
  return xml.charCodeAt(at) === LESS && next !== BANG && next !== QUESTION;
}

function isSpace(code: number): boolean {
  return code === SPACE || (code >= 0x09 && code <= 0x0d);
}

/** Returns the error for an answer that is no document; what it is instead may hold secrets. */
export function broken(why: string): BackendUnavailableError {
  return new BackendUnavailableError(`the service's answer ${why}`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/**
 * Returns text with its entity and character references resolved (XML 1.0 §4.1, §4.6).
 * What is no reference stays: not every service escapes what it should.
 */
export function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi,
    (reference, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) {
        return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : reference;
      }
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
    },
  );
}

/**
 * Returns text that can stand in an element. Quotes stand as they are: not every service
 * resolves what it need not.
 */
export function escapeXml(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- XML 1.0 has no other way to write them
    /[&<>\x00-\x1f\x7f]/g,
    (char) => `&#${char.charCodeAt(0)};`,
  );
}
