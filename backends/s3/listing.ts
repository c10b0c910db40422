// This module is browser compatible.
import type { ListedFile, ListPage } from "../../core/backend.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import { parseDate, quoteEtag } from "../_http/headers.ts";
import { elements, elementText, rootName, unescapeXml } from "../_http/xml.ts";

/**
 * Reads a page of ListObjectsV2, in one pass over its objects. Names come as they are: the
 * kernel knows which of them a path can name.
 *
 * @throws {BackendUnavailableError} If the page is cut off, or says that more follows and not where.
 */
export function parseListing(xml: string): ListPage {
  const whole = rootName(xml) === "ListBucketResult" &&
    xml.lastIndexOf("</ListBucketResult>") > 0;
  if (!whole) throw cutOff();
  const rest = xml.indexOf("<Contents>");
  const head = rest < 0 ? xml : xml.slice(0, rest);
  const field = (name: string) =>
    elementText(head, name) ?? tailText(xml, name);
  // Without this word in the answer the service did not know the option, and a
  // percent sign is a percent sign.
  const decode = field("EncodingType") === "url" ? decodeText : unescapeXml;
  const files: ListedFile[] = [];
  const folders: string[] = [];
  addPrefixes(head, decode, folders);
  scanFiles(xml, rest, decode, files, folders);
  if (field("IsTruncated") !== "true") return { files, folders, cursor: null };
  // Never URL-decoded: Ceph's is the last key as it stands.
  const cursor = field("NextContinuationToken");
  if (cursor === null || cursor === "") {
    throw new BackendUnavailableError(
      "the listing goes on, but does not say where",
    );
  }
  return { files, folders, cursor: copied(cursor) };
}

function addPrefixes(xml: string, decode: Decode, folders: string[]): void {
  for (const part of elements(xml, "CommonPrefixes")) {
    folders.push(copied(decode(textWithin(part, "Prefix"))));
  }
}

function textWithin(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`);
  const end = xml.indexOf("<", start + 1);
  return start < 0 || end < 0 ? "" : xml.slice(start + name.length + 2, end);
}

// Some services put what is about the page behind its files.
function tailText(xml: string, name: string): string | null {
  const after = xml.lastIndexOf("</Contents>");
  return after < 0 ? null : elementText(xml.slice(after), name);
}

type Decode = (text: string) => string;

const LESS = 0x3c;
const SLASH = 0x2f;

const KEY = "Key>";
const SIZE = "Size>";
const LAST_MODIFIED = "LastModified>";
const ETAG = "ETag>";
const STORAGE_CLASS = "StorageClass>";

// Walks the tags of each file once: a file without a field costs nothing more. What is
// no field of ours is not cut out of the page.
function scanFiles(
  xml: string,
  from: number,
  decode: Decode,
  files: ListedFile[],
  folders: string[],
): void {
  const OPEN = "<Contents>";
  const toKey = keyReader(xml, decode);
  const toTime = timeReader(xml);
  const toExtra = classReader();
  for (let at = from; at >= 0;) {
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
        at = found(xml, ">", name) + 1;
        break;
      }
      const field = fieldAt(xml, name);
      if (field === null) {
        at = behindElement(xml, name);
        continue;
      }
      const start = name + field.length;
      const stop = found(xml, "<", start);
      if (field === KEY) key = toKey(start, stop);
      else if (field === SIZE) size = Number(xml.slice(start, stop));
      else if (field === LAST_MODIFIED) lastModified = toTime(start, stop);
      else if (field === ETAG) etag = toEtag(xml.slice(start, stop));
      else extra = toExtra(xml.slice(start, stop));
      // Behind "</" and the name with its ">".
      at = stop + 2 + field.length;
    }
    if (key !== null) {
      files.push({
        key,
        kind: "file",
        size,
        lastModified,
        etag,
        digest: null,
        contentType: null,
        metadata: null,
        extra,
      });
    }
    const next = xml.indexOf(OPEN, at);
    // Between two files, with some services, and behind the last one with most.
    if (next !== at) {
      const gap = xml.slice(at, next < 0 ? xml.length : next);
      addPrefixes(gap, decode, folders);
    }
    at = next;
  }
}

function found(xml: string, mark: "<" | ">", from: number): number {
  const at = xml.indexOf(mark, from);
  if (at < 0) throw cutOff();
  return at;
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
function behindElement(xml: string, name: number): number {
  const end = found(xml, ">", name);
  const inner = end + 1;
  if (xml.charCodeAt(end - 1) === SLASH) return inner;
  const stop = found(xml, "<", inner);
  if (xml.charCodeAt(stop + 1) === SLASH) return stop + 2 + inner - name;
  const close = `</${xml.slice(name, inner)}`;
  const closed = xml.indexOf(close, stop);
  if (closed < 0) throw cutOff();
  return closed + close.length;
}

function cutOff(): BackendUnavailableError {
  return new BackendUnavailableError("the listing is cut off");
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

// Neighbors are of one class: one object for all of them.
function classReader(): (text: string) => ListedFile["extra"] {
  let raw = "";
  let extra: ListedFile["extra"] = null;
  return (text) => {
    if (text !== raw || extra === null) {
      raw = text;
      extra = Object.freeze({ storageClass: copied(unescapeXml(text)) });
    }
    return extra;
  };
}

// Neighbors lie in one folder, which is decoded once, and most names stand as they are: to
// look costs a fraction of what decoding does.
function keyReader(
  xml: string,
  decode: Decode,
): (start: number, stop: number) => string {
  let raw = "";
  let folder = "";
  return (start, stop) => {
    let from = start + raw.length;
    if (xml.startsWith(raw, start) && isPlain(xml, from, stop)) {
      return copied(folder + xml.slice(from, stop));
    }
    from = start + xml.slice(start, stop).lastIndexOf("/") + 1;
    const head = xml.slice(start, from);
    if (head !== raw) {
      raw = head;
      folder = decode(head);
    }
    return copied(folder + decode(xml.slice(from, stop)));
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
      return parseDate(xml.slice(start, stop));
    }
    if (!xml.startsWith(day, start)) {
      day = xml.slice(start, start + 11);
      midnight = parseDate(`${day}00:00Z`) ?? NaN;
    }
    const number = (at: number, count: number) =>
      numberAt(xml, start + at, count);
    const minutes = number(11, 2) * 60 + number(14, 2);
    const seconds = minutes * 60 + number(17, 2);
    const time = midnight + seconds * 1000 + number(20, 3);
    return Number.isNaN(time) ? null : time;
  };
}

function numberAt(xml: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = xml.charCodeAt(at) - 0x30;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

// "+" is a space to AWS; a plus sign is "%2B" to everybody.
function decodeText(text: string): string {
  const plain = unescapeXml(text);
  if (!plain.includes("%") && !plain.includes("+")) return plain;
  try {
    return decodeURIComponent(
      plain.includes("+") ? plain.replaceAll("+", " ") : plain,
    );
  } catch {
    return plain;
  }
}

// A slice keeps all of the page alive as long as it lives; this does not.
function copied(text: string): string {
  return (" " + text).slice(1);
}
