// This module is browser compatible.
import type { Attempt } from "../../core/doubt.ts";
import { isRemoteStoreError, RemoteStoreError } from "../../core/errors.ts";
import type { RetryPolicy } from "../../core/retry.ts";
import {
  AnswerFailure,
  type HttpFailure,
  type Reader,
  readFailure,
} from "./answer.ts";
import {
  type FetchFields,
  isRefusedByFetch,
  type Outgoing,
  toInit,
} from "./init.ts";
import { noteAnswer } from "./own_answers.ts";
import { askedWait, delayAfter, isTransient, type Timing } from "./retry.ts";
import { Semaphore } from "./semaphore.ts";
import { notAnAnswer, unreachable } from "./unreachable.ts";

/** A request before it is signed. */
export type HttpRequest = Outgoing;

/** What a request expects of its answer. */
export interface Expected<T> {
  /**
   * How the answer is read of each status that the service documents for success. Any
   * other answer is none, and neither is one whose reader throws.
   */
  readonly answers: Readonly<Record<number, Reader<T>>>;
  /** Ends the request, its waits and its repetitions. */
  readonly signal: AbortSignal | undefined;
  /** Ends an attempt that is under way in place of `signal`: its answer must not be lost. */
  readonly lasting?: AbortSignal | undefined;
  /** Whether the request must not be repeated after a failure that may hide a success. */
  readonly once?: boolean;
}

/** What a question brings back: an answer that was read, or a refusal to tell apart. */
export type Answer<T> =
  | {
    /** It is answered. */
    readonly outcome: "done";
    /** What the reader made of it. */
    readonly value: T;
  }
  | {
    /** It is refused with one of the statuses that the caller tells apart. */
    readonly outcome: "refused";
    /** What the service's error is for the kernel. */
    readonly error: Error;
    /** The service's error itself. */
    readonly failure: HttpFailure;
  };

/** What a change brings back; `failure` is `null` where no answer could be read. */
export type HttpAttempt<T> =
  & Attempt<T>
  & (
    | { readonly outcome: "done" }
    | {
      readonly outcome: "refused" | "doubtful";
      readonly failure: HttpFailure | null;
    }
  );

/** What a service makes of requests and failures. */
export interface HttpService {
  /**
   * Returns the request with its credentials. Called for every attempt: clocks go on. What
   * it throws as {@linkcode BackendUnavailableError} is repeated.
   */
  sign(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest>;
  /** Whether to sign may be to send as well, so that its end must not be lost either. */
  readonly opensUploads?: boolean;
  /** Returns the error that the kernel passes on. */
  toError(failure: HttpFailure, request: HttpRequest): Error;
  /**
   * Returns whether an error is in the service's own words. What is not comes from something
   * in between, says nothing of the store, and is repeated.
   */
  isOwn?(failure: HttpFailure, request: HttpRequest): boolean;
  /** Returns whether the service's own words mean "later", where the status does not say it. */
  isTransient?(failure: HttpFailure): boolean;
  /** Returns whether a failure says for sure that nothing was done. */
  changedNothing?(failure: HttpFailure): boolean;
  /** Ways out of a failure. Each is taken once a call at most, so that none goes in circles. */
  readonly repairs?: readonly Repair[];
}

/** A way out of a failure. */
export interface Repair {
  /**
   * Returns a request to send in place of one that failed: for another region's host, with
   * fresh credentials, by a clock that is set. `null` where that is not what is wrong.
   * `signed` is what was sent: others may have repaired the service in the meantime.
   */
  mend(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): HttpRequest | null;
  /** Is told how a mended request failed as well: a guess that did not help is taken back. */
  failed?(failure: HttpFailure): void;
}

/** The function that sends: the platform's `fetch`, or one that is injected. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What one attempt, or all of them, came to without an answer. */
interface Failed {
  readonly failure: HttpFailure | null;
  readonly error: Error;
  /** Whether nothing was sent at all. */
  readonly unsent?: boolean;
  /** Whether the same would only fail again. */
  readonly final?: boolean;
  readonly signed: HttpRequest;
}

type Done<T> = { readonly outcome: "done"; readonly value: T };

type Ended<T> =
  | Done<T>
  | (Failed & { readonly outcome: "refused" | "doubtful" });

const NONE: readonly never[] = [];

/**
 * Signs, sends, reads, repeats: the only place of an HTTP backend that calls `fetch`, and
 * the only one that decides from a status what an answer is.
 */
export class HttpClient {
  readonly #fetch: Fetch | undefined;
  readonly #service: HttpService;
  readonly #retry: RetryPolicy;
  readonly #timing: Timing;
  readonly #fields: FetchFields;
  readonly #places: Semaphore;

