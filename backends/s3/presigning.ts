// This module is browser compatible.
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
} from "../../core/errors.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { BucketBackend, connectionOf } from "./bucket.ts";
import type { SignedUrlRequest } from "./delegated.ts";
import type { S3Dialect } from "./dialect.ts";
import { signFor } from "./signed_url.ts";

/** Options of a signed URL. */
export interface PresignOptions {
  /**
   * What the URL is for.
   *
   * @default {"GET"}
   */
  readonly method?: "GET" | "HEAD" | "PUT" | "DELETE" | undefined;
  /**
   * How long it is valid, in seconds: up to seven days.
   *
   * @default {900}
   */
  readonly expiresIn?: number | undefined;
  /** For `PUT`: the `Content-Type` that has to be sent with it. */
  readonly contentType?: string | undefined;
  /** For `PUT`: the bytes that have to be sent with it, no more and no less. */
  readonly size?: number | undefined;
  /** For `PUT`: whether it may replace a file; else `If-None-Match: *` has to be sent with it. */
  readonly overwrite?: boolean | undefined;
  /** For `GET`: the `Content-Type` of the answer. */
  readonly responseContentType?: string | undefined;
  /** For `GET`: the `Content-Disposition` of the answer. */
  readonly responseContentDisposition?: string | undefined;
  /** Ends the wait for credentials. */
  readonly signal?: AbortSignal | undefined;
}

/** The longest that S3 accepts. */
const MAX_SECONDS = 7 * 24 * 60 * 60;

const METHODS: readonly unknown[] = ["GET", "HEAD", "PUT", "DELETE"];

/**
 * Returns a URL that gives whoever has it access to one file for a while. Sends
 * nothing, so the file need not exist. Fields of the backend's option `headers` that say
 * how to store, or with which key, are signed, so they have to be sent with it.
 *
 * @example A link to a file in a bucket
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
 * const url = new URL(await presign(store, "cats/tom.jpg", { expiresIn: 60 }));
 * assertEquals(url.origin, "https://photos.s3.eu-central-1.amazonaws.com");
 * assertEquals(url.searchParams.get("X-Amz-Expires"), "60");
 * ```
 *
 * @param store A store over S3, with credentials or with a signer.
 * @throws {CapabilityNotSupportedError} If the store is over something else, or is anonymous.
 * @throws {InvalidPathError} If the path names the root.
 * @throws {InvalidArgumentError} If an option is wrong, or the backend has no credentials that last as long as the URL.
 * @throws {PermissionDeniedError} If the backend has a signer, and that refuses.
 */
export async function presign(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  path: string,
  options: PresignOptions = {},
): Promise<string> {
  const backend = store.unwrap(BucketBackend);
  const native = store.nativePath(path);
  // The root of a store is a folder, wherever in the bucket it lies.
  if (native === store.nativePath("")) {
    throw new InvalidPathError("Cannot sign a URL for the root of a store", {
      path,
      backend: backend.name,
    });
  }
  if (!backend.capabilities.has("presign")) {
    throw new CapabilityNotSupportedError(
      "Cannot sign a URL: the backend has no credentials of its own",
      { capability: "presign", path, backend: backend.name },
    );
  }
  const { method = "GET", expiresIn = 900, contentType, overwrite } = options;
  if (!METHODS.includes(method)) refuse(`method is ${JSON.stringify(method)}`);
  if (
    !Number.isSafeInteger(expiresIn) || expiresIn < 1 ||
    expiresIn > MAX_SECONDS
  ) {
    refuse(
      `expiresIn is ${expiresIn}, a whole number of seconds from 1 to ${MAX_SECONDS} is needed`,
    );
  }
  const { size = 0 } = options;
  if (!Number.isSafeInteger(size) || size < 0) refuse(`size is ${size}`);
  const headers: Record<string, string> = {};
  if (method === "PUT") {
    if (contentType !== undefined) headers["content-type"] = contentType;
    if (overwrite === false) headers["if-none-match"] = "*";
  }
  return await signFor(connectionOf(backend), backend.toKey(native), {
    method,
    query: {
      "response-content-type": options.responseContentType ?? null,
      "response-content-disposition": options.responseContentDisposition ??
        null,
    },
    headers,
    seconds: expiresIn,
    size: method === "PUT" ? options.size ?? null : null,
    signal: options.signal,
  });
}

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
    signUrl: (key, request) => signFor(connection, key, request),
  };
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot sign a URL: ${why}`);
}
