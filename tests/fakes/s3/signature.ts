/**
 * Signature Version 4 from the reading side, written from its documentation and
 * without the library's signer, so that one's mistake is not the other's.
 *
 * @module
 */
import { createHash, createHmac } from "node:crypto";

/** A known account. */
export interface Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is wrong with a signature: a status and a code; `null` where nothing is. */
export type SignatureFault = readonly [status: number, code: string] | null;

const FIFTEEN_MINUTES = 15 * 60_000;

/** Checks the signature of a request in its header or in its query. */
export function checkSignature(
  request: Request,
  body: Uint8Array,
  account: Account,
  region: string,
  now: number,
): SignatureFault {
  const url = new URL(request.url);
  const inQuery = url.searchParams.has("X-Amz-Signature");
  const read = inQuery ? readQuery(url) : readHeader(request.headers);
  if (read === null) return [403, "AccessDenied"];
  const { credential, signedHeaders, signature, datetime } = read;
  const [accessKeyId, date, scopeRegion, service, end] = credential.split("/");
  if (accessKeyId !== account.accessKeyId) return [403, "InvalidAccessKeyId"];
  const token = inQuery
    ? url.searchParams.get("X-Amz-Security-Token")
    : request.headers.get("x-amz-security-token");
  if ((token ?? undefined) !== account.sessionToken) {
    return [400, "InvalidToken"];
  }
  if (service !== "s3" || end !== "aws4_request") return [403, "AccessDenied"];
  if (scopeRegion !== region) return [400, "AuthorizationHeaderMalformed"];
  const time = parseTime(datetime);
  if (Number.isNaN(time) || !datetime.startsWith(`${date}`)) {
    return [403, "AccessDenied"];
  }
  if (inQuery) {
    const seconds = Number(url.searchParams.get("X-Amz-Expires"));
    if (!(seconds >= 1 && seconds <= 604_800)) {
      return [400, "AuthorizationQueryParametersError"];
    }
    if (now > time + seconds * 1000) return [403, "AccessDenied"];
  } else if (Math.abs(now - time) > FIFTEEN_MINUTES) {
    return [403, "RequestTimeTooSkewed"];
  }
  const names = signedHeaders.split(";");
  const amz = [...request.headers.keys()].filter((n) => n.startsWith("x-amz-"));
  if (!names.includes("host") || amz.some((name) => !names.includes(name))) {
    return [403, "AccessDenied"];
  }
  const payload = inQuery
    ? "UNSIGNED-PAYLOAD"
    : request.headers.get("x-amz-content-sha256") ?? "";
  if (
    payload !== "UNSIGNED-PAYLOAD" &&
    payload !== createHash("sha256").update(body).digest("hex")
  ) {
    return [400, "XAmzContentSHA256Mismatch"];
  }
  const canonical = [
    request.method,
    canonicalPath(url),
    canonicalQuery(url),
    ...names.map((name) =>
      `${name}:${
        name === "host"
          ? url.host
          : name === "content-length"
          ? String(body.byteLength)
          : (request.headers.get(name) ?? "").trim().replace(/ +/g, " ")
      }`
    ),
    "",
    signedHeaders,
    payload,
  ].join("\n");
  const scope = `${date}/${scopeRegion}/s3/aws4_request`;
  const text = [
    "AWS4-HMAC-SHA256",
    datetime,
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const key = signingKey(account.secretAccessKey, `${date}`, region);
  const expected = createHmac("sha256", key).update(text).digest("hex");
  return expected === signature ? null : [403, "SignatureDoesNotMatch"];
}

function readHeader(headers: Headers) {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
      .exec(headers.get("authorization") ?? "");
  if (match === null) return null;
  return {
    credential: `${match[1]}`,
    signedHeaders: `${match[2]}`,
    signature: `${match[3]}`,
    datetime: headers.get("x-amz-date") ?? "",
  };
}

function readQuery(url: URL) {
  const get = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? "";
  if (get("Algorithm") !== "AWS4-HMAC-SHA256") return null;
  return {
    credential: get("Credential"),
    signedHeaders: get("SignedHeaders"),
    signature: get("Signature"),
    datetime: get("Date"),
  };
}

function parseTime(datetime: string): number {
  const iso = datetime.replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    "$1-$2-$3T$4:$5:$6Z",
  );
  return Date.parse(iso);
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

// S3 signs the key as it was sent, decoded once and encoded by the book.
function canonicalPath(url: URL): string {
  return url.pathname.split("/").map((part) => escape(decodeURIComponent(part)))
    .join("/");
}

function canonicalQuery(url: URL): string {
  return url.search.slice(1).split("&").filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      const value = at < 0 ? "" : pair.slice(at + 1);
      return [
        escape(decodeURIComponent(name)),
        escape(decodeURIComponent(value)),
      ];
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, b], [c, d]) => a! < c! ? -1 : a! > c! ? 1 : b! < d! ? -1 : 1)
    .map((pair) => pair.join("="))
    .join("&");
}

let cached: { id: string; key: Uint8Array } | undefined;

/** Returns the key of a day. */
export function signingKey(
  secret: string,
  date: string,
  region: string,
): Uint8Array {
  const id = `${secret} ${date} ${region}`;
  if (cached?.id === id) return cached.key;
  const hmac = (key: string | Uint8Array, text: string) =>
    createHmac("sha256", key).update(text).digest();
  const key = hmac(
    hmac(hmac(hmac(`AWS4${secret}`, date), region), "s3"),
    "aws4_request",
  );
  cached = { id, key };
  return key;
}
