// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";
import type { RetryPolicy } from "../../core/retry.ts";
import { delayAfter, isTransient, type Timing } from "./retry.ts";

/** A request before it is signed. */
export interface HttpRequest {
  /** The method, in capitals. */
  readonly method: string;
  /** The whole URL, percent-encoded as it goes out. */
  readonly url: string;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The content. Bytes and not a stream: no runtime sends a stream's length everywhere. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** How {@linkcode HttpClient.send} treats one request. */
export interface SendOptions {
  /** Ends the request, its waits and its repetitions. */
  readonly signal: AbortSignal | undefined;
  /** Ends an attempt that is under way in place of `signal`: its answer must not be lost. */
  readonly lasting?: AbortSignal | undefined;
  /** Statuses from 300 on that the caller reads itself: 304, 404, 412, 416. */
  readonly accept?: readonly number[] | undefined;
  /** Whether the request must not be repeated after a failure that may hide a success. */
  readonly once?: boolean;
  /** Looks into the body of a 2xx answer for an error (S3's 200 that is one). */
  readonly inspect?: ((response: Response) => Promise<Answered>) | undefined;
}

/** A good answer, or what is wrong with it. */
export type Answered =
  | {
    /** The answer, its body not yet read. */
    readonly response: Response;
    /** The body, where it had to be read to know. */
    readonly text?: string;
  }
  | {
    /** The error inside of the answer. */
    readonly failure: HttpFailure;
  };

/** An answer that is an error, its body read and released. */
export interface HttpFailure {
  /** The status code. */
  readonly status: number;
  /** The header fields. */
  readonly headers: Headers;
  /** The body as text, cut off at a few kilobytes. */
  readonly text: string;
}

/** What a service makes of requests and failures. */
export interface HttpService {
  /** Returns the request with its credentials. Called for every attempt: clocks go on. */
  sign(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest>;
  /** Returns the error that the kernel passes on. */
  toError(failure: HttpFailure, request: HttpRequest): Error;
  /** Returns whether the service's own words mean "later", where the status does not say it. */
  isTransient?(failure: HttpFailure): boolean;
  /** Returns whether a failure says for sure that nothing was done. */
  changedNothing?(failure: HttpFailure): boolean;
  /** Ways out of a failure. Each is taken once a call at most, so that none goes in circles. */
  readonly repairs?: readonly Repair[];
}

/**
 * Returns a request to send in place of one that failed: for another region's host, with
 * fresh credentials, by a clock that is set. `null` where that is not what is wrong.
 * `signed` is what was sent: others may have repaired the service in the meantime.
 */
export type Repair = (
  failure: HttpFailure,
  request: HttpRequest,
  signed: HttpRequest,
) => HttpRequest | null;

/** What {@linkcode HttpClient.send} brings back. */
export interface Sent {
  /** The answer. Its body is the caller's to read or cancel. */
  readonly response: Response;
  /** The body, where `inspect` has read it. */
  readonly text: string | null;
  /**
   * Whether an earlier attempt failed in a way that may hide a success: a 412 or 404
   * may then be the answer to this call's own first try.
   */
  readonly doubtful: boolean;
}

/** The function that sends: the platform's `fetch`, or one that is injected. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How much of an error's body is read. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Signs, sends, repeats: the only place of an HTTP backend that calls `fetch`.
 */
export class HttpClient {
  readonly #fetch: Fetch;
  readonly #service: HttpService;
  readonly #retry: RetryPolicy;
  readonly #timing: Timing;

  constructor(
    fetch: Fetch | undefined,
    service: HttpService,
    retry: RetryPolicy,
    timing: Timing,
  ) {
    // Looked up late, so that what replaces the global fetch is used.
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#service = service;
    this.#retry = retry;
    this.#timing = timing;
  }

