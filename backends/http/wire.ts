// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import type { HttpFailure } from "../_http/answer.ts";
import { codingOf } from "../../core/decoding.ts";
import { InvalidArgumentError } from "../../core/errors.ts";
import {
  etagOf,
  extraFields,
  parseContentRange,
  parseDate,
  parseLength,
} from "../_http/headers.ts";

/** Returns a base URL with a slash at its end. */
export function toBase(baseUrl: string): string {
  const why = baseProblem(baseUrl);
  if (why !== null) {
    throw new InvalidArgumentError(
      `Cannot create an HttpBackend: the baseUrl ${why}`,
    );
  }
  const { href } = new URL(baseUrl);
  return href.endsWith("/") ? href : `${href}/`;
}

// It is not quoted: it may hold a secret.
function baseProblem(baseUrl: string): string | null {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return "is no absolute URL";
  }
  if (!/^https?:$/.test(url.protocol)) return "is not of http or https";
  if (url.username !== "" || url.password !== "") {
    return "holds a user: give an Authorization header";
  }
  return url.search !== "" || url.hash !== ""
    ? "has a query or a fragment, and paths are put behind it"
    : null;
}

/** Returns the URL of a key: each segment encoded, so that none changes another. */
export function urlOf(base: string, key: string): string {
  return base + key.split("/").map(encodeURIComponent).join("/");
}

/** Returns the key of a URL; what is not below `base` comes back as it is. */
export function keyOf(base: string, url: string): string {
  if (!url.startsWith(base)) return url;
  try {
    return url.slice(base.length).split("/").map(decodeURIComponent).join("/");
  } catch {
    return url;
  }
}

/**
 * Returns whether a server has answered with the folder's page: it does so for a folder
 * whose URL lacks the slash at the end, and no file is there.
 */
export function isFolderPage(redirectedTo: string, url: string): boolean {
  return nameOf(redirectedTo) === `${nameOf(url)}/`;
}

// Servers escape other letters than we do, and send from http to https.
function nameOf(url: string): string {
  const name = url.replace(/^https?:|[?#].*$/g, "");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Returns what an answer says of its file. */
export function toEntry(
  response: Pick<Response, "headers" | "status">,
): FileEntry {
  const { headers, status } = response;
  // Not by assignment: "__proto__" would be lost.
  const whole: Record<string, string> = Object.fromEntries(headers);
  delete whole["set-cookie"];
  return {
    kind: "file",
    size: sizeOf(status, headers),
    lastModified: parseDate(headers.get("last-modified")),
    etag: etagOf(headers),
    digest: null,
    contentType: headers.get("content-type"),
    metadata: null,
    extra: { ...extraFields(headers), headers: Object.freeze(whole) },
  };
}

// The lengths of a coded answer are those of its coded bytes.
function sizeOf(status: number, headers: Headers): number | null {
  if (codingOf(headers.get("content-encoding")) !== null) return null;
  const range = parseContentRange(headers.get("content-range"));
  if (status === 206 || range !== null) return range?.size ?? null;
  if (status === 304) return null;
  return status === 204 ? 0 : parseLength(headers.get("content-length"));
}

/** Returns what is known of a file that has no byte at a range (RFC 9110 §14.4). */
export function sizeOfNone({ headers, status }: HttpFailure): FileEntry {
  const range = headers.get("content-range") ?? "";
  const entry = toEntry({ headers, status });
  return { ...entry, size: parseLength(range.replace("bytes */", "")) };
}
