// This module is browser compatible.
import {
  type Answer,
  type Expected,
  type HttpAttempt,
  HttpClient,
  type HttpRequest,
  type HttpService,
  type Repair,
} from "../_http/client.ts";
import { fieldsOnly, type HttpFailure } from "../_http/answer.ts";
import { Clock } from "../_http/clock.ts";
import { parseDate } from "../_http/headers.ts";
import type { Payload } from "../_http/init.ts";
import type { Words } from "../_http/representation.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import {
  encodeKey,
  formatQuery,
  parseEndpoint,
  type S3Address,
} from "./endpoint.ts";
import { checkOptions, type S3Options, type S3Settings } from "./options.ts";
import { S3Signer } from "./sigv4.ts";
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
  readonly query?: Readonly<Record<string, string | number | null>>;
  /** Header fields by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The content. */
  readonly body?: Payload;
  /** What the extra headers of the options are chosen by. */
  readonly kind: "read" | "write" | "copy" | "part" | "other";
  /** In which words codings are asked for. */
  readonly words?: Words;
}

/** What a signed URL is for. */
export interface SignedUrlRequest {
  /** The method. */
  readonly method: string;
  /** Parameters; those without a value are left out. */
  readonly query: Readonly<Record<string, string | null>>;
  /** Header fields that are signed, so that they have to be sent as they are here. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long it is valid. */
  readonly seconds: number;
  /** Ends the wait for credentials. */
  readonly signal: AbortSignal | undefined;
}

/** Sends requests to one bucket: signs them, repairs what can be, repeats them. */
export class S3Connection {
  /** The checked options. */
  readonly settings: S3Settings;
  readonly #signer: S3Signer;
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #timing: Timing;
  #address: S3Address;

  constructor(options: S3Options, timing: Timing = REAL_TIMING) {
    this.settings = checkOptions(options);
    const { bucket, region, address, signPayload, retry } = this.settings;
    this.#address = address;
    this.#timing = timing;
    this.#clock = new Clock(timing.now);
    this.#signer = new S3Signer(options, region, signPayload, this.#clock);
    const repairs: Repair[] = [
      {
        mend: (failure, request, signed) =>
          this.#setClock(failure, signed) ? request : null,
        failed: (failure) => {
          if (isAboutTime(failure)) this.#clock.forget();
        },
      },
      { mend: (...failed) => this.#follow(...failed) },
      { mend: (...failed) => this.#renew(...failed) },
    ];
    const service: HttpService = {
      sign: (request, signal) => this.#signer.sign(request, signal),
      toError: (failure, request) => toError(failure, request, bucket),
      isOwn: (failure, request) => this.#isOwn(failure, request),
      isTransient: (failure) => isTransientCode(failureCode(failure)),
      changedNothing: (failure) => isRefusal(failureCode(failure)),
      repairs,
    };
    this.#client = new HttpClient(options.fetch, service, retry, timing);
  }

  /** The time by the device's clock, in milliseconds: for what has passed. */
  now(): number {
    return this.#timing.now();
  }

  /** Asks for something, and hands back the refusals that the caller tells apart. */
  async ask<T>(
    call: S3Call,
    expected: Expected<T>,
    refusals: readonly number[],
  ): Promise<Answer<T>> {
    const request = this.#requestOf(call);
    if (call.method !== "HEAD") {
      return await this.#client.ask(request, expected, refusals);
    }
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
  async get<T>(call: S3Call, expected: Expected<T>): Promise<T> {
    return await this.#client.get(this.#requestOf(call), expected);
  }

  /** Sends a change, which is to be settled. */
  async change<T>(
    call: S3Call,
    expected: Expected<T>,
  ): Promise<HttpAttempt<T>> {
    return await this.#client.change(this.#requestOf(call), expected);
  }

  /** Returns the URL of an object, or of the bucket. */
  urlOf(key: string | null): string {
    const { bucketUrl } = this.#address;
    return key === null ? `${bucketUrl}/` : `${bucketUrl}/${encodeKey(key)}`;
  }

  /** Returns a URL that carries its signature. */
  presign(key: string, request: SignedUrlRequest): Promise<string> {
    const { method, seconds, signal } = request;
    const query = { ...request.query };
    const headers = { ...request.headers };
    const kind = PRESIGNED_KINDS[method] ?? "read";
    for (const [name, value] of Object.entries(this.#extraHeaders(kind))) {
      // Others can be sent without a signature.
      if (!name.startsWith("x-amz-")) continue;
      // What says how to store is taken from header fields only.
      const stored = CUSTOMER_KEY_REGEXP.test(name) ||
        WRITE_ONLY_REGEXP.test(name);
      if (stored) headers[name] = value;
      else query[name] = value;
    }
    const url = this.urlOf(key) + formatQuery(query);
    return this.#signer.presign(method, url, headers, seconds, signal);
  }

  /** Returns the error for a bucket that does not exist. */
  bucketMissing(): Error {
    return bucketMissing(this.settings.bucket);
  }

  #extraHeaders(kind: S3Call["kind"]): Record<string, string> {
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
    return chosen;
  }

  #requestOf(call: S3Call): HttpRequest {
    const { method, key, query, headers, body, kind, words = "stored" } = call;
    return {
      method,
      url: this.urlOf(key) + (query === undefined ? "" : formatQuery(query)),
      headers: { ...this.#extraHeaders(kind), ...headers },
      body: body ?? null,
      words,
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
    this.#signer.useRegion(region);
    const { regional, bucketUrl, endpoint } = this.#address;
    if (!regional) return request;
    const pathStyle = bucketUrl.startsWith(`${endpoint}/`);
    const { bucket } = this.settings;
    this.#address = parseEndpoint(undefined, bucket, region, pathStyle);
    const [origin = ""] = ORIGIN_REGEXP.exec(this.#address.bucketUrl) ?? [];
    return { ...request, url: request.url.replace(ORIGIN_REGEXP, origin) };
  }

  #renew(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): HttpRequest | null {
    // HEAD has no body, and its 400 is how S3 answers an expired token.
    const expired = EXPIRED_CODES.has(failureCode(failure)) ||
      (failure.status === 400 && request.method === "HEAD");
    if (!expired || !this.#signer.renews) return null;
    this.#signer.forget(signed.headers["x-amz-security-token"]);
    return request;
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

const PRESIGNED_KINDS: Readonly<Record<string, S3Call["kind"]>> = {
  PUT: "write",
  DELETE: "other",
};

const EXPIRED_CODES: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "InvalidToken",
  "TokenRefreshRequired",
]);

const CUSTOMER_KEY_REGEXP = /^x-amz-server-side-encryption-customer-/;

/** What a copy takes from its source. */
const CONTENT_REGEXP = /^(?:content-.*|cache-control|expires)$/;

const WRITE_ONLY_REGEXP =
  /^(?:x-amz-(?:acl|grant-.*|object-lock-.*|server-side-encryption.*|storage-class|tagging|website-redirect-location))$/;
