// This module is browser compatible.
import { InvalidPathError, refuse } from "../../core/errors.ts";

/** Where a bucket is found: pure text, so that a key never passes a URL parser. */
export interface S3Address {
  /** The service's host name, the bucket not in it. */
  readonly hostname: string;
  /** The URL of the service without user info, as it is shown. */
  readonly endpoint: string;
  /** Scheme, host and path in front of a key's slash. */
  readonly bucketUrl: string;
  /** Whether the host is AWS's own, which follows the region. */
  readonly regional: boolean;
}

/**
 * Returns the address of a bucket.
 *
 * @throws {InvalidArgumentError} If the endpoint is no http or https URL.
 */
export function parseEndpoint(
  endpoint: string | undefined,
  bucket: string,
  region: string,
  pathStyle: boolean | undefined,
): S3Address {
  const regional = endpoint === undefined;
  const china = region.startsWith("cn-") ? ".cn" : "";
  const given = endpoint ?? `s3.${region}.amazonaws.com${china}`;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given)
    ? given
    : `https://${given}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return fail("the endpoint is no http or https URL");
  }
  const base = url.pathname.replace(/\/+$/, "");
  // A dot in the bucket's name breaks the certificate's wildcard.
  const inHost = pathStyle === undefined
    ? regional && /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)
    : !pathStyle;
  const { protocol, host, hostname } = url;
  const bucketUrl = inHost
    ? `${protocol}//${bucket}.${host}${base}`
    : `${protocol}//${host}${base}/${encodeKey(bucket)}`;
  // A URL parser writes capitals small, and takes dots for folders: another bucket.
  if (
    !URL.canParse(bucketUrl) || !new URL(bucketUrl).href.startsWith(bucketUrl)
  ) {
    return fail(`the bucket ${JSON.stringify(bucket)} makes no URL`);
  }
  return {
    hostname,
    endpoint: `${protocol}//${host}${base}`,
    bucketUrl,
    regional,
  };
}

function fail(why: string): never {
  refuse("create an S3Backend", null, why);
}

/** S3's limit, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

const ENCODER = new TextEncoder();

/**
 * Refuses a key that S3 does not store, before any request.
 *
 * @throws {InvalidPathError} If it has more than 1024 bytes.
 */
export function requireKey(key: string): void {
  // One UTF-16 unit has three bytes at most.
  if (key.length * 3 <= MAX_KEY_BYTES) return;
  const { byteLength } = ENCODER.encode(key);
  if (byteLength <= MAX_KEY_BYTES) return;
  throw new InvalidPathError(
    `the key has ${byteLength} bytes, S3 stores ${MAX_KEY_BYTES} at most`,
    { path: key },
  );
}

/** Returns a key for the path of a URL: all but RFC 3986's unreserved and `/` escaped. */
export function encodeKey(key: string): string {
  if (PLAIN_REGEXP.test(key)) return key;
  return encodeText(key).replaceAll("%2F", "/");
}

/** A path that is written as it stands. */
export const PLAIN_REGEXP = /^[\w./~-]+$/;

/** Returns text for a URL's query, as SigV4 spells it: a space is `%20`. */
export function encodeText(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Returns parameters as a query with its question mark; empty for none. */
export function formatQuery(
  query: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    pairs.push(`${encodeText(name)}=${encodeText(String(value))}`);
  }
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
