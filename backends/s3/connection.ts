// This module is browser compatible.
import {
  type Answer,
  type Expected,
  type Fetch,
  type HttpAttempt,
  HttpClient,
  type HttpRequest,
  type HttpService,
  type Repair,
} from "../_http/client.ts";
import { fieldsOnly, type HttpFailure } from "../_http/answer.ts";
import { Clock } from "../_http/clock.ts";
import { joined } from "../_http/fields.ts";
import { parseDate } from "../_http/headers.ts";
import type { Payload } from "../_http/init.ts";
import { type PartBuffers, sharedBuffers } from "../_http/part_buffers.ts";
import type { Words } from "../_http/representation.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import type { SignableRequest } from "../_http/signing.ts";
import {
  encodeKey,
  formatQuery,
  parseEndpoint,
  type S3Address,
} from "./endpoint.ts";
import { checkOptions, type S3Options, type S3Settings } from "./options.ts";
import type { Signing } from "./delegated.ts";
import {
  bucketMissing,
  failureCode,
  isRefusal,
  isTransientCode,
  readError,
  toError,
} from "./failures.ts";

/** One request to the bucket. */
export interface S3Call {
  /** The method. */
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** The object's key; `null` for the bucket itself. */
  readonly key: string | null;
  /** Parameters; those without a value are left out. */
  readonly query?: Readonly<Record<string, string | number | null>> | undefined;
  /** Header fields by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The content. */
  readonly body?: Payload;
  /** Whether the content names keys or parts. */
  readonly names?: boolean;
  /** The size of a content that is not there yet. */
  readonly size?: number;
  /** What an upload in parts promises. */
  readonly plan?: PromisedUpload | undefined;
  /** What its signer keeps. */
  readonly ticket?: UploadTicket | undefined;
  /** Returns later calls of the same upload, for who signs them along. */
  readonly ahead?: (() => readonly S3Call[]) | undefined;
  /** What the extra headers of the options are chosen by. */
  readonly kind: "read" | "write" | "copy" | "part" | "other";
  /** In which words codings are asked for. */
  readonly words?: Words;
}

/** Returns who signs, by checked options. */
export type ToSigning = (
  options: S3Options,
  settings: S3Settings,
  clock: Clock,
) => Signing;

/** Sends requests to one bucket: signs them, repairs what can be, repeats them. */
export class S3Connection {
  /** The checked options. */
  readonly settings: S3Settings;
  /** Who signs in the bucket's name. */
  readonly signing: Signing;
  /** What parts of uploads are read into. */
  readonly buffers: PartBuffers | undefined;
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #extra: Partial<Record<S3Call["kind"], Record<string, string>>> = {};
  readonly #fetch: Fetch | undefined;
  #address: S3Address;

  /** @param toSigning Returns who signs. */
  constructor(
    options: S3Options,
    toSigning: ToSigning,
    timing: Timing = REAL_TIMING,
  ) {
    this.settings = checkOptions(options);
    const { bucket, address, retry, maxRequests } = this.settings;
    this.buffers = sharedBuffers(maxRequests);
    this.#address = address;
    this.#timing = timing;
    this.#fetch = options.fetch;
    this.#clock = new Clock(timing.now);
    this.signing = toSigning(options, this.settings, this.#clock);
    const repairs: Repair[] = [
      {
        mend: (failure, request, signed) =>
          this.#setClock(failure, signed) ? request : null,
        failed: (failure) => {
          if (isAboutTime(failure)) this.#clock.forget();
        },
      },
      { mend: (...failed) => this.#follow(...failed) },
      {
        mend: (failure, request, signed) =>
          this.signing.renew(failure, request, signed) ? request : null,
      },
    ];
    const service: HttpService = {
      sign: (request, signal) => this.signing.sign(request, signal),
      opensUploads: this.signing.opensUploads,
      toError: (failure, request) => toError(failure, request, bucket),
      isOwn: (failure, request) => this.#isOwn(failure, request),
      isTransient: (failure) => isTransientCode(failureCode(failure)),
      changedNothing: (failure) => isRefusal(failureCode(failure)),
      repairs,
    };
    this.#client = new HttpClient(
      options.fetch,
      service,
      retry,
      timing,
      {},
      maxRequests,
    );
  }

  /** Sends as it is, once. */
  fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.#fetch ?? globalThis.fetch)(url, init);
  }

  /** The time by the device's clock, in milliseconds: for what has passed. */
  now(): number {
    return this.#timing.now();
  }

  /** Asks for something, and hands back the refusals that the caller tells apart. */
  ask<T>(
    call: S3Call,
    expected: Expected<T>,
    refusals: readonly number[],
  ): Promise<Answer<T>> {
    return call.method === "HEAD"
      ? this.#askHead(call, expected, refusals)
      : this.#client.ask(this.#requestOf(call), expected, refusals);
  }

