// This module is browser compatible.
import type { ListedFile, ListPage } from "../../core/backend.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import { parseDate, quoteEtag } from "../_http/headers.ts";
import { elements, elementText, rootName, unescapeXml } from "../_http/xml.ts";

/**
 * Reads a page of ListObjectsV2, in one pass over its files. Objects that no path can
 * name (`a//b`, `a/../b`, `/a`) are left out; a key that ends in a slash is a folder.
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
    addFolder(folders, decode(textWithin(part, "Prefix")));
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
  const toKey = keyReader(decode);
  const toExtra = classReader();
  for (let at = from; at >= 0;) {
    at += OPEN.length;
    let key = "";
    let size: number | null = null;
    let lastModified: number | null = null;
    let etag: string | null = null;
    let extra: ListedFile["extra"] = null;
    for (;;) {
      const start = xml.charCodeAt(at) === LESS ? at : xml.indexOf("<", at);
      const end = xml.indexOf(">", start);
      if (start < 0 || end < 0) throw cutOff();
      at = end + 1;
      const name = start + 1;
      if (xml.charCodeAt(name) === SLASH) break;
      if (xml.charCodeAt(end - 1) === SLASH) continue;
      const stop = xml.indexOf("<", at);
      if (stop < 0) throw cutOff();
      // An element with others inside of it is none of these.
      if (xml.charCodeAt(stop + 1) !== SLASH) {
        const close = `</${xml.slice(name, at)}`;
        const closed = xml.indexOf(close, stop);
        if (closed < 0) throw cutOff();
        at = closed + close.length;
        continue;
      }
      if (xml.startsWith("Key>", name)) key = toKey(xml.slice(at, stop));
      else if (xml.startsWith("Size>", name)) {
        size = Number(xml.slice(at, stop));
      } else if (xml.startsWith("LastModified>", name)) {
        lastModified = parseDate(xml.slice(at, stop));
      } else if (xml.startsWith("ETag>", name)) {
        etag = toEtag(xml.slice(at, stop));
      } else if (xml.startsWith("StorageClass>", name)) {
        extra = toExtra(xml.slice(at, stop));
      }
      // Behind "</", the name and ">".
      at = stop + 2 + (at - name);
    }
    if (key.charCodeAt(key.length - 1) === SLASH) addFolder(folders, key);
    else if (isPath(key)) {
      files.push({
        key,
        kind: "file",
        size,
        lastModified,
        etag: etag === null ? null : copied(etag),
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

function cutOff(): BackendUnavailableError {
  return new BackendUnavailableError("the listing is cut off");
}

const QUOTE = "&quot;";

// Most tags are quoted so; the rest takes the long way.
function toEtag(text: string): string | null {
  const inner = text.slice(QUOTE.length, -QUOTE.length);
  const plain = text.startsWith(QUOTE) && text.endsWith(QUOTE) &&
    text.length >= 2 * QUOTE.length && !inner.includes("&");
  return plain ? `"${inner}"` : quoteEtag(unescapeXml(text));
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

function addFolder(folders: string[], prefix: string): void {
  const key = prefix.slice(0, -1);
  if (isPath(key)) folders.push(copied(key));
}

// Paths have no empty segments, no dot segments, and take a backslash for a slash.
function isPath(key: string): boolean {
  return key !== "" && !/(?:^|\/)\.{0,2}(?:\/|$)|[\0\\]/.test(key);
}

// Neighbors lie in one folder, whose name is decoded once. To unescape costs more than
// all the rest of a file.
function keyReader(decode: Decode): Decode {
  let raw = "";
  let folder = "";
  return (text) => {
    const length = text.lastIndexOf("/") + 1;
    if (length === 0) return copied(decode(text));
    const start = text.slice(0, length);
    if (start !== raw) {
      raw = start;
      folder = decode(start);
    }
    return copied(folder + decode(text.slice(length)));
  };
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
