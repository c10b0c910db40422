// This module is browser compatible.
import {
  type Answered,
  HttpClient,
  type HttpFailure,
  type HttpRequest,
  type HttpService,
  readFailure,
  type Sent,
} from "../_http/sending.ts";
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
  readonly body?: Uint8Array<ArrayBuffer>;
  /** What the extra headers of the options are chosen by. */
  readonly kind: "read" | "write" | "copy" | "part" | "other";
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
      repairs: [
        (failure, request, signed) => this.#setClock(failure, request, signed),
        (failure, request, signed) => this.#follow(failure, request, signed),
        (failure, request, signed) => this.#renew(failure, request, signed),
      ],
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
        : CONTENT_REGEXP.test(name)
        ? kind === "write"
        : WRITE_ONLY_REGEXP.test(name)
        ? kind === "write" || kind === "copy"
        : true;
      if (wanted) chosen[name] = value;
    }
    return chosen;
  }

  #setClock(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): HttpRequest | null {
    const { status, headers, text } = failure;
    const code = failureCode(failure);
    // CORS rules may hide the field.
    const date = headers.get("date") ?? elementText(text, "ServerTime");
    const served = parseDate(date);
    if (served === null) return null;
    // HEAD has no body, so only the distance tells.
    const skewed = code === "RequestTimeTooSkewed" ||
      (status === 403 && code === "" &&
        Math.abs(served - signedAt(signed)) > CLOCK_TOLERANCE_MS);
    if (!skewed) return null;
    this.#signer.useClock(served);
    return request;
  }

  // The host is made from the region's name, and never taken from the answer.
  #follow(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): HttpRequest | null {
    const { status, headers, text } = failure;
    const region = headers.get("x-amz-bucket-region") ??
      elementText(text, "Region");
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

/** Reads an answer that may be an error although its status is 200. */
async function readWhole(response: Response): Promise<Answered> {
  // White space comes first while the service is still at work.
  const text = await response.text();
  const failure = hiddenFailure(response, text);
  return failure === null ? { response, text } : { failure };
}