  /**
   * Sends a request until it is answered, or the policy gives up.
   *
   * @throws What the service's `toError` returns, or {@linkcode BackendUnavailableError}
   * where no answer came.
   */
  async send(request: HttpRequest, options: SendOptions): Promise<Sent> {
    const { signal, accept } = options;
    const started = this.#timing.now();
    let current = request;
    let doubtful = false;
    let repairs = this.#service.repairs ?? [];
    for (let attempt = 1;; attempt++) {
      const answered = await this.#attempt(current, options);
      if ("response" in answered) {
        return {
          response: answered.response,
          text: answered.text ?? null,
          doubtful,
        };
      }
      const { failure, error, signed } = answered;
      if (failure !== null) {
        const repaired = repair(repairs, failure, current, signed);
        if (repaired !== null) {
          current = repaired.request;
          repairs = repairs.filter((other) => other !== repaired.by);
          attempt--;
          continue;
        }
        if (accept?.includes(failure.status)) {
          const { status, headers, text } = failure;
          const response = new Response(text, { status, headers });
          return { response, text: null, doubtful };
        }
      }
      const later = failure === null || isTransient(failure.status) ||
        (this.#service.isTransient?.(failure) ?? false);
      const delay = later && !options.once
        ? delayAfter(
          attempt,
          failure?.headers.get("retry-after") ?? null,
          started,
          this.#retry,
          this.#timing,
        )
        : null;
      if (delay === null) throw error;
      doubtful ||= failure === null || (failure.status !== 429 &&
        !(this.#service.changedNothing?.(failure) ?? false));
      await this.#timing.sleep(delay, signal);
    }
  }

  async #attempt(
    request: HttpRequest,
    options: SendOptions,
  ): Promise<
    | { response: Response; text?: string }
    | { failure: HttpFailure | null; error: Error; signed: HttpRequest }
  > {
    const { signal, lasting = signal, accept, inspect } = options;
    signal?.throwIfAborted();
    const signed = await this.#service.sign(request, signal);
    let response: Response;
    try {
      response = await this.#fetch(signed.url, toInit(signed, lasting));
    } catch (cause) {
      if (lasting?.aborted) throw lasting.reason;
      return { failure: null, error: unreachable(cause), signed };
    }
    const { status } = response;
    // These may be about the signature: what can be repaired comes first.
    const repairable = this.#service.repairs !== undefined &&
      (status === 400 || status === 403);
    if (!repairable && accept?.includes(status)) return { response };
    if (response.ok) {
      if (inspect === undefined) return { response };
      const answered = await this.#inspect(response, inspect, signal);
      if (!("failure" in answered)) return answered;
      const { failure } = answered;
      const error = failure === null
        ? unreachable(answered.cause)
        : this.#service.toError(failure, request);
      return { failure, error, signed };
    }
    const failure = await readFailure(response, signal);
    return { failure, error: this.#service.toError(failure, request), signed };
  }

  async #inspect(
    response: Response,
    inspect: NonNullable<SendOptions["inspect"]>,
    signal: AbortSignal | undefined,
  ): Promise<
    | { response: Response; text?: string }
    | { failure: HttpFailure | null; cause?: unknown }
  > {
    try {
      return await inspect(response);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      return { failure: null, cause };
    }
  }
}

/** Returns what the first repair that fits makes of a request. */
function repair(
  repairs: readonly Repair[],
  failure: HttpFailure,
  request: HttpRequest,
  signed: HttpRequest,
): { request: HttpRequest; by: Repair } | null {
  for (const by of repairs) {
    const repaired = by(failure, request, signed);
    if (repaired !== null) return { request: repaired, by };
  }
  return null;
}

function unreachable(cause: unknown): BackendUnavailableError {
  // A browser shows a refusal by CORS rules and a dead network alike, on purpose.
  return new BackendUnavailableError("no answer came", { cause });
}

/** Reads an error's body, as far as it is worth reading, and releases it. */
export async function readFailure(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<HttpFailure> {
  const { status, headers, body } = response;
  if (body === null) return { status, headers, text: "" };
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < MAX_ERROR_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The status is known; a body that breaks off only costs the detail.
    signal?.throwIfAborted();
  } finally {
    reader.cancel().catch(() => {});
  }
  return { status, headers, text };
}

function toInit(
  request: HttpRequest,
  signal: AbortSignal | undefined,
): RequestInit {
  const init: RequestInit = {
    method: request.method,
    headers: request.headers,
    body: request.body,
    signal: signal ?? null,
    // A signature is for one host: the service decides whether to follow.
    redirect: "manual",
  };
  if (takesCache()) init.cache = "no-store";
  return init;
}

let cacheTaken: boolean | undefined;

// A browser's cache serves stale bytes after a write, and its revalidation breaks
// signatures. Workers with an old compatibility date throw at the option.
function takesCache(): boolean {
  if (cacheTaken === undefined) {
    try {
      new Request("http://localhost/", { cache: "no-store" });
      cacheTaken = true;
    } catch {
      cacheTaken = false;
    }
  }
  return cacheTaken;
}
