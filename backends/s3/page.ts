// This module is browser compatible.
import type { ListedFile, ListPage } from "../../core/backend.ts";
import { type Found, read, text } from "../_http/document.ts";
import { parseDate, parseLength, quoteEtag } from "../_http/headers.ts";
import { broken } from "../_http/tokens.ts";

/** Returns a text decoded; `null` where it cannot be, and stays as it is. */
export type Decode = (text: string) => string | null;

/** The root of a page. */
export const ROOT = "ListBucketResult";

/** What is read of a page. */
export const PAGE = {
  EncodingType: text,
  IsTruncated: truth,
  NextContinuationToken: text,
  CommonPrefixes: [{ Prefix: text }],
  Contents: [{
    Key: text,
    Size: parseLength,
    LastModified: parseDate,
    ETag: quoteEtag,
    StorageClass: text,
  }],
} as const;

/**
 * Reads a page as any XML.
 *
 * @throws {BackendUnavailableError} If it is none, not all of one, or says that more follows and not where.
 */
export function readPage(xml: string): ListPage {
  const page = read(xml, ROOT, PAGE);
  const decode: Decode = page.EncodingType === "url" ? decodeUrl : (key) => key;
  const files: ListedFile[] = [];
  const folders: string[] = [];
  addPrefixes(page, decode, folders);
  const toExtra = classReader(text);
  for (const { Key, StorageClass, ...facts } of page.Contents) {
    if (Key === null) continue;
    files.push(
      toFile(
        copied(decode(Key) ?? Key),
        facts.Size,
        facts.LastModified,
        facts.ETag,
        StorageClass === null ? null : toExtra(StorageClass),
      ),
    );
  }
  return { files, folders, cursor: cursorOf(page) };
}

/** Returns where the next page begins; `null` at the end. */
export function cursorOf(
  { IsTruncated, NextContinuationToken: next }: Pick<
    Found<typeof PAGE>,
    "IsTruncated" | "NextContinuationToken"
  >,
): string | null {
  if (!(IsTruncated ?? next)) return null;
  // Never URL-decoded: Ceph's is the last key as it stands.
  if (next) return next;
  throw broken("goes on, but does not say where");
}

/**
 * Reads whether a list goes on.
 *
 * @throws {BackendUnavailableError} If it says neither: half of a list is not taken for all.
 */
export function truth(said: string): boolean {
  // Some write it as their language does: "True".
  if (/^\s*true\s*$/i.test(said)) return true;
  if (/^\s*false\s*$/i.test(said)) return false;
  throw broken("does not say whether it goes on");
}

/** Adds the folders that a page names as such. */
export function addPrefixes(
  page: Pick<Found<typeof PAGE>, "CommonPrefixes">,
  decode: Decode,
  folders: string[],
): void {
  for (const { Prefix } of page.CommonPrefixes) {
    const prefix = Prefix ?? "";
    folders.push(copied(decode(prefix) ?? prefix));
  }
}

/** Returns a file of a page. */
export function toFile(
  key: string,
  size: number | null,
  lastModified: number | null,
  etag: string | null,
  extra: ListedFile["extra"],
): ListedFile {
  return {
    key,
    kind: "file",
    size,
    lastModified,
    etag,
    digest: null,
    contentType: null,
    metadata: null,
    extra,
  };
}

/** Returns a reader of storage classes. Neighbors are of one: one object for all of them. */
export function classReader(
  decode: (text: string) => string,
): (text: string) => ListedFile["extra"] {
  let raw = "";
  let extra: ListedFile["extra"] = null;
  return (text) => {
    if (text !== raw || extra === null) {
      raw = text;
      extra = Object.freeze({ storageClass: copied(decode(text)) });
    }
    return extra;
  };
}

/** Decodes a key. "+" is a space to AWS; a plus sign is "%2B" to everybody. */
export function decodeUrl(text: string): string | null {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(
      text.includes("+") ? text.replaceAll("+", " ") : text,
    );
  } catch {
    return null;
  }
}

/** Returns a copy: a slice keeps all of the page alive as long as it lives. */
export function copied(text: string): string {
  return (" " + text).slice(1);
}
