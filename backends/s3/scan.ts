// This module is browser compatible.
import type { ListedFile, ListPage } from "../../core/backend.ts";
import { type Found, read, readIf, text } from "../_http/document.ts";
import { parseDate, parseLength, quoteEtag } from "../_http/headers.ts";
import { broken, Tokens, unescapeXml } from "../_http/tokens.ts";
import {
  addPrefixes,
  classReader,
  copied,
  cursorOf,
  type Decode,
  decodeUrl,
  PAGE,
  ROOT,
  toFile,
} from "./page.ts";

/**
 * Reads a page whose files are written as services write them, in one pass without
 * copies of what nobody wants. Where anything is not as it expects, it returns `null`.
 */
export function scanPage(xml: string): ListPage | null {
  const first = xml.indexOf(OPEN);
  const end = xml.lastIndexOf(CLOSE) + CLOSE.length;
  if (first < 0 || end < first) return null;
  // What stands around the files, with one in their place: so they are where they belong.
  const around = `${xml.slice(0, first)}<Contents/>${xml.slice(end)}`;
  const page = readIf(around, ROOT, PAGE);
  if (page?.Contents.length !== 1) return null;
  // Without this word in the answer the service did not know the option, and a
  // percent sign is a percent sign.
  const isUrl = page.EncodingType === "url";
  const files: ListedFile[] = [];
  const folders: string[] = [];
  addPrefixes(page, isUrl ? decodeUrl : text, folders);
  try {
    scanFiles(xml, first, end, isUrl, files, folders);
  } catch {
    return null;
  }
  return { files, folders, cursor: cursorOf(page) };
}

const LESS = 0x3c;
const SLASH = 0x2f;

const KEY = "Key>";
const SIZE = "Size>";
const LAST_MODIFIED = "LastModified>";
const ETAG = "ETag>";
const STORAGE_CLASS = "StorageClass>";

const OPEN = "<Contents>";
const CLOSE = "</Contents>";

// Walks the tags of each file once: a file without a field costs nothing more. What is
// no field of ours is not cut out of the page. Throws at whatever it does not know.
function scanFiles(
  xml: string,
  from: number,
  until: number,
  isUrl: boolean,
  files: ListedFile[],
  folders: string[],
): void {
  const toKey = keyReader(xml, isUrl ? decodeText : unescapeXml);
  const toTime = timeReader(xml);
  const toExtra = classReader(unescapeXml);
  for (let at = from;;) {
    at += OPEN.length;
    let key: string | null = null;
    let size: number | null = null;
    let lastModified: number | null = null;
    let etag: string | null = null;
    let extra: ListedFile["extra"] = null;
    for (;;) {
      if (xml.charCodeAt(at) !== LESS) at = found(xml, "<", at);
      const name = at + 1;
      if (xml.charCodeAt(name) === SLASH) {
        if (!xml.startsWith(CLOSE, at)) throw unknown();
        at += CLOSE.length;
        break;
      }
      const field = fieldAt(xml, name);
      if (field === null) {
        at = behindElement(xml, at);
        continue;
      }
      const start = name + field.length;
      const stop = found(xml, "<", start);
      if (field === KEY) key = toKey(start, stop);
      else if (field === SIZE) size = toSize(xml, start, stop);
      else if (field === LAST_MODIFIED) lastModified = toTime(start, stop);
      else if (field === ETAG) etag = toEtag(xml.slice(start, stop));
      else extra = toExtra(xml.slice(start, stop));
      const close = stop + 2;
      if (
        xml.charCodeAt(close - 1) !== SLASH || !xml.startsWith(field, close)
      ) {
        throw unknown();
      }
      at = close + field.length;
    }
    if (key !== null) files.push(toFile(key, size, lastModified, etag, extra));
    if (at === until) return;
    const next = xml.indexOf(OPEN, at);
    if (next < 0) throw unknown();
    // Some services put their folders between the files.
    if (next !== at && xml.indexOf("<", at) !== next) {
      const gap = readGap(xml.slice(at, next));
      addPrefixes(gap, isUrl ? decodeUrl : text, folders);
    }
    at = next;
  }
}

function readGap(gap: string): Found<typeof PAGE> {
  const page = read(`<gap>${gap}</gap>`, "gap", PAGE);
  const isKnown = page.Contents.length === 0 && page.EncodingType === null &&
    page.IsTruncated === null && page.NextContinuationToken === null;
  if (!isKnown) throw unknown();
  return page;
}

function found(xml: string, mark: "<" | ">", from: number): number {
  const at = xml.indexOf(mark, from);
  if (at < 0) throw unknown();
  return at;
}

function unknown(): Error {
  return broken("is written in another way");
}

// A few letters are compared sooner so than by what looks at its arguments first.
function isSame(
  xml: string,
  at: number,
  other: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) {
    if (xml.charCodeAt(at + i) !== xml.charCodeAt(other + i)) return false;
  }
  return true;
}

