// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { isOlder } from "../../core/doubt.ts";
import type { RetryPolicy } from "../../core/retry.ts";
import type { HttpFailure } from "../_http/answer.ts";
import {
  type Answer,
  type Expected,
  type Fetch,
  type HttpAttempt,
  HttpClient,
  type HttpRequest,
} from "../_http/client.ts";
import type { Clock } from "../_http/clock.ts";
import { parseDate } from "../_http/headers.ts";
import type { Payload } from "../_http/init.ts";
import { type PartBuffers, sharedBuffers } from "../_http/part_buffers.ts";
import type { Words } from "../_http/representation.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import type { SignableRequest } from "../_http/signing.ts";
import type { CopySource, Credential } from "./credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import { AzureService, subjectOf } from "./service.ts";
import { encodeKey, requireKey, toQuery } from "./wire.ts";

/** A query's fields; `null` for one that is left out. */
export type Query = Readonly<Record<string, string | number | null>>;

/** What a request has beside its URL. */
export interface Recipe<T> extends Expected<T> {
  /** Header fields by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The content. */
  readonly body?: Payload | null;
  /** Whether the content names blocks. */
  readonly names?: boolean;
  /** What an upload in blocks promises. */
  readonly plan?: PromisedUpload;
  /** What the signer of that upload keeps. */
  readonly ticket?: UploadTicket;
  /** In which words codings are asked for. */
  readonly words?: Words;
}

/** A recipe whose refusals come back, those of the statuses that are named. */
export interface Question<T> extends Recipe<T> {
  /** The statuses that the caller tells apart. */
  readonly refusals: readonly number[];
}

/** How a container is reached. */
export interface ContainerOptions {
  /** Its name. */
  readonly name: string;
  /** Where the account answers. */
  readonly endpoint: Endpoint;
  /** How it is accessed. */
  readonly credential: Credential;
  /** The `fetch` to use. */
  readonly fetch: Fetch | undefined;
  /** When requests are repeated. */
  readonly retry: RetryPolicy;
  /** How many requests are under way at once. */
  readonly maxRequests?: number | undefined;
  /** The clock. */
  readonly timing?: Timing | undefined;
}

/** A container: its URLs, and the sending of requests. */
export class Container {
  /** Its name. */
  readonly name: string;
  /** The blob endpoint's URL. */
  readonly blobUrl: string;
  /** How it is accessed. */
  readonly credential: Credential;
  /** What blocks are read into. */
  readonly buffers: PartBuffers | undefined;
  readonly #dfsUrl: string;
  readonly #client: HttpClient;
  readonly #service: AzureService;
  readonly #timing: Timing;
  readonly #fetch: Fetch | undefined;

  constructor(options: ContainerOptions) {
    const { endpoint, credential, fetch, retry, maxRequests = Infinity } =
      options;
    this.name = options.name;
    this.blobUrl = endpoint.blobUrl;
    this.#dfsUrl = endpoint.dfsUrl;
    this.credential = credential;
    this.#fetch = fetch;
    this.#timing = options.timing ?? REAL_TIMING;
    this.#service = new AzureService(credential, this.#timing, options.name);
    this.buffers = sharedBuffers(maxRequests);
    this.#client = new HttpClient(
      fetch,
      this.#service,
      retry,
      this.#timing,
      {},
      maxRequests,
    );
  }

  /** Returns the URL of a blob. */
  url(key: string, query: Query = {}): string {
    const path = encodeKey(requireKey(key));
    return `${this.blobUrl}/${this.name}/${path}${toQuery(query)}`;
  }

  /** Returns the URL of a path on the Data Lake endpoint. */
  dfsUrl(key: string, query: Query = {}): string {
    const path = encodeKey(requireKey(key));
    return `${this.#dfsUrl}/${this.name}/${path}${toQuery(query)}`;
  }

  /** Returns the container's own URL. */
  ownUrl(query: Query): string {
    return `${this.blobUrl}/${this.name}${
      toQuery({ restype: "container", ...query })
    }`;
  }

  /** Asks for something; refusals of the statuses named come back. */
  ask<T>(
    method: string,
    url: string,
    question: Question<T>,
  ): Promise<Answer<T>> {
    const request = toRequest(method, url, question);
    return this.#client.ask(request, question, question.refusals);
  }

  /** Asks for something, or sends what a later request makes to count. */
  get<T>(method: string, url: string, recipe: Recipe<T>): Promise<T> {
    return this.#client.get(toRequest(method, url, recipe), recipe);
  }

  /** Sends a change, and returns how it ended: the caller's to settle. */
  change<T>(
    method: string,
    url: string,
    recipe: Recipe<T>,
  ): Promise<HttpAttempt<T>> {
    return this.#client.change(toRequest(method, url, recipe), recipe);
  }

  /** Returns a request with date and proof but no version, as the parts of a batch are. */
  signPart(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest> {
    const headers = { "x-ms-date": this.#service.date(), ...request.headers };
    return this.credential.sign({ ...request, headers }, {
      ...subjectOf(request, this.name),
      refresh: false,
      signal,
    });
  }

  /** Sends as it is, once. */
  fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.#fetch ?? globalThis.fetch)(url, init);
  }

  /** Returns a blob as the source of a copy, with its tags where it has some. */
  source(
    key: string,
    tagged: boolean,
    signal: AbortSignal | undefined,
  ): Promise<CopySource> {
    const url = this.url(key);
    const now = this.clock.now();
    const blob = { url, container: this.name, key, tagged, now };
    return this.credential.source(blob, signal);
  }

  /** Returns a path as the source of a rename: as in a URL, from the container on. */
  async renameSource(
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const path = `/${this.name}/${encodeKey(requireKey(key))}`;
    if (this.credential.isWhole) return path;
    // A rename by SAS needs one for each end.
    const { url } = await this.source(key, false, signal);
    const at = url.indexOf("?");
    return at < 0 ? path : path + url.slice(at);
  }

  /** Returns the error that a failure is. */
  toError(failure: HttpFailure): Error {
    return this.#service.toError(failure);
  }

  /** The service's time. */
  get clock(): Clock {
    return this.#service.clock;
  }

  /** The device's time, in milliseconds since 1970: for what lasts, and not for when. */
  now(): number {
    return this.#timing.now();
  }

  /** Waits. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return this.#timing.sleep(milliseconds, signal);
  }

  /** Returns whether a version was there before a call that began at `started`, by the service's clock. */
  precedes(
    entry: FileEntry,
    answered: Headers,
    started: number,
  ): boolean {
    const elapsed = this.now() - started;
    const date = parseDate(answered.get("date"));
    return isOlder(entry.lastModified, date, elapsed);
  }
}

function toRequest(
  method: string,
  url: string,
  recipe: Recipe<unknown>,
): SignableRequest {
  const { headers = {}, body = null, words = "stored", plan } = recipe;
  const { names, ticket } = recipe;
  return plan === undefined
    ? { method, url, headers, body, words }
    : { method, url, headers, body, words, plan, names, ticket };
}
