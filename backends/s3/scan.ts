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

/** Of what month and day all engines say the same. */
const DAYS = "(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|" +
  "(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31";
const QUOTE = "&(?:quot|#34);";

/** What is read of a file: its tags, and a pattern of the text behind each. */
const VALUES: Readonly<Record<string, string>> = {
  // The folder, what needs no decoding of the name, and the rest of it.
  "<Key>": "([^<]*/)?([^</%&+]*)([%&+][^</]*)?",
  // A day and a time, as S3 writes them.
  "<LastModified>": orAny(
    `([1-9]\\d{3}-(?:${DAYS}))T((?:[01]\\d|2[0-3])(?::[0-5]\\d){2}\\.\\d{3})Z`,
  ),
  "<ETag>": orAny(`${QUOTE}([^<&]*)${QUOTE}`),
  "<Size>": orAny("(\\d{1,15})"),
  "<StorageClass>": "([^<]*)",
};

// What is of the usual form is nothing else, or each value of a file would be tried twice.
function orAny(usual: string): string {
  return `(?:${usual}|(?!${usual}<)([^<]*))`;
}

/** How files are written. */
interface Pattern {
  /** Matches one. */
  readonly file: RegExp;
  /** The first group of each value in it; none of what it has not. */
  readonly groups: Readonly<Record<string, number>>;
}

// Engines find a pattern sooner than a program walks the text. One matches what is a file
// and nothing else, whatever it was made for. None of its repetitions can give a part of
// its text to another one: to fail takes no longer than the file is.
function toPattern(tags: readonly string[]): Pattern {
  let count = 0;
  const others = () => {
    count += 2;
    return `[^<]*(?:${other(count - 1)}[^<]*)*?`;
  };
  let file = OPEN + others();
  const groups: Record<string, number> = {};
  for (const tag of tags) {
    const value = VALUES[tag]!;
    groups[tag] = count + 1;
    count += value.split(/\((?!\?)/).length - 1;
    file += tag + value + tag.replace("<", "</") + others();
  }
  return { file: new RegExp(file + CLOSE, "y"), groups };
}

// An element that is not read, with text and elements of text, from a group on.
function other(group: number): string {
  return `<(?!(?:${NAMES})\\b)(\\w+)(?: */>|>[^<]*(?:<(\\w+)>[^<]*</\\${
    group + 1
  }>[^<]*)*</\\${group}>)`;
}

const NAMES = "Key|LastModified|ETag|Size|StorageClass";

// Throws at whatever it does not know.
function scanFiles(
  xml: string,
  from: number,
  until: number,
  isUrl: boolean,
  files: ListedFile[],
  folders: string[],
): void {
  const toKey = keyReader(isUrl ? decodeText : unescapeXml);
  const toTime = timeReader();
  const toExtra = classReader(unescapeXml);
  const toPatternOf = patternReader(xml);
  let { file, groups } = toPatternOf(from);
  for (let at = from;;) {
    file.lastIndex = at;
    let found = file.exec(xml);
    if (found === null) {
      ({ file, groups } = toPatternOf(at));
      file.lastIndex = at;
      found = file.exec(xml);
      if (found === null) throw unknown();
    }
    at = file.lastIndex;
    const key = groups["<Key>"]!;
    if (found[key + 1] !== undefined) {
      const time = groups["<LastModified>"]!;
      const etag = groups["<ETag>"]!;
      const size = groups["<Size>"]!;
      const type = found[groups["<StorageClass>"]!];
      files.push(toFile(
        toKey(found[key] ?? "", found[key + 1]!, found[key + 2]),
        toSize(found[size], found[size + 2]),
        toTime(found[time], found[time + 1], found[time + 4]),
        toEtag(found[etag], found[etag + 2]),
        type === undefined ? null : toExtra(type),
      ));
    }
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

function patternReader(xml: string): (at: number) => Pattern {
  const patterns = new Map<string, Pattern>();
  const element = new RegExp(`${other(1)}|<(?:${NAMES})>|${CLOSE}`, "g");
  return (at) => {
    const tags: string[] = [];
    element.lastIndex = at + OPEN.length;
    for (;;) {
      const [found = CLOSE] = element.exec(xml) ?? [];
      if (found === CLOSE) break;
      if (found in VALUES) tags.push(found);
      // A service writes in few ways, and each takes time to be made.
      if (patterns.size > 8 || tags.length > 8) throw unknown();
    }
    const order = tags.join();
    const pattern = patterns.get(order) ?? toPattern(tags);
    patterns.set(order, pattern);
    return pattern;
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

type Group = string | undefined;

function toSize(digits: Group, other: Group): number | null {
  if (digits !== undefined) {
    let size = 0;
    for (let at = 0; at < digits.length; at++) {
      size = size * 10 + digitAt(digits, at);
    }
    return size;
  }
  return other === undefined ? null : parseLength(unescapeXml(other));
}

function toEtag(quoted: Group, other: Group): string | null {
  if (quoted !== undefined) return joined(`"${quoted}"`);
  const etag = other === undefined ? null : quoteEtag(unescapeXml(other));
  return etag === null ? null : copied(etag);
}

// Neighbors lie in one folder, which is decoded once, and most names stand as they are.
function keyReader(
  decode: Decode,
): (head: string, plain: string, rest: Group) => string {
  let raw = "";
  let folder = "";
  let decodable = true;
  return (head, plain, rest) => {
    if (head !== raw) {
      raw = head;
      const decoded = decode(head);
      decodable = decoded !== null;
      folder = decoded ?? unescapeXml(head);
    }
    // What is put together is a copy once it is read, as the kernel does with every name.
    if (rest === undefined) {
      return folder === "" ? copied(plain) : folder + plain;
    }
    const name = plain + rest;
    // What cannot be decoded stays as it stands, all of it.
    const last = decodable ? decode(name) : null;
    return copied(last === null ? unescapeXml(head + name) : folder + last);
  };
}

// Neighbors are often of one day, and the rest is arithmetic. Date.parse takes half as long
// as all the rest of a file.
function timeReader(): (
  day: Group,
  time: Group,
  other: Group,
) => number | null {
  let last = "";
  let midnight = NaN;
  return (day, time, other) => {
    if (day === undefined || time === undefined) {
      return other === undefined ? null : parseDate(unescapeXml(other));
    }
    if (day !== last) {
      last = day;
      const year = numberAt(day, 0) * 100 + numberAt(day, 2);
      midnight = Date.UTC(year, numberAt(day, 5) - 1, numberAt(day, 8));
    }
    const minutes = numberAt(time, 0) * 60 + numberAt(time, 3);
    const hundredths = (minutes * 60 + numberAt(time, 6)) * 100 +
      numberAt(time, 9);
    return midnight + hundredths * 10 + digitAt(time, 11);
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
