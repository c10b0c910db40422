// This module is browser compatible.
import { refuse } from "../../core/errors.ts";
import { RetryPolicy } from "../../core/retry.ts";
import { opened } from "../_http/answer.ts";
import { type Answer, HttpClient } from "../_http/client.ts";
import { toMaxRequests } from "../_http/max_requests.ts";
import type { Words } from "../_http/representation.ts";
import { REAL_TIMING } from "../_http/retry.ts";
import { toError } from "./failures.ts";
import { type HttpOptions, toFields } from "./options.ts";
import { toBase, urlOf } from "./wire.ts";

/** One question to the server. */
export interface HttpCall {
  /** The method. */
  readonly method: "GET" | "HEAD";
  /** The URL. */
  readonly url: string;
  /** Header fields by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In which words codings are asked for. */
  readonly words?: Words;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
}

/** What a server may answer of a file: RFC 9110 §15.3. The bodies are the caller's. */
const ANSWERS = { 200: opened, 203: opened, 204: opened, 206: opened };

/** Statuses that are told apart; the rest is an error, or sent again. */
const REFUSALS = [401, 403, 404, 405, 410, 412, 416, 501];

/** Sends questions to one server, and repeats them. */
export class HttpConnection {
  /** How often a body is resumed. */
  readonly tries: number;
  readonly #base: string;
  readonly #client: HttpClient;

  /** @throws {InvalidArgumentError} If the base is none, or a field. */
  constructor(options: HttpOptions) {
    this.#base = toBase(options.baseUrl);
    const fields = toFields(options.headers);
    const { redirect = "follow", credentials = "same-origin" } = options;
    const retry = new RetryPolicy(options.retry);
    this.tries = retry.attempts;
    this.#client = new HttpClient(
      options.fetch,
      {
        sign: (request) => ({
          ...request,
          headers: { ...fields, ...request.headers },
        }),
        toError: ({ status }) => toError(status),
      },
      retry,
      REAL_TIMING,
      { redirect, credentials },
      toMaxRequests(options.maxRequests, (why) => {
        refuse("create an HttpBackend", null, why);
      }),
    );
  }

  /** Returns the URL of a key. */
  urlOf(key: string): string {
    return urlOf(this.#base, key);
  }

  /** The URL below which the files are. */
  get base(): string {
    return this.#base;
  }

  /** Asks; a 304 is an answer only to who names a version. */
  ask(call: HttpCall): Promise<Answer<Response>> {
    const { method, url, headers = {}, words = "stored", signal } = call;
    const answers = headers["if-none-match"] === undefined
      ? ANSWERS
      : { ...ANSWERS, 304: opened };
    const request = { method, url, headers, body: null, words };
    return this.#client.ask(request, { answers, signal }, REFUSALS);
  }
}