  async #askHead<T>(
    call: S3Call,
    expected: Expected<T>,
    refusals: readonly number[],
  ): Promise<Answer<T>> {
    const request = this.#requestOf(call);
    const answer = await this.#client.ask(request, expected, [
      ...refusals,
      400,
    ]);
    if (answer.outcome === "done" || answer.failure.status !== 400) {
      return answer;
    }
    // HEAD has no words for what is wrong, and GET has: the region, for one.
    const { key, headers } = call;
    const one = key === null
      ? { query: { "list-type": 2, "max-keys": 1 } }
      : { headers: { ...headers, range: "bytes=0-0" } };
    await this.#client.ask(
      this.#requestOf({ ...call, method: "GET", ...one }),
      {
        answers: { 200: fieldsOnly, 206: fieldsOnly },
        signal: expected.signal,
      },
      [403, 404, 416],
    );
    return await this.#client.ask(request, expected, refusals);
  }

  /** Asks for something whose absence is an error like any other. */
  get<T>(call: S3Call, expected: Expected<T>): Promise<T> {
    return this.#client.get(this.#requestOf(call), expected);
  }

  /** Sends a change, which is to be settled. */
  change<T>(
    call: S3Call,
    expected: Expected<T>,
  ): Promise<HttpAttempt<T>> {
    return this.#client.change(this.#requestOf(call), expected);
  }

  /** Returns the URL of an object, or of the bucket. */
  urlOf(key: string | null): string {
    const { bucketUrl } = this.#address;
    return key === null ? `${bucketUrl}/` : `${bucketUrl}/${encodeKey(key)}`;
  }

  /** Returns the URL of an object, or of the bucket, with parameters. */
  urlWith(
    key: string | null,
    query: Readonly<Record<string, string | number | null>>,
  ): string {
    return this.urlOf(key) + formatQuery(query);
  }

  /** Returns the error for a bucket that does not exist. */
  bucketMissing(): Error {
    return bucketMissing(this.settings.bucket);
  }

  /** Returns the header fields of the options that a request carries. */
  extraHeaders(kind: S3Call["kind"]): Readonly<Record<string, string>> {
    const known = this.#extra[kind];
    if (known !== undefined) return known;
    const chosen: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.settings.headers)) {
      const customerKey = CUSTOMER_KEY_REGEXP.test(name);
      const wanted = customerKey
        ? kind !== "other"
        : CONTENT_REGEXP.test(name)
        ? kind === "write"
        : WRITE_ONLY_REGEXP.test(name)
        ? kind === "write" || kind === "copy"
        : true;
      if (wanted) chosen[name] = value;
    }
    return this.#extra[kind] = chosen;
  }

  #requestOf(call: S3Call): SignableRequest {
    const { method, key, query, headers, body, kind, names, plan } = call;
    const { ahead, size, ticket, words = "stored" } = call;
    return {
      method,
      url: query === undefined ? this.urlOf(key) : this.urlWith(key, query),
      headers: joined(this.extraHeaders(kind), headers),
      body: body ?? null,
      words,
      size,
      names,
      plan,
      ticket,
      ahead: ahead &&
        (() => ahead().map((later) => this.#requestOf(later))),
    };
  }

  // An absence is said by name: of the bucket by its own, of an object by any.
  #isOwn(failure: HttpFailure, { method, url }: HttpRequest): boolean {
    if (failure.status !== 404 || method === "HEAD") return true;
    const code = failureCode(failure);
    const [base] = url.split("?");
    return base === this.urlOf(null) ? code === "NoSuchBucket" : code !== "";
  }

  #setClock(failure: HttpFailure, signed: HttpRequest): boolean {
    if (!isAboutTime(failure)) return false;
    const told = parseDate(readError(failure.text)?.ServerTime ?? null);
    return this.#clock.learn(failure.headers, signedAt(signed), told);
  }

  // The host is made from the region's name, and never taken from the answer.
  #follow(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): HttpRequest | null {
    const { status, headers, text } = failure;
    const region = headers.get("x-amz-bucket-region") ??
      readError(text)?.Region ?? null;
    const elsewhere = status === 301 || status === 307 ||
      (status === 400 &&
        (failureCode(failure) === "AuthorizationHeaderMalformed" ||
          request.method === "HEAD"));
    if (!elsewhere || region === null || !/^[a-z0-9-]+$/.test(region)) {
      return null;
    }
    if (region === regionOf(signed)) return null;
    this.signing.useRegion(region);
    const { regional, bucketUrl, endpoint } = this.#address;
    if (!regional) return request;
    const pathStyle = bucketUrl.startsWith(`${endpoint}/`);
    const { bucket } = this.settings;
    this.#address = parseEndpoint(undefined, bucket, region, pathStyle);
    const [origin = ""] = ORIGIN_REGEXP.exec(this.#address.bucketUrl) ?? [];
    return { ...request, url: request.url.replace(ORIGIN_REGEXP, origin) };
  }
}

const ORIGIN_REGEXP = /^https:\/\/[^/]*/;

// HEAD has no body, and a proxy has no words: then only the distance in time tells.
function isAboutTime(failure: HttpFailure): boolean {
  const code = failureCode(failure);
  return code === "RequestTimeTooSkewed" ||
    (failure.status === 403 && code === "");
}

/** Returns the region that a request was signed for. */
function regionOf({ headers }: HttpRequest): string | undefined {
  return /\/([^/]*)\/s3\//.exec(headers["authorization"] ?? "")?.[1];
}

/** Returns the time that a request was signed at; NaN where that is not known. */
function signedAt({ headers }: HttpRequest): number {
  const date = headers["x-amz-date"] ?? "";
  return Date.parse(
    date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"),
  );
}

/** The fields of a customer's own encryption key. */
export const CUSTOMER_KEY_REGEXP = /^x-amz-server-side-encryption-customer-/;

/** What a copy takes from its source. */
export const CONTENT_REGEXP = /^(?:content-.*|cache-control|expires)$/;

/** Fields that say how to store. */
export const WRITE_ONLY_REGEXP =
  /^(?:x-amz-(?:acl|grant-.*|object-lock-.*|server-side-encryption.*|storage-class|tagging|website-redirect-location))$/;
