// This module is browser compatible.
import type { ListedFile, ListPage } from "../../core/backend.ts";
import { type Found, read, readIf, text } from "../_http/document.ts";
import { parseDate, parseLength, quoteEtag } from "../_http/headers.ts";
import { broken, unescapeXml } from "../_http/tokens.ts";
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

const OPEN = "<Contents>";
const CLOSE = "</Contents>";

/** What is read of a file. */
type Name = "Key" | "LastModified" | "ETag" | "Size" | "StorageClass";

/** How a value is written: in any way, or in the one that takes least time to be read. */
type Form = Name | "time" | "quoted" | "digits" | "unread";

/** A value of a file. */
interface Step {
  readonly form: Form;
  /** How much stands between it and the one before. */
  readonly before: number;
}

/** How a file is written: what all files have that a service writes in one way. */
interface Way {
  /** Matches a whole file. Only values may differ from the one that it was made of. */
  readonly file: RegExp;
  readonly steps: readonly Step[];
}

const ANY = "[^<]*";

/** Of what month and day all engines say the same. */
const DAYS = "(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|" +
  "(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31";

/** What is read, and what it is usually written in, of which no part may take another's text. */
const VALUES: ReadonlyMap<string, readonly [pattern: string, form: Form]> =
  new Map([
    ["Key", [ANY, "Key"]],
    // As S3 writes it: a day, and a time to the millisecond.
    ["LastModified", [
      `[1-9]\\d{3}-(?:${DAYS})T(?:[01]\\d|2[0-3])(?::[0-5]\\d){2}\\.\\d{3}Z`,
      "time",
    ]],
    ["ETag", ["(?:&quot;[^<&]*&quot;|&#34;[^<&]*&#34;)", "quoted"]],
    ["Size", ["\\d{1,15}", "digits"]],
    ["StorageClass", [ANY, "StorageClass"]],
  ]);

/** A service writes in few ways, each of them in few elements, and each takes time to be made. */
const MAX_WAYS = 8;
const MAX_STEPS = 32;
const MAX_DEPTH = 8;

type Tag = [
  all: string,
  text: string,
  close: string,
  name: string,
  empty?: string,
];

// A tag without attributes, and the text before it. Nothing else is known here.
const TAG = /([^<]*)<(\/?)(\w+)( *\/)?>/y;

