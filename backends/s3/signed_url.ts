// This module is browser compatible.
import { AwsV4Signer } from "aws4fetch";
import { hmacSha256, toHex } from "../_http/hmac.ts";
import { sha256 } from "../../digest/sha256.ts";
import {
  CUSTOMER_KEY_REGEXP,
  type S3Call,
  type S3Connection,
  WRITE_ONLY_REGEXP,
} from "./connection.ts";
import type {
  SignedUrlRequest,
  SigningMoment,
  UrlToSign,
} from "./delegated.ts";
import { formatQuery, requireKey } from "./endpoint.ts";
import { deriveKey, textToSign, toDatetime } from "./signature.ts";

const ENCODER = new TextEncoder();

/** aws4fetch's signer, which hashes where it stands: pages without https have no SubtleCrypto. */
class SynchronousSigner extends AwsV4Signer {
  /** Returns the signature, in hexadecimal (Signature Version 4). */
  override async signature(): Promise<string> {
    const { datetime, credentialString, secretAccessKey, region } = this;
    const request = ENCODER.encode(await this.canonicalString());
    const text = textToSign(datetime, credentialString) +
      toHex(sha256(request));
    const key = deriveKey(secretAccessKey, datetime.slice(0, 8), region);
    return toHex(hmacSha256(key, text));
  }
}

/** Returns a URL that carries its signature. The header fields have to be sent as they are here. */
export async function signUrl(
  { method, url, headers, seconds, size }: UrlToSign,
  { credentials, region, now }: SigningMoment,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials;
  const target = new URL(url);
  target.searchParams.set("X-Amz-Expires", String(seconds));
  const length = size === null ? {} : { "content-length": String(size) };
  const signed = await new SynchronousSigner({
    method,
    url: target.href,
    headers: { ...headers, ...length },
    accessKeyId,
    secretAccessKey,
    sessionToken,
    service: "s3",
    region,
    datetime: toDatetime(now),
    signQuery: true,
    // Content-Type is signed only when asked for, and a PUT must not change it.
    allHeaders: true,
  }).sign();
  // URLSearchParams writes a space as "+", which is signed and read as "%20".
  return signed.url.href.replace(
    /\?.*$/,
    (query) => query.replaceAll("+", "%20"),
  );
}

/** Returns a URL with a signature for one request to a connection's bucket. */
export async function signFor(
  connection: S3Connection,
  key: string,
  { method, seconds, size = null, signal, ...request }: SignedUrlRequest,
): Promise<string> {
  requireKey(key);
  const query = { ...request.query };
  const headers = { ...request.headers };
  addOwnFields(connection, method, query, headers);
  const url = connection.urlOf(key) + formatQuery(query);
  const wanted = { method, url, headers, seconds, size };
  return await connection.presign(wanted, signUrl, signal);
}

const KINDS: Readonly<Record<string, S3Call["kind"]>> = {
  PUT: "write",
  DELETE: "other",
};

/** Adds the header fields of the backend's options that a signature covers. */
function addOwnFields(
  connection: S3Connection,
  method: string,
  query: Record<string, string | null>,
  headers: Record<string, string>,
): void {
  const own = connection.extraHeaders(KINDS[method] ?? "read");
  for (const [name, value] of Object.entries(own)) {
    // Others can be sent without a signature.
    if (!name.startsWith("x-amz-")) continue;
    // What says how to store is taken from header fields only.
    const stored = CUSTOMER_KEY_REGEXP.test(name) ||
      WRITE_ONLY_REGEXP.test(name);
    if (stored) headers[name] = value;
    else query[name] = value;
  }
}
