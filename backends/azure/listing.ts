// This module is browser compatible.
import type { ListedFile, ListPage, ListRequest } from "../../core/backend.ts";
import {
  decodeWords,
  parseDate,
  parseLength,
  quoteEtag,
} from "../_http/headers.ts";
import { children, elementText, elementXml } from "../_http/xml.ts";
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

/** Reads a page of a listing. Marker blobs are folders, and no files. */
export function toListPage(xml: string): ListPage {
  const files: ListedFile[] = [];
  const folders = new Set<string>();
  for (const { name, inner } of children(elementXml(xml, "Blobs") ?? "")) {
    const key = readName(inner);
    if (name === "BlobPrefix") {
      folders.add(key.replace(/\/+$/, ""));
    } else if (name === "Blob") {
      const metadata = readMetadata(inner);
      const properties = elementXml(inner, "Properties") ?? "";
      if (isFolder(key, metadata, properties)) {
        folders.add(key.replace(/\/+$/, ""));
      } else {
        files.push(toFile(key, properties, withoutMark(metadata)));
      }
    }
  }
  const cursor = elementText(xml, "NextMarker") || null;
  return { files, folders: [...folders], cursor };
}

// Portals end a folder's name with a slash; Hadoop and real folders carry the mark.
function isFolder(
  key: string,
  metadata: Record<string, string> | null,
  properties: string,
): boolean {
  return key.endsWith("/") ||
    metadata?.[FOLDER_MARK]?.toLowerCase() === "true" ||
    elementText(properties, "ResourceType") === "directory";
}

// What XML cannot carry comes percent-encoded, and says so.
function readName(inner: string): string {
  const name = elementText(inner, "Name") ?? "";
  const tag = /<Name\s[^>]*>/.exec(inner)?.[0];
  return tag?.includes('Encoded="true"') ? decodeURIComponent(name) : name;
}

function readMetadata(inner: string): Record<string, string> | null {
  const xml = elementXml(inner, "Metadata");
  if (!xml) return null;
  const metadata: Record<string, string> = {};
  for (const { name, inner: value } of children(xml)) {
    // As header fields come back, whatever case another client has stored.
    metadata[name.toLowerCase()] = decodeWords(
      elementText(`<x>${value}</x>`, "x") ?? "",
    );
  }
  return metadata;
}

const EXTRA_ELEMENTS: readonly (readonly [key: string, element: string])[] = [
  ["cacheControl", "Cache-Control"],
  ["contentDisposition", "Content-Disposition"],
  ["contentEncoding", "Content-Encoding"],
  ["contentLanguage", "Content-Language"],
];

function toFile(
  key: string,
  properties: string,
  metadata: Record<string, string> | null,
): ListedFile {
  let extra: Record<string, string> | null = null;
  for (const [name, element] of EXTRA_ELEMENTS) {
    const value = elementText(properties, element);
    if (value) (extra ??= {})[name] = value;
  }
  return {
    key,
    kind: "file",
    size: parseLength(elementText(properties, "Content-Length")),
    lastModified: parseDate(elementText(properties, "Last-Modified")),
    etag: quoteEtag(elementText(properties, "Etag")),
    digest: toDigest(elementText(properties, "Content-MD5")),
    contentType: elementText(properties, "Content-Type") || null,
    metadata,
    extra,
  };
}