  /** @param maxRequests How many requests are under way at once, each until its headers are there. */
  constructor(
    fetch: Fetch | undefined,
    service: HttpService,
    retry: RetryPolicy,
    timing: Timing,
    fields: FetchFields = {},
    maxRequests: number = Infinity,
  ) {
    this.#fetch = fetch;
    this.#service = service;
    this.#retry = retry;
    this.#timing = timing;
    this.#fields = fields;
    this.#places = new Semaphore(maxRequests);
  }

  /**
   * Asks for something, and changes nothing by it.
   *
   * @param refusals The statuses of errors that come back; others are thrown.
   * @throws What the service's `toError` returns, or {@linkcode BackendUnavailableError}
   * where no answer came.
   */
  ask<T>(
    request: HttpRequest,
    expected: Expected<T>,
    refusals: readonly number[] = NONE,
  ): Promise<Answer<T>> {
    return this.#send(request, expected, refusals, (ended) => {
      if (ended.outcome === "done") return ended;
      const { failure, error } = ended;
      if (failure !== null && refusals.includes(failure.status)) {
        return { outcome: "refused", error, failure };
      }
      throw error;
    });
  }

  /** Asks for something whose absence is an error like any other. */
  get<T>(request: HttpRequest, expected: Expected<T>): Promise<T> {
    return this.#send(request, expected, NONE, (ended) => {
      if (ended.outcome === "done") return ended.value;
      throw ended.error;
    });
  }

  /**
   * Sends a change. Nothing is thrown but an abort, and what stopped the very first request
   * before it was sent: the rest is the caller's to settle.
   */
  change<T>(
    request: HttpRequest,
    expected: Expected<T>,
  ): Promise<HttpAttempt<T>> {
    return this.#send(request, expected, NONE, (ended) => ended);
  }

  // One step behind the first attempt, which mostly is the last: each function that waits
  // for another costs as much as a hash.
  #send<T, E>(
    request: HttpRequest,
    expected: Expected<T>,
    refusals: readonly number[],
    end: (ended: Ended<T>) => E,
  ): Promise<E> {
    const started = this.#timing.now();
    return this.#attempt(request, expected).then((first) =>
      "value" in first
        ? end(first)
        : this.#goOn(first, request, expected, refusals, started).then(end)
    );
  }

  /** Repairs, waits and repeats, behind a first attempt that came to nothing. */
  async #goOn<T>(
    first: Failed,
    request: HttpRequest,
    expected: Expected<T>,
    refusals: readonly number[],
    started: number,
  ): Promise<Ended<T>> {
    let current = request;
    let doubtful = false;
    let repairs = this.#service.repairs ?? [];
    const taken: Repair[] = [];
    let ended: Done<T> | Failed = first;
    for (
      let attempt = 1;
      !("value" in ended);
      ended = await this.#attempt(current, expected)
    ) {
      const { failure, signed }: Failed = ended;
      if (failure !== null) {
        for (const repair of taken) repair.failed?.(failure);
        const [repair, mended] = mend(repairs, failure, current, signed);
        if (repair !== null) {
          current = mended;
          taken.push(repair);
          repairs = repairs.filter((other) => other !== repair);
          continue;
        }
      }
      const later = this.#isLater(ended, refusals);
      doubtful ||= later && this.#mayHide(ended);
      const delay = later && !expected.once
        ? delayAfter(
          attempt++,
          failure === null ? 0 : askedWait(failure.headers, this.#timing.now()),
          started,
          this.#retry,
          this.#timing,
        )
        : null;
      if (delay === null) {
        return { ...ended, outcome: doubtful ? "doubtful" : "refused" };
      }
      await this.#timing.sleep(delay, expected.signal);
    }
    return ended;
  }

  #isLater(
    { failure, final }: Failed,
    refusals: readonly number[],
  ): boolean {
    if (final) return false;
    if (failure === null) return true;
    return !refusals.includes(failure.status) && (isTransient(failure.status) ||
      (this.#service.isTransient?.(failure) ?? false));
  }

  /** Whether the request may have been carried out although it failed. */
  #mayHide({ failure, unsent }: Failed): boolean {
    if (unsent) return false;
    return failure === null || (failure.status !== 429 &&
      !(this.#service.changedNothing?.(failure) ?? false));
  }

  async #attempt<T>(
    request: HttpRequest,
    expected: Expected<T>,
  ): Promise<Done<T> | Failed> {
    const { signal, lasting = signal, answers } = expected;
    let signed: HttpRequest;
    let response: Response;
    const turn = this.#places.enter(signal);
    if (turn !== null) await turn;
    try {
      try {
        const signing = this.#service.sign(
          request,
          this.#service.opensUploads ? lasting : signal,
        );
        signed = signing instanceof Promise ? await signing : signing;
        // What has been sent along with it must not be lost.
        if (signed.response === undefined) signal?.throwIfAborted();
      } catch (error) {
        signal?.throwIfAborted();
        return unsigned(error, request);
      }
      const init = toInit(signed, lasting, this.#fields, request.words);
      try {
        // Looked up late, so that what replaces the global fetch is used.
        const fetch: Fetch = this.#fetch ?? globalThis.fetch;
        response = signed.response ?? await fetch(signed.url, init);
        if (signed.response === undefined) noteAnswer(response, fetch);
      } catch (cause) {
        lasting?.throwIfAborted();
        return unanswered(cause, init, signed);
      }
    } finally {
      this.#places.leave();
    }
    const reader = answers[response.status];
    if (reader === undefined) {
      return await this.#refused(response, request, signed, lasting);
    }
    try {
      const value = reader(response);
      return {
        outcome: "done",
        value: value instanceof Promise ? await value : value,
      };
    } catch (cause) {
      await response.body?.cancel().catch(() => {});
      lasting?.throwIfAborted();
      return this.#unread(cause, request, signed);
    }
  }

  async #refused(
    response: Response,
    request: HttpRequest,
    signed: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<Failed> {
    const failure = await readFailure(response, signal);
    const own = !response.ok &&
      (this.#service.isOwn?.(failure, request) ?? true);
    const error = own
      ? this.#service.toError(failure, request)
      : notAnAnswer(`the status ${response.status}`);
    return { failure: own ? failure : null, error, signed };
  }

  #unread(cause: unknown, request: HttpRequest, signed: HttpRequest): Failed {
    if (cause instanceof AnswerFailure) {
      const { failure } = cause;
      const error = this.#service.toError(failure, request);
      return { failure, error, signed };
    }
    const known = isRemoteStoreError(cause);
    const final = known && cause.code !== "BackendUnavailable";
    const error = known ? cause : notAnAnswer("what broke off", cause);
    return { failure: null, error, final, signed };
  }
}

// What stopped a request before it was sent.
function unsigned(thrown: unknown, request: HttpRequest): Failed {
  const final = !isRemoteStoreError(thrown) ||
    thrown.code !== "BackendUnavailable";
  // Whatever a provider throws: an attempt before this one may have been carried out.
  const error = thrown as Error;
  return { failure: null, error, unsent: true, final, signed: request };
}

function unanswered(
  cause: unknown,
  init: RequestInit,
  signed: HttpRequest,
): Failed {
  if (!isRefusedByFetch(signed.url, init)) {
    return { failure: null, error: unreachable(cause, signed.url), signed };
  }
  const why = "fetch does not take the request";
  const error = new RemoteStoreError(why, { cause });
  return { failure: null, error, unsent: true, final: true, signed };
}

// What the first repair that fits makes of a request.
function mend(
  repairs: readonly Repair[],
  failure: HttpFailure,
  request: HttpRequest,
  signed: HttpRequest,
): [Repair, HttpRequest] | [null, HttpRequest] {
  for (const repair of repairs) {
    const mended = repair.mend(failure, request, signed);
    if (mended !== null) return [repair, mended];
  }
  return [null, request];
}
