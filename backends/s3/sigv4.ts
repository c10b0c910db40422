// This module is browser compatible.
import { refuse } from "../../core/errors.ts";
import { deadline, joinSignals, untilAborted } from "../../core/signal.ts";
import type { HttpFailure } from "../_http/answer.ts";
import type { HttpRequest } from "../_http/client.ts";
import type { Clock } from "../_http/clock.ts";
import { hmacSha256, toHex, toHmacKey } from "../_http/hmac.ts";
import type { RequestSigner } from "../_http/signing.ts";
import {
  DelegatedSigning,
  saysExpired,
  type Signing,
  type UrlToSign,
} from "./delegated.ts";
import {
  type SignerInit,
  type SigningKeys,
  SynchronousSigner,
} from "./signature.ts";

/** An access key. */
export interface S3Credentials {
  /** The key's name. */
  readonly accessKeyId: string;
  /** The secret. */
  readonly secretAccessKey: string;
  /** The token of temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** When they end; a provider is asked again before. */
  readonly expiration?: Date | undefined;
}

/**
 * Gives credentials. Asked before the first request, before they end, for a signed URL that
 * would outlive them, and when the service refuses them as expired.
 */
export type S3CredentialsProvider = (
  options: { readonly signal: AbortSignal | undefined },
) => Promise<S3Credentials>;

type GivenCredentials = S3Credentials | S3CredentialsProvider | "anonymous";

/** Who signs: exactly one of both. */
export interface S3Authentication {
  /** An access key, a provider of them, or `"anonymous"` for a public bucket. */
  readonly credentials?:
    | S3Credentials
    | S3CredentialsProvider
    | "anonymous"
    | undefined;
  /** What signs each request in place of credentials. */
  readonly signer?: RequestSigner | undefined;
}

const CREATE = "create an S3Backend";

/** Credentials are renewed this long before they end. */
const RENEW_BEFORE_MS = 60_000;

/** How long a call waits for an answer that another one has asked for, until it asks. */
const PATIENCE_MS = 5_000;

/**
 * Signs requests with Signature Version 4, by aws4fetch's signer. Credentials and
 * derived keys are private to it and shown by no inspection.
 */
export class S3Signer implements Signing {
  readonly #given: GivenCredentials;
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #signPayload: boolean;
  readonly #keys: SigningKeys = new Map();
  #region: string;
  #current: S3Credentials | null = null;
  #asking: Promise<S3Credentials> | null = null;

