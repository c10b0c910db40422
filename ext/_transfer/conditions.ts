// This module is browser compatible.
import { type ByteRange, type FileInfo, parseHttpDate } from "../../mod.ts";

/** What a request's conditions make of a file (RFC 9110 §13.2.2). */
export type Verdict = "serve" | "serve whole" | 304 | 412;

/** Returns the range that a request asks for; `null` where it asks for all, for several, or for none that can be. */
export function rangeOf(headers: Headers): ByteRange | null {
  // RFC 9110 §14.1: the unit is the same in any case, and one number has to be there.
  const [, first, last] = /^bytes=(?!-$)(\d{0,15})-(\d{0,15})$/i.exec(
    headers.get("range")?.trim() ?? "",
  ) ?? [];
  if (first === undefined || last === undefined) return null;
  const offset = Number(first);
  const end = Number(last);
  if (first === "") return { suffix: end };
  if (last === "") return { offset };
  return end < offset ? null : { offset, length: end - offset + 1 };
}

/** Returns the only tag of `If-None-Match`, as `open` takes it; `undefined` for several, `*` and none. */
export function soleTag(headers: Headers): string | undefined {
  const field = headers.get("if-none-match")?.trim() ?? "";
  return /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(field) ? field : undefined;
}

/** Judges a request's conditions, in the order of the RFC. */
export function judge(headers: Headers, info: FileInfo): Verdict {
  const ifMatch = headers.get("if-match");
  if (ifMatch !== null) {
    if (!names(ifMatch, info.etag, true)) return 412;
  } else if (later(info, headers.get("if-unmodified-since"))) return 412;
  const ifNoneMatch = headers.get("if-none-match");
  if (ifNoneMatch !== null) {
    if (names(ifNoneMatch, info.etag, false)) return 304;
  } else if (later(info, headers.get("if-modified-since")) === false) {
    return 304;
  }
  const ifRange = headers.get("if-range");
  if (ifRange === null) return "serve";
  // A date is no strong validator here (RFC 9110 §8.8.2.2): no store tells whether a file
  // has changed twice within its second.
  return names(ifRange, info.etag, true) ? "serve" : "serve whole";
}

/** Returns whether a field of tags names a file's. */
export function names(
  field: string,
  etag: string | null,
  strong: boolean,
): boolean {
  if (field.trim() === "*") return true;
  if (etag === null || (strong && etag.startsWith("W/"))) return false;
  const same = (tag: string) => strong ? tag : tag.replace(/^W\//, "");
  // Commas are allowed inside of a tag, so the field cannot be split.
  const tags = field.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => same(tag) === same(etag));
}

/** Returns whether a file has changed since a date; `null` where that cannot be told. */
function later(
  { lastModified }: FileInfo,
  date: string | null,
): boolean | null {
  const since = parseHttpDate(date);
  // HTTP dates have no fractions of a second.
  return since === null || lastModified === null
    ? null
    : lastModified.getTime() >= since + 1000;
}
