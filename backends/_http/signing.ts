// This module is browser compatible.
import {
  BackendUnavailableError,
  InvalidArgumentError,
  isRemoteStoreError,
  PermissionDeniedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { untilAborted } from "../../core/signal.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import type { HttpRequest } from "./client.ts";
import { isTransient } from "./retry.ts";

/** A request for another party to sign. */
export interface UnsignedRequest {
  /** The method, in capitals. */
  readonly method: string;
  /** The whole URL, percent-encoded. */
  readonly url: string;
  /** Header fields by lower-case name: all that will be sent, but `accept-encoding`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body: what will be said as `Content-Length`. `null` where a URL is asked for and nobody knows. */
  readonly size: number | null;
  /** The body, where it names keys or parts: bulk deletes, completions, tags. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  /** What an upload in parts promises. */
  readonly plan?: PromisedUpload | undefined;
  /** For a URL that is handed on: how long it is to be valid, in seconds. */
  readonly expiresIn?: number | undefined;
}

/** What a signer is told beside the request. */
export interface SigningOptions {
  /** Later requests of the same upload, which may be signed along: they will be asked for one by one. */
  readonly ahead: readonly UnsignedRequest[];
  /** Whether an earlier signature of this request brought no success: what is kept will not do. */
  readonly refresh: boolean;
  /** Of an upload in parts: where a signer keeps what it wants to see again. */
  readonly ticket?: UploadTicket | undefined;
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
}

/** What a signer gives back: the request as it is to be sent. */
export interface SignedRequest {
  /** The whole URL. */
  readonly url: string;
  /** All header fields to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether cookies go along: not to the storage service. */
  readonly credentials?: "include" | "omit" | "same-origin" | undefined;
  /** The service's answer, where the signer has sent the request itself. */
  readonly response?: Response | undefined;
}

/**
 * Signs in place of credentials: by a server of the application's, for one. It may throw
 * any error of this library. A `TypeError` (what `fetch` rejects with), and a `Response`
 * with a status of 408, 429 or from 500 on, count as {@linkcode BackendUnavailableError}
 * and are repeated; a `Response` with 401 or 403 is {@linkcode PermissionDeniedError}.
 */
export interface RequestSigner {
  (request: UnsignedRequest, options: SigningOptions): Promise<SignedRequest>;
  /**
   * Whether the party opens uploads in parts itself, and gives the service's answer: a copy
   * with its source's own tags, for which the backend does not ask then. A call that is
   * aborted meanwhile waits a few seconds for the answer, to throw the upload away.
   *
   * @default {false}
   */
  readonly opensUploads?: boolean | undefined;
}

/** A request, and what only a signer wants to know of it. */
export interface SignableRequest extends HttpRequest {
  /** The size of a body that is not there yet. */
  readonly size?: number | undefined;
  /** Whether the body names keys or parts. */
  readonly names?: boolean | undefined;
  /** What an upload in parts promises. */
  readonly plan?: PromisedUpload | undefined;
  /** What its signer keeps. */
  readonly ticket?: UploadTicket | undefined;
  /** Returns later requests of the same upload. */
  readonly ahead?: (() => readonly SignableRequest[]) | undefined;
}

/** Asks a signer for one request. */
export async function askSigner(
  signer: RequestSigner,
  request: SignableRequest,
  refresh: boolean,
  signal: AbortSignal | undefined,
): Promise<HttpRequest> {
  const { method, body, words, ticket } = request;
  const ahead = request.ahead?.().map(toUnsigned) ?? [];
  const signed = await toSigned(signer, toUnsigned(request), {
    ahead,
    refresh,
    signal,
    ...ticket === undefined ? {} : { ticket },
  });
  const { url, headers, credentials, response } = signed;
  return {
    method,
    url,
    headers,
    body,
    ...credentials === undefined ? {} : { credentials },
    ...response === undefined ? {} : { response },
    ...words === undefined ? {} : { words },
  };
}

/** Asks a signer, and types what it throws. */
export async function toSigned(
  signer: RequestSigner,
  request: UnsignedRequest,
  options: SigningOptions,
): Promise<SignedRequest> {
  const { signal } = options;
  let signed: SignedRequest;
  try {
    signed = await untilAborted(
      Promise.resolve(signer(request, options)),
      signal,
    );
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw toSignerError(cause);
  }
  if (typeof signed?.url === "string" && typeof signed.headers === "object") {
    return signed;
  }
  throw new RemoteStoreError("the signer gave no request");
}

/** Returns the error for what a signer has thrown. */
function toSignerError(cause: unknown): Error {
  if (isRemoteStoreError(cause) || cause instanceof InvalidArgumentError) {
    return cause;
  }
  if (cause instanceof Response) {
    const { status } = cause;
    cause.body?.cancel().catch(() => {});
    return ofStatus(status);
  }
  if (cause instanceof TypeError) {
    return new BackendUnavailableError("the signer cannot be reached", {
      cause,
    });
  }
  return new RemoteStoreError("the signer failed", { cause });
}

/** Returns what a handler says of a refusal of a whole request; empty where it says nothing. */
export function wordsOf(text: string): string {
  try {
    return JSON.parse(text).error.message.slice(0, 200);
  } catch {
    return ""; // Somebody in between has answered, and says nothing of the kind.
  }
}

/** Returns the error for a status that the signer's server answered, with what it said. */
export function ofStatus(status: number, words = ""): Error {
  const why = words && `: ${words}`;
  if (status === 401 || status === 403) {
    return new PermissionDeniedError(`the signer refuses the request${why}`);
  }
  return isTransient(status)
    ? new BackendUnavailableError(`the signer answered ${status}${why}`)
    : new RemoteStoreError(`the signer answered ${status}${why}`);
}

function toUnsigned(request: SignableRequest): UnsignedRequest {
  const { method, url, headers, body, names, plan } = request;
  const { size = body instanceof Blob ? body.size : body?.byteLength ?? 0 } =
    request;
  return {
    method,
    url,
    headers,
    size,
    ...names && body instanceof Uint8Array ? { body } : {},
    ...plan === undefined ? {} : { plan },
  };
}
