// This module is browser compatible.
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
} from "../../core/errors.ts";
import type { S3Connection } from "./connection.ts";

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

/** Returns a signed URL; sends nothing. */
export async function presignUrl(
  connection: S3Connection,
  key: string,
  options: PresignOptions,
): Promise<string> {
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
  const headers: Record<string, string> = {};
  if (method === "PUT") {
    if (contentType !== undefined) headers["content-type"] = contentType;
    if (overwrite === false) headers["if-none-match"] = "*";
  }
  const query = {
    "response-content-type": options.responseContentType ?? null,
    "response-content-disposition": options.responseContentDisposition ?? null,
  };
  return await connection.presign(
    method,
    key,
    query,
    headers,
    expiresIn,
    options.signal,
  );
}

/** What has signed URLs: a store over S3 is asked for its backend. */
export interface Unwraps {
  /** Returns the native handle of a class. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T;
  /** Returns the service's name of a path. */
  nativePath(path: string): string;
}

/** Returns the error for a store over another backend. */
export function cannotPresign(backend: string): CapabilityNotSupportedError {
  return new CapabilityNotSupportedError("the backend signs no URLs", {
    capability: "presign",
    backend,
  });
}

function refuse(why: string): never {
  throw new InvalidArgumentError(`Cannot sign a URL: ${why}`);
}
