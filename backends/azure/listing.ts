// This module is browser compatible.
import type { ListedFile, ListPage, ListRequest } from "../../core/backend.ts";
import { type Found, read, text } from "../_http/document.ts";
import {
  decodeWords,
  parseDate,
  parseLength,
  quoteEtag,
} from "../_http/headers.ts";
import { broken } from "../_http/tokens.ts";

import type { Container } from "./container.ts";
import { addState, FOLDER_MARK, toDigest, withoutMark } from "./wire.ts";

const BLOB = {
  Name: readName,
  Properties: {
    "Last-Modified": parseDate,
    Etag: quoteEtag,
    "Content-Length": parseLength,
    "Content-Type": text,
    "Content-MD5": toDigest,
    "Cache-Control": text,
    "Content-Disposition": text,
    "Content-Encoding": text,
    "Content-Language": text,
    ResourceType: text,
    AccessTier: text,
    AccessTierInferred: text,
    TagCount: text,
  },
  Metadata: { "*": text },
} as const;

const PAGE = {
  Blobs: { Blob: [BLOB], BlobPrefix: [{ Name: readName }] },
  NextMarker: text,
} as const;

/** The most entries that the service puts on a page. */
const MAX_PAGE = 5000;

/** Lists one page of the blobs whose names begin with `prefix`. */
export async function listBlobs(
  container: Container,
  prefix: string,
  request: ListRequest,
): Promise<ListPage> {
  const { shallow, cursor, limit, signal } = request;
  const url = container.ownUrl({
    comp: "list",
    prefix: prefix === "" ? null : prefix,
    delimiter: shallow ? "/" : null,
    marker: typeof cursor === "string" ? cursor : null,
    maxresults: limit === null ? null : Math.min(limit, MAX_PAGE),
    // Folders are told from files by it.
    include: "metadata",
  });
  const page = async (response: Response) => toListPage(await response.text());
  const answers = { 200: page };
  return await container.get("GET", url, { answers, signal });
}

/**
 * Reads a page: names as they are, marks as the service has them.
 *
 * @throws {BackendUnavailableError} If it is none, or not all of one.
 */
export function toListPage(xml: string): ListPage {
  const { Blobs, NextMarker } = read(xml, "EnumerationResults", PAGE);
  // The list of an account's containers has the same root.
  if (Blobs === null) throw broken("lists no blobs");
  return {
    files: Blobs.Blob.map(toFile),
    folders: Blobs.BlobPrefix.map(({ Name }) => nameOf(Name)),
    cursor: NextMarker || null,
  };
}

function nameOf(name: string | null): string {
  if (name === null) throw broken("lists something without a name");
  return name;
}

/** Returns a page of an account with real folders: those are listed as blobs with a mark. */
export function withFolders({ files, folders, cursor }: ListPage): ListPage {
  const own = files.filter((file) => file.folderMark).map(({ key }) => key);
  return {
    files: files.filter((file) => !file.folderMark),
    folders: [...folders, ...own],
    cursor,
  };
}

// What XML cannot carry comes percent-encoded, and says so.
function readName(name: string, attributes: string): string {
  const isEncoded = attributes !== "" &&
    /\bEncoded\s*=\s*["']true/.test(attributes);
  if (!isEncoded) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    throw broken("lists a name that cannot be decoded");
  }
}

function toMetadata(
  found: Found<typeof BLOB>["Metadata"],
): Record<string, string> | null {
  if (found === null || found.size === 0) return null;
  // As header fields come back, whatever case another client has stored.
  return Object.fromEntries(
    Array.from(
      found,
      ([name, value]) => [name.toLowerCase(), decodeWords(value)],
    ),
  );
}

const EXTRA_ELEMENTS = [
  ["cacheControl", "Cache-Control"],
  ["contentDisposition", "Content-Disposition"],
  ["contentEncoding", "Content-Encoding"],
  ["contentLanguage", "Content-Language"],
] as const;

function toFile(
  { Name, Properties: facts, Metadata }: Found<typeof BLOB>,
): ListedFile {
  const metadata = toMetadata(Metadata);
  const extra: Record<string, unknown> = {};
  for (const [name, element] of EXTRA_ELEMENTS) {
    const value = facts?.[element];
    if (value) extra[name] = value;
  }
  addState(extra, {
    tier: facts?.AccessTier,
    inferred: facts?.AccessTierInferred,
    tags: facts?.TagCount,
  });
  const isMarked = metadata?.[FOLDER_MARK]?.toLowerCase() === "true" ||
    facts?.ResourceType === "directory";
  return {
    key: nameOf(Name),
    kind: "file",
    size: facts?.["Content-Length"] ?? null,
    lastModified: facts?.["Last-Modified"] ?? null,
    etag: facts?.Etag ?? null,
    digest: facts?.["Content-MD5"] ?? null,
    contentType: facts?.["Content-Type"] || null,
    metadata: withoutMark(metadata),
    extra: Object.keys(extra).length === 0 ? null : extra,
    ...isMarked ? { folderMark: true } : {},
  };
}
