// This module is browser compatible.
import type { HttpFailure } from "../_http/answer.ts";
import type { HttpRequest } from "../_http/client.ts";
import {
  askSigner,
  type RequestSigner,
  type SignableRequest,
  toSigned,
} from "../_http/signing.ts";
import type { S3Credentials } from "./credentials.ts";
import { failureCode } from "./failures.ts";

/** A URL to be signed. */
export interface UrlToSign {
  /** The method. */
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** Header fields that will be sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long it is to be valid. */
  readonly seconds: number;
  /** The bytes of the body; `null` where nobody knows. */
  readonly size: number | null;
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
  /** The bytes of the body, where they are to be signed; `null` for any number. */
  readonly size?: number | null | undefined;
  /** Ends the wait for credentials. */
  readonly signal: AbortSignal | undefined;
}

/** With what a URL is signed. */
export interface SigningMoment {
  /** The access key. */
  readonly credentials: S3Credentials;
  /** The region. */
  readonly region: string;
  /** The service's time, in milliseconds since 1970. */
  readonly now: number;
}

/** A URL with a signature, and what has to be sent with it. */
export interface SignedUrl {
  /** The URL. */
  readonly url: string;
  /** All header fields to send, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Who signs for a connection. */
export interface Signing {
  /** Whether it signs URLs to hand on. */
  readonly presigns: boolean;
  /** Whether it opens uploads in parts itself, those of copies with their source's tags. */
  readonly opensUploads: boolean;
  /** Whether another party signs, by rules of its own. */
  readonly isDelegated: boolean;
  /** Returns the request with its signature. */
  sign(
    request: SignableRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest>;
  /** Has another party sign a URL. Where it is missing, the secret is here. */
  presign?(
    wanted: UrlToSign,
    signal: AbortSignal | undefined,
  ): Promise<SignedUrl>;
  /**
   * Returns with what something is signed that is to be good for so many seconds: credentials
   * that last, where the provider has such. Where it is missing, another party signs.
   */
  moment?(
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<SigningMoment>;
  /**
   * Returns the credentials, where they stay the same. A method, and no field that an
   * inspection would show.
   */
  kept?(): S3Credentials | null;
  /** Signs for another region from now on. */
  useRegion(region: string): void;
  /**
   * Returns whether the same request may fare better with another signature, which the next
   * one is made anew for.
   */
  renew(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): boolean;
}

const EXPIRED_CODES: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "InvalidToken",
  "TokenRefreshRequired",
]);

/** Returns whether a failure says that credentials have ended. */
export function saysExpired(
  failure: HttpFailure,
  { method }: HttpRequest,
): boolean {
  // HEAD has no body, and its 400 is how S3 answers an expired token.
  return EXPIRED_CODES.has(failureCode(failure)) ||
    (failure.status === 400 && method === "HEAD");
}

/** Signs by asking another party, and holds no secret. */
export class DelegatedSigning implements Signing {
  readonly presigns = true;
  readonly opensUploads: boolean;
  readonly isDelegated = true;
  readonly #signer: RequestSigner;
  readonly #asked = new WeakSet<HttpRequest>();

  constructor(signer: RequestSigner) {
    this.#signer = signer;
    this.opensUploads = signer.opensUploads === true;
  }

  async sign(
    request: SignableRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpRequest> {
    // Browsers show a refusal as a dead network, so every repetition counts as one.
    const refresh = this.#asked.has(request);
    this.#asked.add(request);
    return await askSigner(this.#signer, request, refresh, signal);
  }

  async presign(
    { method, url, headers, seconds, size }: UrlToSign,
    signal: AbortSignal | undefined,
  ): Promise<SignedUrl> {
    const unsigned = { method, url, headers, size, expiresIn: seconds };
    return await toSigned(this.#signer, unsigned, {
      ahead: [],
      refresh: false,
      signal,
    });
  }

  // The party knows the region, or follows it by itself.
  useRegion(): void {}

  renew(failure: HttpFailure, request: HttpRequest): boolean {
    const { status } = failure;
    return status === 401 || status === 403 || saysExpired(failure, request);
  }
}
