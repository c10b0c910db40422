// This module is browser compatible.
import {
  type Answered,
  HttpClient,
  type HttpFailure,
  type HttpRequest,
  type HttpService,
  readFailure,
  type Sent,
} from "../_http/client.ts";
import { parseDate } from "../_http/headers.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import { elementText } from "../_http/xml.ts";
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
  hiddenFailure,
  isRefusal,
  isTransientCode,
  toError,
} from "./wire.ts";

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
  readonly body?: Uint8Array<ArrayBuffer>;
  /** What the extra headers of the options are chosen by. */
  readonly kind: "read" | "write" | "part" | "other";
  /** Statuses from 300 on that the caller reads itself. */
  readonly accept?: readonly number[];
  /** Whether a 2xx may hold an error, or break off, so that its body is read. */
  readonly inspect?: boolean;
  /** Ends the request. */
  readonly signal: AbortSignal | undefined;
  /** Ends an attempt that is under way, in place of `signal`. */
  readonly lasting?: AbortSignal;
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

/** A clock more wrong than this is refused: S3 allows 15 minutes. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** Sends requests to one bucket: signs them, repairs what can be, repeats them. */
export class S3Connection {
  /** The checked options. */
  readonly settings: S3Settings;
  readonly #signer: S3Signer;
  readonly #client: HttpClient;
  #address: S3Address;

  constructor(options: S3Options, timing: Timing = REAL_TIMING) {
    this.settings = checkOptions(options);
    const { region, address, signPayload, retry } = this.settings;
    this.#address = address;
    this.#signer = new S3Signer(options, region, signPayload, timing.now);
    const service: HttpService = {
      sign: (request, signal) => this.#signer.sign(request, signal),
      toError: (failure, request) =>
        toError(failure, request, this.settings.bucket),
      isTransient: (failure) => isTransientCode(failureCode(failure)),
      changedNothing: (failure) => isRefusal(failureCode(failure)),
      recover: (failure, request) => this.#recover(failure, request),
    };
    this.#client = new HttpClient(options.fetch, service, retry, timing);
  }

  /** Sends a request; an accepted status or a 2xx is the caller's to release. */
  send(call: S3Call): Promise<Sent> {
    const { method, key, query, signal, lasting, accept } = call;
    const request: HttpRequest = {
      method,
      url: this.urlOf(key) + (query === undefined ? "" : formatQuery(query)),
      headers: { ...this.#extraHeaders(call.kind), ...call.headers },
      body: call.body ?? null,
    };
    return this.#client.send(request, {
      signal,
      lasting,
      accept,
      inspect: call.inspect ? readWhole : undefined,
    });
  }

  /** Returns the URL of an object, or of the bucket. */
  urlOf(key: string | null): string {
    const { bucketUrl } = this.#address;
    return key === null ? `${bucketUrl}/` : `${bucketUrl}/${encodeKey(key)}`;
  }

  /** Returns a URL that carries its signature. */
  presign(key: string, request: SignedUrlRequest): Promise<string> {
    const { method, query, headers, seconds, signal } = request;
    const url = this.urlOf(key) + formatQuery(query);
    return this.#signer.presign(method, url, headers, seconds, signal);
  }

  /** Reads and releases a 404; throws where it is the bucket that is missing. */
  async requireBucket(
    response: Response,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const failure = await readFailure(response, signal);
    if (failureCode(failure) === "NoSuchBucket") throw this.bucketMissing();
  }

  /** Returns the error for an accepted status that turned out to be one. */
  toError(failure: HttpFailure): Error {
    const request = { method: "", url: "", headers: {}, body: null };
    return toError(failure, request, this.settings.bucket);
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
        : WRITE_ONLY_REGEXP.test(name)
        ? kind === "write"
        : true;
      if (wanted) chosen[name] = value;
    }
    return chosen;
  }

  #recover(failure: HttpFailure, request: HttpRequest): HttpRequest | null {
    const code = failureCode(failure);
    const { status, headers, text } = failure;
    const served = parseDate(headers.get("date"));
    const skewed = code === "RequestTimeTooSkewed" ||
      (status === 403 && code === "");
    if (
      skewed && served !== null &&
      this.#signer.clockError(served) > CLOCK_TOLERANCE_MS
    ) {
      this.#signer.useClock(served);
      return request;
    }
    // HEAD has no body, and its 400 is how S3 answers an expired token.
    const expired = EXPIRED_CODES.has(code) ||
      (status === 400 && request.method === "HEAD");
    if (expired && this.#signer.renews) {
      this.#signer.forget();
      return request;
    }
    const region = headers.get("x-amz-bucket-region") ??
      elementText(text, "Region");
    const elsewhere = status === 301 || status === 307 ||
      (status === 400 &&
        (code === "AuthorizationHeaderMalformed" || request.method === "HEAD"));
    if (!elsewhere || region === null || region === this.#signer.region) {
      return null;
    }
    return this.#moveTo(region, request);
  }

  // The host is made from the region's name, and never taken from the answer.
  #moveTo(region: string, request: HttpRequest): HttpRequest | null {
    if (!/^[a-z0-9-]+$/.test(region)) return null;
    const old = this.#address;
    this.#signer.useRegion(region);
    if (!old.regional) return request;
    const pathStyle = old.bucketUrl.startsWith(`${old.endpoint}/`);
    const { bucket } = this.settings;
    this.#address = parseEndpoint(undefined, bucket, region, pathStyle);
    return {
      ...request,
      url: this.#address.bucketUrl + request.url.slice(old.bucketUrl.length),
    };
  }
}

const EXPIRED_CODES: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "InvalidToken",
  "TokenRefreshRequired",
]);

const CUSTOMER_KEY_REGEXP = /^x-amz-server-side-encryption-customer-/;

const WRITE_ONLY_REGEXP =
  /^(?:content-.*|cache-control|expires|x-amz-(?:acl|grant-.*|object-lock-.*|server-side-encryption.*|storage-class|tagging|website-redirect-location))$/;

/** Reads an answer that may be an error although its status is 200. */
async function readWhole(response: Response): Promise<Answered> {
  // White space comes first while the service is still at work.
  const text = await response.text();
  const failure = hiddenFailure(response, text);
  return failure === null ? { response, text } : { failure };
}
