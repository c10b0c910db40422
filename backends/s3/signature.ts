// This module is browser compatible.
import type { HttpRequest } from "../_http/client.ts";
import { isEmpty } from "../_http/fields.ts";
import {
  type HmacKey,
  hmacSha256,
  sha256Text,
  toHex,
  toHmacKey,
} from "../_http/hmac.ts";
import { absorb, BLOCK_BYTES, sha256 } from "../../digest/sha256.ts";
import type { S3Credentials } from "./credentials.ts";
import { encodeKey, encodeText, PLAIN_REGEXP } from "./endpoint.ts";

const ENCODER = /* @__PURE__ */ new TextEncoder();

// One for all: nothing waits between filling it and reading it.
const HASH = /* @__PURE__ */ new Uint8Array(32);

/** What all signatures of one second begin with. Secret: with it anybody signs. */
interface Start {
  readonly credentials: S3Credentials;
  readonly region: string;
  readonly second: number;
  readonly day: string;
  readonly datetime: string;
  /** The account and the scope, as the header field begins. */
  readonly credential: string;
  readonly key: HmacKey;
  /** The key, the text to sign but for its end, and that end to be filled in. */
  readonly inner: HmacKey["inner"];
  readonly hashed: number;
  readonly rest: Uint8Array;
}

/** The fields of a request, as it is signed with them. */
interface Fields {
  /** The fields, their names, and the hash of the body. */
  readonly text: string;
  /** The `Authorization`, but for the signature. */
  readonly proof: string;
  /** What they are made of. */
  readonly host: string;
  readonly payload: string;
}

/**
 * Signs requests (Signature Version 4), and keeps what the next one has in common with the
 * last: the key of the day, and what the second's texts begin with, hashed so far.
 */
export class Signatures {
  #start: Start | null = null;
  #bare: Fields | null = null;

  /**
   * Returns the header fields that a request is sent with, all of them signed. Fields with a
   * tab go unsigned: signers make a space of it, and some services do not.
   *
   * @param payload The hash of the body, or what stands for it.
   * @param now Milliseconds since 1970.
   */
  sign(
    { method, url, headers }: HttpRequest,
    payload: string,
    credentials: S3Credentials,
    region: string,
    now: number,
  ): Record<string, string> {
    const start = this.#startAt(credentials, region, Math.floor(now / 1000));
    // Spread last: in Node 20 each field behind a spread costs a microsecond.
    const signed: Record<string, string> = {
      "x-amz-content-sha256": payload,
      ...headers,
    };
    signed["x-amz-date"] = start.datetime;
    const { sessionToken } = credentials;
    if (sessionToken) signed["x-amz-security-token"] = sessionToken;
    const host = url.indexOf("//") + 2;
    const slash = url.indexOf("/", host);
    const path = slash < 0 ? url.length : slash;
    const mark = url.indexOf("?", path);
    const end = mark < 0 ? url.length : mark;
    const name = url.slice(host, path);
    // Within a second they are the same for all that bring none of their own.
    const bare = isEmpty(headers);
    let fields = this.#bare;
    if (!bare || fields?.host !== name || fields.payload !== payload) {
      fields = toFields(start, name, signed);
      if (bare) this.#bare = fields;
    }
    const request = `${method}\n${canonicalPath(url.slice(path, end))}\n${
      canonicalQuery(url.slice(end + 1))
    }\n${fields.text}`;
    signed["authorization"] = fields.proof + signatureOf(start, request);
    return signed;
  }

  #startAt(credentials: S3Credentials, region: string, second: number): Start {
    const last = this.#start;
    const same = last?.credentials === credentials && last.region === region;
    if (same && last.second === second) return last;
    const datetime = toDatetime(second * 1000);
    const day = datetime.slice(0, 8);
    const key = same && last.day === day
      ? last.key
      : deriveKey(credentials.secretAccessKey, day, region);
    const scope = `${day}/${region}/s3/aws4_request`;
    const text = ENCODER.encode(`${textToSign(datetime, scope)}${toHex(HASH)}`);
    // The hash that it ends with is another one each time.
    const whole = Math.floor((text.length - 2 * HASH.length) / BLOCK_BYTES) *
      BLOCK_BYTES;
    this.#bare = null;
    return this.#start = {
      credentials,
      region,
      second,
      day,
      datetime,
      credential: `${credentials.accessKeyId}/${scope}`,
      key,
      inner: absorb(text.subarray(0, whole), key.inner),
      hashed: BLOCK_BYTES + whole,
      rest: text.subarray(whole),
    };
  }
}

/** Returns the time as Signature Version 4 writes it. */
export function toDatetime(now: number): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");
}

/** Returns what is signed, but for the hash of the request that it ends with. */
export function textToSign(datetime: string, scope: string): string {
  return `AWS4-HMAC-SHA256\n${datetime}\n${scope}\n`;
}

/** Returns the key that signs for a day (`20261121`), a region and S3. A secret. */
export function deriveKey(
  secret: string,
  day: string,
  region: string,
): HmacKey {
  return [day, region, "s3", "aws4_request"].reduce(
    (key, part) => toHmacKey(hmacSha256(key, part)),
    toHmacKey(ENCODER.encode(`AWS4${secret}`)),
  );
}

function toFields(
  { credential }: Start,
  host: string,
  signed: Readonly<Record<string, string>>,
): Fields {
  const names = ["host"];
  for (const name in signed) {
    if (!signed[name]!.includes("\t")) names.push(name);
  }
  names.sort();
  let fields = "";
  for (const name of names) {
    const value = name === "host" ? host : signed[name]!;
    fields += `${name}:${canonicalValue(value)}\n`;
  }
  const list = names.join(";");
  const payload = signed["x-amz-content-sha256"]!;
  return {
    host,
    payload,
    text: `${fields}\n${list}\n${payload}`,
    proof:
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${list}, Signature=`,
  };
}

function signatureOf(
  { key, inner, hashed, rest }: Start,
  request: string,
): string {
  const hex = toHex(sha256Text(request, undefined, 0, HASH));
  const at = rest.length - hex.length;
  for (let i = 0; i < hex.length; i++) rest[at + i] = hex.charCodeAt(i);
  sha256(rest, inner, hashed, HASH);
  return toHex(sha256(HASH, key.outer, BLOCK_BYTES, HASH));
}

// Runs of spaces count as one, and none at either end.
function canonicalValue(value: string): string {
  return / {2}|^ | $/.test(value) ? value.trim().replace(/ +/g, " ") : value;
}

// As the backend writes paths, this is how they are signed. Those of others are written anew.
function canonicalPath(path: string): string {
  if (PLAIN_REGEXP.test(path)) return path;
  if (path === "") return "/";
  try {
    return encodeKey(decodeURIComponent(path));
  } catch {
    return path;
  }
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  // A line break comes before all that stands in a name.
  return query.split("&").map((pair) => {
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? "" : pair.slice(at + 1);
    return `${canonicalText(name)}\n${canonicalText(value)}`;
  }).sort().join("&").replaceAll("\n", "=");
}

function canonicalText(text: string): string {
  return encodeText(decodeURIComponent(text));
}