/** Reads how the file is written that begins here. */
function toWay(xml: string, from: number): Way {
  const steps: Step[] = [];
  const open: string[] = [];
  let pattern = "";
  let behind = from;
  let isLeaf = false;
  for (let at = from;;) {
    TAG.lastIndex = at;
    const found = TAG.exec(xml);
    if (found === null) throw unknown();
    const [all, value, close, name, empty] = found as unknown as Tag;
    const usual = open.length === (close ? 2 : 1) && VALUES.get(name);
    const wasLeaf = isLeaf;
    isLeaf = !close && !empty;
    const isUnknown = isLeaf
      ? open.push(name) > MAX_DEPTH
      : close
      ? empty || open.pop() !== name || usual && !wasLeaf
      : usual;
    if (isUnknown) throw unknown();
    if (close && wasLeaf) {
      const [text, form] = usual && RegExp(`^${usual[0]}$`).test(value)
        ? usual
        : [ANY, usual ? name as Name : "unread"] as const;
      if (steps.push({ form, before: at - behind }) > MAX_STEPS) {
        throw unknown();
      }
      pattern += literal(xml.slice(behind, at)) + text;
      behind = at + value.length;
    }
    at += all.length;
    if (open.length === 0) {
      pattern += literal(xml.slice(behind, at));
      return { file: new RegExp(pattern, "y"), steps };
    }
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

// Throws at whatever it does not know.
function scanFiles(
  xml: string,
  from: number,
  until: number,
  isUrl: boolean,
  files: ListedFile[],
  folders: string[],
): void {
  const readFile = fileReader(xml, isUrl ? decodeText : unescapeXml, files);
  let way = toWay(xml, from);
  const ways = [way];
  for (let at = from;;) {
    let end = readFile(way, at);
    for (let i = 0; end < 0; i++) {
      if (i === MAX_WAYS) throw unknown();
      way = ways[i] ??= toWay(xml, at);
      end = readFile(way, at);
    }
    at = end;
    if (at === until) return;
    if (xml.startsWith(OPEN, at)) continue;
    const next = xml.indexOf(OPEN, at);
    if (next < 0) throw unknown();
    // Some services put their folders between the files.
    if (xml.indexOf("<", at) !== next) {
      const gap = readGap(xml.slice(at, next));
      addPrefixes(gap, isUrl ? decodeUrl : text, folders);
    }
    at = next;
  }
}

// Returns where the file ends, or -1 where it is written in another way. Engines match a
// pattern sooner than a program walks the text, and JavaScriptCore finds where a value ends
// sooner than it cuts the groups of a pattern.
function fileReader(
  xml: string,
  decode: Decode,
  files: ListedFile[],
): (way: Way, at: number) => number {
  const toKey = keyReader(xml, decode);
  const toTime = timeReader(xml);
  const toExtra = classReader(unescapeXml);
  return ({ file, steps }, from) => {
    file.lastIndex = from;
    if (!file.test(xml)) return -1;
    let at = from;
    let key: string | null = null;
    let size: number | null = null;
    let lastModified: number | null = null;
    let etag: string | null = null;
    let extra: ListedFile["extra"] = null;
    for (const { form, before } of steps) {
      const start = at + before;
      at = xml.indexOf("<", start);
      switch (form) {
        case "Key":
          key = toKey(start, at);
          break;
        case "time":
          lastModified = toTime(start);
          break;
        case "quoted":
          etag = toEtag(xml, start, at);
          break;
        case "digits":
          size = Number(xml.slice(start, at));
          break;
        case "StorageClass":
          extra = toExtra(xml.slice(start, at));
          break;
        case "LastModified":
          lastModified = parseDate(unescapeXml(xml.slice(start, at)));
          break;
        case "Size":
          size = parseLength(unescapeXml(xml.slice(start, at)));
          break;
        case "ETag":
          etag = quoteEtag(unescapeXml(xml.slice(start, at)));
          if (etag !== null) etag = copied(etag);
      }
    }
    if (key !== null) {
      files.push(toFile(key, size, lastModified, etag, extra));
    }
    return file.lastIndex;
  };
}

function readGap(gap: string): Found<typeof PAGE> {
  const page = read(`<gap>${gap}</gap>`, "gap", PAGE);
  const isKnown = page.Contents.length === 0 && page.EncodingType === null &&
    page.IsTruncated === null && page.NextContinuationToken === null;
  if (!isKnown) throw unknown();
  return page;
}

function unknown(): Error {
  return broken("is written in another way");
}

function toEtag(xml: string, start: number, stop: number): string {
  const inner = xml.indexOf(";", start) + 1;
  return joined(`"${xml.slice(inner, stop + start - inner)}"`);
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
      const name = xml.slice(from, stop);
      // What is put together is a copy once it is read, as the kernel does with every name.
      return folder === "" ? copied(name) : folder + name;
    }
    from = Math.max(start, xml.lastIndexOf("/", stop) + 1);
    const head = xml.slice(start, from);
    if (head !== raw) {
      raw = head;
      const decoded = decode(head);
      decodable = decoded !== null;
      folder = decoded ?? unescapeXml(head);
    }
    // What cannot be decoded stays as it stands, all of it.
    const name = decodable ? decode(xml.slice(from, stop)) : null;
    return copied(
      name === null ? unescapeXml(xml.slice(start, stop)) : folder + name,
    );
  };
}

// Whether a name lies in no other folder, and needs no decoding.
function isPlain(xml: string, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) {
    switch (xml.charCodeAt(at)) {
      case 0x25: // %
      case 0x26: // &
      case 0x2b: // +
      case 0x2f: // /
        return false;
    }
  }
  return true;
}

// Neighbors are often of one day, and the rest is arithmetic. Date.parse takes half as long
// as all the rest of a file.
function timeReader(
  xml: string,
): (at: number) => number {
  let last = NaN;
  let midnight = NaN;
  return (at) => {
    const year = numberAt(xml, at) * 100 + numberAt(xml, at + 2);
    const month = numberAt(xml, at + 5);
    const day = (year * 100 + month) * 100 + numberAt(xml, at + 8);
    if (day !== last) {
      last = day;
      midnight = Date.UTC(year, month - 1, day % 100);
    }
    const minutes = numberAt(xml, at + 11) * 60 + numberAt(xml, at + 14);
    const seconds = minutes * 60 + numberAt(xml, at + 17);
    const hundredths = seconds * 100 + numberAt(xml, at + 20);
    return midnight + hundredths * 10 + digitAt(xml, at + 22);
  };
}

function numberAt(text: string, at: number): number {
  return digitAt(text, at) * 10 + digitAt(text, at + 1);
}

function digitAt(text: string, at: number): number {
  return text.charCodeAt(at) - 0x30;
}

// A copy of what was put together: for whoever reads of it engines write it out, and let
// go what it was made from. `copied` takes twice as long.
function joined(text: string): string {
  return text.charCodeAt(0) === 0 ? copied(text) : text;
}

function decodeText(text: string): string | null {
  return decodeUrl(unescapeXml(text));
}
