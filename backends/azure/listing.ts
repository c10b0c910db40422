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
import { FOLDER_MARK, toDigest, withoutMark } from "./wire.ts";

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
  const { response } = await container.send("GET", url, { signal });
  return toListPage(await response.text());
}

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
  },
  Metadata: { "*": text },
} as const;

const PAGE = {
  Blobs: { Blob: [BLOB], BlobPrefix: [{ Name: readName }] },
  NextMarker: text,
} as const;

/**
 * Reads a page of a listing. Marker blobs are folders, and no files.
 *
 * @throws {BackendUnavailableError} If it is none, or not all of one.
 */
export function toListPage(xml: string): ListPage {
  const { Blobs, NextMarker } = read(xml, "EnumerationResults", PAGE);
  // The list of an account's containers has the same root.
  if (Blobs === null) throw broken("lists no blobs");
  const files: ListedFile[] = [];
  const folders = new Set<string>();
  for (const { Name } of Blobs.BlobPrefix) {
    folders.add(nameOf(Name).replace(/\/+$/, ""));
  }
  for (const blob of Blobs.Blob) {
    const key = nameOf(blob.Name);
    const metadata = toMetadata(blob.Metadata);
    if (isFolder(key, metadata, blob)) folders.add(key.replace(/\/+$/, ""));
    else files.push(toFile(key, blob, withoutMark(metadata)));
  }
  return { files, folders: [...folders], cursor: NextMarker || null };
}

// Portals end a folder's name with a slash; Hadoop and real folders carry the mark.
function isFolder(
  key: string,
  metadata: Record<string, string> | null,
  { Properties }: Found<typeof BLOB>,
): boolean {
  return key.endsWith("/") ||
    metadata?.[FOLDER_MARK]?.toLowerCase() === "true" ||
    Properties?.ResourceType === "directory";
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

function nameOf(name: string | null): string {
  if (name === null) throw broken("lists something without a name");
  return name;
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
  key: string,
  { Properties: facts }: Found<typeof BLOB>,
  metadata: Record<string, string> | null,
): ListedFile {
  let extra: Record<string, string> | null = null;
  for (const [name, element] of EXTRA_ELEMENTS) {
    const value = facts?.[element];
    if (value) (extra ??= {})[name] = value;
  }
  return {
    key,
    kind: "file",
    size: facts?.["Content-Length"] ?? null,
    lastModified: facts?.["Last-Modified"] ?? null,
    etag: facts?.Etag ?? null,
    digest: facts?.["Content-MD5"] ?? null,
    contentType: facts?.["Content-Type"] || null,
    metadata,
    extra,
  };
}
