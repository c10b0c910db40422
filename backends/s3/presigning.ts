// This module is browser compatible.
import type { ContentHeaders } from "../../core/backend.ts";
import { cross } from "../../core/boundary.ts";
import type { ContentDigest } from "../../core/digest.ts";
import {
  CapabilityNotSupportedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import {
  beginPresign,
  type CheckedPresign,
  type EnforcedLimit,
  type PresignCall,
  type PresignedRequest,
  type PresignOptions,
  toPresigned,
} from "../../core/presigning.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { CONTENT_FIELDS, contentFields } from "../_http/headers.ts";
import { BucketBackend, connectionOf } from "./bucket.ts";
import { toText } from "./checksums.ts";
import type { SignedUrl, SignedUrlRequest } from "./delegated.ts";
import {
  checksMd5,
  formFields,
  refusesUnsigned,
  type S3Dialect,
} from "./dialect.ts";
import { signForm } from "./forms.ts";
import { signFor, signWanted, toWanted } from "./signed_url.ts";
import { METADATA_PREFIX, toMetadataFields } from "./wire.ts";

/**
 * Returns a request that lets whoever has it do one thing to one file for a while: for
 * `curl`, a mobile application or a page without this library. Sends nothing, unless
 * another party signs, so the file need not exist.
 *
 * Fields of the backend's option `headers` that say how to store, or with which key, are
 * signed, and are among those to send.
 *
 * @example A page may upload one image, which is new and has these bytes
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { presign, S3Backend } from "@remote-store/core/backends/s3";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new S3Backend({
 *     bucket: "photos",
 *     region: "eu-central-1",
 *     credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
 *   }),
 * });
 * const { url, method, headers, enforced } = await presign(
 *   store,
 *   "cats/tom.jpg",
 *   { method: "PUT", contentType: "image/jpeg", contentLength: 31_415 },
 * );
 * // await fetch(url, { method, headers, body: file });
 * assertEquals(new URL(url).host, "photos.s3.eu-central-1.amazonaws.com");
 * assertEquals(method, "PUT");
 * assertEquals(headers, {
 *   "content-type": "image/jpeg",
 *   "if-none-match": "*",
 * });
 * assertEquals(enforced, ["create", "contentType", "contentLength"]);
 * ```
 *
 * @param store A store over S3, with credentials or with a signer.
 * @throws {CapabilityNotSupportedError} If the store is over something else or is anonymous, or the service is not known to hold what is asked for.
 * @throws {BackendUnavailableError} If the backend is closed.
 * @throws {InvalidPathError} If the path names the root, or no object.
 * @throws {InvalidArgumentError} If an option is unknown or wrong, or means nothing to the method; or the backend has no credentials that last as long.
 * @throws {PermissionDeniedError} If the backend has a signer, and that refuses.
 */
export async function presign(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  path: string,
  options: PresignOptions = {},
): Promise<PresignedRequest> {
  const call = beginPresign(store, BucketBackend, path, options);
  requireHeld(call);
  return await cross(
    call,
    (signal) =>
      call.asked.method === "POST"
        ? signForm(call, signal)
        : signRequest(call, signal),
  );
}

async function signRequest(
  { backend, key, asked }: PresignCall<BucketBackend>,
  signal: AbortSignal | undefined,
): Promise<PresignedRequest> {
  const { method, seconds, length, response, digest } = asked;
  const { dialect } = backend;
  const headers = fieldsOf(asked, dialect);
  if (asked.creates) headers["if-none-match"] = "*";
  if (digest !== null) headers[digestField(digest)] = toText(digest);
  // Of a URL that does not say it: no later than the party can have meant.
  const begun = Date.now() - 1000;
  const signed = await signFor(connectionOf(backend), key, {
    method,
    query: contentFields(response, "response-"),
    headers,
    seconds,
    size: length?.max ?? null,
    signal,
  });
  const expires = endOf(signed.url) ?? begun + seconds * 1000;
  const names = signedNames(signed);
  return toPresigned(
    asked,
    { ...signed, expires },
    (limit) =>
      fieldsHeld(limit, asked, headers, dialect).every((name) =>
        names.has(name)
      ),
  );
}

/** Returns the header fields that say how to store. */
export function fieldsOf(
  { headers, metadata }: CheckedPresign,
  dialect: S3Dialect,
): Record<string, string> {
  return {
    ...contentFields(headers),
    ...toMetadataFields(metadata, dialect, "put"),
  };
}

// What is asked for has to be held, where it is a limit and nothing else.
function requireHeld(call: PresignCall<BucketBackend>): void {
  const { asked, backend, mount, path } = call;
  const { method, creates, digest, headers } = asked;
  const { dialect } = backend;
  const fail = (why: string, capability: "conditional_write" | null = null) => {
    const options = { capability };
    throw mount.error(
      CapabilityNotSupportedError,
      call.action,
      path,
      why,
      options,
    );
  };
  if (creates && method === "POST") {
    fail("a form replaces what is there, so overwrite: true is needed");
  }
  if (creates && !dialect.conditions.put) {
    fail(
      `the service (dialect ${dialect.name}) is not known to honor If-None-Match, so overwrite: true is needed`,
      "conditional_write",
    );
  }
  if (method === "POST") {
    const stored = formFields(dialect);
    if (stored === null) {
      fail(`the service (dialect ${dialect.name}) is not known to take forms`);
    }
    for (const name of Object.keys(headers) as (keyof ContentHeaders)[]) {
      if (headers[name] === null || stored?.includes(name)) continue;
      fail(
        `the service (dialect ${dialect.name}) is not known to store ${name} from a form`,
      );
    }
  }
  if (digest === null) return;
  const { algorithm } = digest;
  const checks: readonly string[] = dialect.checksums;
  if (algorithm === "md5" ? checksMd5(dialect) : checks.includes(algorithm)) {
    return;
  }
  fail(
    `the service (dialect ${dialect.name}) is not known to check ${algorithm} digests`,
  );
}

function digestField({ algorithm }: ContentDigest): string {
  return algorithm === "md5" ? "content-md5" : `x-amz-checksum-${algorithm}`;
}

/** Returns the fields that have to be signed for a limit to be held; a name that is never signed where it cannot be. */
function fieldsHeld(
  limit: EnforcedLimit,
  { digest }: CheckedPresign,
  headers: Readonly<Record<string, string>>,
  dialect: S3Dialect,
): readonly string[] {
  switch (limit) {
    case "create":
      return ["if-none-match"];
    case "contentLength":
      return ["content-length"];
    case "digest":
      return digest === null ? [] : [digestField(digest)];
    case "metadata":
      // Where the service takes fields that are not signed, more can be added.
      return refusesUnsigned(dialect)
        ? Object.keys(headers).filter((name) =>
          name.startsWith(METADATA_PREFIX)
        )
        : [""];
    case "response":
      // Every signature covers the parameters.
      return ["host"];
    default:
      return [CONTENT_FIELDS[limit satisfies keyof ContentHeaders]];
  }
}

/** Returns the names of the fields that a signature covers, in the URL or beside it; none where it is another one. */
function signedNames({ url, headers }: SignedUrl): ReadonlySet<string> {
  const listed = paramOf(url, "X-Amz-SignedHeaders") ??
    /SignedHeaders=([^,]+)/.exec(headers["authorization"] ?? "")?.[1] ?? "";
  return new Set(listed.split(";"));
}

/** Returns when a signed URL ends, in milliseconds since 1970; `null` where it does not say. */
function endOf(url: string): number | null {
  const date = paramOf(url, "X-Amz-Date") ?? "";
  const begins = Date.parse(
    date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"),
  );
  const ends = begins + Number(paramOf(url, "X-Amz-Expires") ?? NaN) * 1000;
  return Number.isNaN(ends) ? null : ends;
}

function paramOf(url: string, name: string): string | null {
  return URL.canParse(url) ? new URL(url).searchParams.get(name) : null;
}

const URL_REQUEST: KnownOptions<SignedUrlRequest> = {
  method: "string",
  query: true,
  headers: "object",
  seconds: "number",
  size: "number",
  signal: true,
};

/** What signs a URL for one request, and says for which service. */
export interface UrlSigner {
  /** The backend's name. */
  readonly name: string;
  /** The service's ways. */
  readonly dialect: S3Dialect;
  /** Returns a URL with a signature for one request. */
  signUrl(key: string, request: SignedUrlRequest): Promise<string>;
}

/**
 * Returns what signs URLs in a backend's name: for `diagnoseCors` of `ext/cors`, and for
 * requests that {@linkcode presign} has no option for.
 */
export function urlSigner(backend: BucketBackend): UrlSigner {
  const { name, dialect } = backend;
  const connection = connectionOf(backend);
  return {
    name,
    dialect,
    async signUrl(key, request) {
      requireKnown("sign a URL", key, request, URL_REQUEST);
      const wanted = toWanted(connection, key, request);
      const { signal } = request;
      const { url, headers } = await signWanted(
        connection.signing,
        wanted,
        signal,
      );
      const added = Object.keys(headers).filter((name) =>
        headers[name] !== wanted.headers[name]
      );
      if (added.length === 0) return url;
      throw new RemoteStoreError(
        `the signer wants ${added.join(", ")} sent, which a URL does not carry`,
      );
    },
  };
}