  /** @throws {InvalidArgumentError} If the credentials are not complete. */
  constructor(
    given: GivenCredentials,
    region: string,
    signPayload: boolean,
    clock: Clock,
    patience: number = PATIENCE_MS,
  ) {
    if (typeof given === "object") requireCredentials(given);
    this.#given = typeof given === "object" ? { ...given } : given;
    this.#region = region;
    this.#signPayload = signPayload;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** Whether it has a secret to sign with. */
  get isSecret(): boolean {
    return this.#given !== "anonymous";
  }

  /** Whether it makes URLs that are signed. */
  get presigns(): boolean {
    return this.isSecret;
  }

  /** Returns the request with its signature. */
  async sign(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpRequest> {
    if (this.#given === "anonymous") return request;
    const { method, url, body } = request;
    // Spread last: in Node 20 each field behind a spread costs a microsecond.
    const headers: Record<string, string> = {
      "x-amz-content-sha256": await this.#payloadHash(body),
      ...request.headers,
    };
    const signed = this.#signer(
      // Else the type and the range of a request that was seen could be changed.
      { method, url, headers: signable(headers), allHeaders: true },
      await this.#credentials(RENEW_BEFORE_MS, signal),
    );
    headers["authorization"] = await signed.authHeader();
    headers["x-amz-date"] = signed.datetime;
    if (signed.sessionToken) {
      headers["x-amz-security-token"] = signed.sessionToken;
    }
    return { method, url, headers, body };
  }

  /**
   * Returns a URL that carries its signature, for `seconds` from now. The headers named
   * have to be sent as they are here.
   *
   * @throws {InvalidArgumentError} If the credentials end before that, and the provider has none that last longer.
   */
  async presign(
    { method, url, headers, seconds, size }: UrlToSign,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    if (this.#given === "anonymous") return url;
    const length = size === null ? {} : { "content-length": String(size) };
    const target = new URL(url);
    target.searchParams.set("X-Amz-Expires", String(seconds));
    const query = this.#signer({
      method,
      url: target.href,
      headers: { ...headers, ...length },
      signQuery: true,
      // Content-Type is signed only when asked for, and a PUT must not change it.
      allHeaders: true,
    }, await this.#lasting(seconds, signal));
    const signed = await query.sign();
    // URLSearchParams writes a space as "+", which is signed and read as "%20".
    return signed.url.href.replace(
      /\?.*$/,
      (query) => query.replaceAll("+", "%20"),
    );
  }

  #signer(
    request: Partial<SignerInit>,
    { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
  ): SynchronousSigner {
    return new SynchronousSigner({
      accessKeyId,
      secretAccessKey,
      sessionToken,
      service: "s3",
      region: this.#region,
      datetime: this.#datetime(),
      ...request,
    } as SignerInit, this.#keys);
  }

  /** Returns a key for another purpose; `null` where the secret does not last. */
  deriveKey(purpose: string): Uint8Array<ArrayBuffer> | null {
    if (typeof this.#given !== "object") return null;
    const { secretAccessKey, sessionToken } = this.#given;
    if (sessionToken !== undefined) return null;
    const key = toHmacKey(new TextEncoder().encode(secretAccessKey));
    return hmacSha256(key, purpose);
  }

  /** Signs for another region from now on. */
  useRegion(region: string): void {
    this.#region = region;
  }

  /** Has the provider asked again at the next signature, if it has not given others meanwhile. */
  renew(
    failure: HttpFailure,
    request: HttpRequest,
    signed: HttpRequest,
  ): boolean {
    if (typeof this.#given !== "function" || !saysExpired(failure, request)) {
      return false;
    }
    const refused = signed.headers["x-amz-security-token"];
    if (this.#current?.sessionToken === refused) this.#current = null;
    return true;
  }

  // A URL is good for no longer than what it is signed with.
  async #lasting(
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<S3Credentials> {
    const credentials = await this.#credentials(seconds * 1000, signal);
    const left = endOf(credentials) - this.#clock.now();
    if (left >= seconds * 1000) return credentials;
    const when = left > 0 ? `in ${Math.floor(left / 1000)} s` : "already";
    refuse(
      "sign a URL",
      null,
      `the credentials end ${when}, and it is to be valid for ${seconds} s`,
    );
  }

  // Gives credentials that last for so long, where the provider has such.
  async #credentials(
    lasting: number,
    signal: AbortSignal | undefined,
  ): Promise<S3Credentials> {
    const credentials = this.#given;
    if (typeof credentials === "object") return credentials;
    const until = this.#clock.now() + lasting;
    if (this.#current !== null && endOf(this.#current) > until) {
      return this.#current;
    }
    if (typeof credentials !== "function") {
      refuse("sign", null, "there are no credentials");
    }
    // One question at a time, however many wait for the answer. But Workers end with a
    // request what it has begun, and leave those of others who wait for it waiting.
    const asked = this.#asking;
    if (asked === null) {
      return await untilAborted(this.#ask(credentials), signal);
    }
    const late = deadline(this.#patience);
    try {
      return await untilAborted(asked, joinSignals(signal, late.signal));
    } catch (error) {
      if (signal?.aborted || !late.signal.aborted) throw error;
    } finally {
      late.release();
    }
    if (this.#asking === asked) this.#asking = null;
    return await this.#credentials(lasting, signal);
  }

  #ask(provider: S3CredentialsProvider): Promise<S3Credentials> {
    const asked = provider({ signal: undefined }).then((given) => {
      requireCredentials(given);
      return this.#current = { ...given };
    }).finally(() => {
      if (this.#asking === asked) this.#asking = null;
    });
    return this.#asking = asked;
  }

  async #payloadHash(body: HttpRequest["body"]): Promise<string> {
    if (!this.#signPayload) return "UNSIGNED-PAYLOAD";
    const bytes = body instanceof Blob
      ? await body.arrayBuffer()
      : body ?? new Uint8Array(0);
    return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  }

  #datetime(): string {
    const date = new Date(this.#clock.now());
    return date.toISOString().replace(/[:-]|\.\d{3}/g, "");
  }
}

/**
 * Returns who signs for a backend.
 *
 * @throws {InvalidArgumentError} If nobody does, or two do.
 */
export function toSigning(
  { credentials, signer }: S3Authentication,
  { region, signPayload }: { region: string; signPayload: boolean },
  clock: Clock,
): Signing {
  if ((credentials === undefined) === (signer === undefined)) {
    refuse(CREATE, null, "exactly one of credentials and signer is needed");
  }
  return signer !== undefined
    ? new DelegatedSigning(signer)
    : new S3Signer(credentials as GivenCredentials, region, signPayload, clock);
}

// Signers make a space of a tab and some services do not, so such fields go unsigned.
function signable(headers: Record<string, string>): Record<string, string> {
  const hasTab = ([, value]: [string, string]) => value.includes("\t");
  const fields = Object.entries(headers);
  return fields.some(hasTab)
    ? Object.fromEntries(fields.filter((field) => !hasTab(field)))
    : headers;
}

function endOf({ expiration }: S3Credentials): number {
  return expiration?.getTime() ?? Infinity;
}

function requireCredentials(credentials: S3Credentials): void {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials ?? {};
  for (const value of [accessKeyId, secretAccessKey, sessionToken ?? "-"]) {
    if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) continue;
    // Not even a part of it is shown.
    refuse(
      CREATE,
      null,
      "the credentials are not complete, or hold a space or a line break",
    );
  }
}
