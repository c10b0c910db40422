// This module is browser compatible.
import { AwsV4Signer } from "aws4fetch";
import { CapabilityNotSupportedError, refuse } from "../../core/errors.ts";
import { hmacSha256, toHex } from "../_http/hmac.ts";
import { sha256 } from "../../digest/sha256.ts";
import {
  CONTENT_REGEXP,
  CUSTOMER_KEY_REGEXP,
  type S3Call,
  type S3Connection,
  WRITE_ONLY_REGEXP,
} from "./connection.ts";
import { endOf } from "./credentials.ts";
import type {
  SignedUrl,
  SignedUrlRequest,
  Signing,
  SigningMoment,
  UrlToSign,
} from "./delegated.ts";
import { requireKey } from "./endpoint.ts";
import { deriveKey, textToSign, toDatetime } from "./signature.ts";

const ENCODER = /* @__PURE__ */ new TextEncoder();

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
  request: SignedUrlRequest,
): Promise<SignedUrl> {
  const wanted = toWanted(connection, key, request);
  return await signWanted(connection.signing, wanted, request.signal);
}

/** Returns a URL with a signature: made here where the secret is, and else by who signs. */
export async function signWanted(
  signing: Signing,
  wanted: UrlToSign,
  signal: AbortSignal | undefined,
): Promise<SignedUrl> {
  if (signing.presign !== undefined) {
    return await signing.presign(wanted, signal);
  }
  const moment = await lastingMoment(signing, wanted.seconds, signal);
  const { headers } = wanted;
  return { url: await signUrl(wanted, moment), headers };
}

/**
 * Returns with what something is signed that is valid for a while from now on.
 *
 * @throws {InvalidArgumentError} If the credentials end before that, and the provider has none that last longer.
 * @throws {CapabilityNotSupportedError} If another party signs: that signs requests.
 */
export async function lastingMoment(
  signing: Signing,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<SigningMoment> {
  if (signing.moment === undefined) {
    throw new CapabilityNotSupportedError("a signer signs no forms", {
      capability: "presign",
    });
  }
  const moment = await signing.moment(seconds, signal);
  const left = endOf(moment.credentials) - moment.now;
  if (left >= seconds * 1000) return moment;
  // A URL is good for no longer than what it is signed with.
  const when = left > 0 ? `in ${Math.floor(left / 1000)} s` : "already";
  refuse(
    "sign a URL",
    null,
    `the credentials end ${when}, and it is to be valid for ${seconds} s`,
  );
}

/** Returns what is to be signed for one request to a connection's bucket. */
export function toWanted(
  connection: S3Connection,
  key: string,
  { method, seconds, size = null, ...request }: SignedUrlRequest,
): UrlToSign {
  requireKey(key);
  const own = ownFields(connection, method);
  const headers = { ...own.headers, ...request.headers };
  const url = connection.urlWith(key, { ...own.query, ...request.query });
  return { method, url, headers, seconds, size };
}

const KINDS: Readonly<Record<string, S3Call["kind"]>> = {
  PUT: "write",
  POST: "write",
  DELETE: "other",
};

/** Returns the header fields of the backend's options that a signature covers, and where they go. */
export function ownFields(connection: S3Connection, method: string): {
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
} {
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const own = connection.extraHeaders(KINDS[method] ?? "read");
  for (const [name, value] of Object.entries(own)) {
    // What says how to store is taken from header fields only.
    const stored = CUSTOMER_KEY_REGEXP.test(name) ||
      WRITE_ONLY_REGEXP.test(name) || CONTENT_REGEXP.test(name);
    if (stored) headers[name] = value;
    // Others can be sent without a signature.
    else if (name.startsWith("x-amz-")) query[name] = value;
  }
  return { query, headers };
}