// By the first letter: four comparisons less for each element.
function fieldAt(xml: string, at: number): string | null {
  const field = candidate(xml, at);
  return field !== null && xml.startsWith(field, at) ? field : null;
}

function candidate(xml: string, at: number): string | null {
  switch (xml.charCodeAt(at)) {
    case 0x45: // E
      return ETAG;
    case 0x4b: // K
      return KEY;
    case 0x4c: // L
      return LAST_MODIFIED;
    case 0x53: // S, i
      return xml.charCodeAt(at + 1) === 0x69 ? SIZE : STORAGE_CLASS;
    default:
      return null;
  }
}

// Returns where the element that is no field of ours ends, others inside of it or none.
function behindElement(xml: string, at: number): number {
  // Most have text and nothing else: then what closes them is written like what opens them.
  const end = found(xml, ">", at) + 1;
  const close = found(xml, "<", end) + 2;
  const length = end - at - 1;
  const isLeaf = xml.charCodeAt(close - 1) === SLASH &&
    isSame(xml, at + 1, close, length);
  if (isLeaf) return close + length;
  const tokens = new Tokens(xml, at);
  tokens.child();
  if (tokens.name in PAGE.Contents[0]) throw unknown();
  tokens.skip();
  return tokens.position;
}

function toSize(xml: string, start: number, stop: number): number | null {
  const count = stop - start;
  const size = count > 0 && count < 16
    ? numberAt(xml, start, count, Infinity)
    : NaN;
  return Number.isNaN(size)
    ? parseLength(unescapeXml(xml.slice(start, stop)))
    : size;
}

const QUOTE = "&quot;";

// Most tags are quoted so; the rest takes the long way.
function toEtag(text: string): string | null {
  const inner = text.slice(QUOTE.length, -QUOTE.length);
  const plain = text.startsWith(QUOTE) && text.endsWith(QUOTE) &&
    text.length >= 2 * QUOTE.length && !inner.includes("&");
  const etag = plain ? `"${inner}"` : quoteEtag(unescapeXml(text));
  return etag === null ? null : copied(etag);
}

// Neighbors lie in one folder, which is decoded once, and most names stand as they are: to
// look costs a fraction of what decoding does.
function keyReader(
  xml: string,
  decode: Decode,
): (start: number, stop: number) => string {
  let raw = "";
  let folder = "";
  let decodable = true;
  return (start, stop) => {
    let from = start + raw.length;
    if (xml.startsWith(raw, start) && isPlain(xml, from, stop)) {
      return copied(folder + xml.slice(from, stop));
    }
    from = start + xml.slice(start, stop).lastIndexOf("/") + 1;
    const head = xml.slice(start, from);
    if (head !== raw) {
      raw = head;
      const decoded = decode(head);
      decodable = decoded !== null;
      folder = decoded ?? unescapeXml(head);
    }
    const name = xml.slice(from, stop);
    // What cannot be decoded stays as it stands, all of it.
    const last = decodable ? decode(name) : null;
    return copied(last === null ? unescapeXml(head + name) : folder + last);
  };
}

// Whether a name is one, and needs no decoding.
function isPlain(xml: string, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) {
    switch (xml.charCodeAt(at)) {
      case 0x25: // %
      case 0x26: // &
      case 0x2b: // +
      case SLASH:
        return false;
    }
  }
  return start <= stop;
}

// 2026-11-21T04:00:00.000Z, as S3 writes it: neighbors are often of one day, and the rest
// is arithmetic. Date.parse takes half as long as all the rest of a file.
function timeReader(
  xml: string,
): (start: number, stop: number) => number | null {
  let day = "no day";
  let midnight = NaN;
  return (start, stop) => {
    const Z = 0x5a;
    if (stop - start !== 24 || xml.charCodeAt(stop - 1) !== Z) {
      return parseDate(unescapeXml(xml.slice(start, stop)));
    }
    if (!xml.startsWith(day, start)) {
      day = xml.slice(start, start + 11);
      midnight = parseDate(`${day}00:00Z`) ?? NaN;
    }
    const number = (at: number, count: number, end: number) =>
      numberAt(xml, start + at, count, end);
    const minutes = number(11, 2, 24) * 60 + number(14, 2, 60);
    const seconds = minutes * 60 + number(17, 2, 60);
    const time = midnight + seconds * 1000 + number(20, 3, 1000);
    const COLON = 0x3a;
    const DOT = 0x2e;
    const isPlain = xml.charCodeAt(start + 13) === COLON &&
      xml.charCodeAt(start + 16) === COLON &&
      xml.charCodeAt(start + 19) === DOT && !Number.isNaN(time);
    return isPlain ? time : parseDate(unescapeXml(xml.slice(start, stop)));
  };
}

function numberAt(
  xml: string,
  start: number,
  count: number,
  end: number,
): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = xml.charCodeAt(at) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value < end ? value : NaN;
}

function decodeText(text: string): string | null {
  return decodeUrl(unescapeXml(text));
}
