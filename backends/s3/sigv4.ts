// This module is browser compatible.
import { refuse } from "../../core/errors.ts";
import { deadline, joinSignals, untilAborted } from "../../core/signal.ts";
import type { HttpRequest } from "../_http/client.ts";
import type { Clock } from "../_http/clock.ts";
import { toHex } from "../_http/hmac.ts";
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

/** A request for another party to sign; its body is not part of the signature. */
export interface S3UnsignedRequest {
  /** The method, in capitals. */
  readonly method: string;
  /** The whole URL, percent-encoded. */
  readonly url: string;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs in place of credentials: by a server of the application's, for one. */
export type S3RequestSigner = (
  request: S3UnsignedRequest,
  options: { readonly signal: AbortSignal | undefined },
) => Promise<Pick<S3UnsignedRequest, "url" | "headers">>;

/** Who signs: exactly one of both. */
export interface S3Authentication {
  /** An access key, a provider of them, or `"anonymous"` for a public bucket. */
  readonly credentials?:
    | S3Credentials
    | S3CredentialsProvider
    | "anonymous"
    | undefined;
  /** What signs each request in place of credentials. */
  readonly signer?: S3RequestSigner | undefined;
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
export class S3Signer {
  readonly #given: S3Authentication;
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #signPayload: boolean;
  readonly #keys: SigningKeys = new Map();
  #region: string;
  #current: S3Credentials | null = null;
  #asking: Promise<S3Credentials> | null = null;

  /** @throws {InvalidArgumentError} If nobody signs, or two do. */
  constructor(
    given: S3Authentication,
    region: string,
    signPayload: boolean,
    clock: Clock,
    patience: number = PATIENCE_MS,
  ) {
    const { credentials, signer } = given;
    if ((credentials === undefined) === (signer === undefined)) {
      refuse(CREATE, null, "exactly one of credentials and signer is needed");
    }
    if (typeof credentials === "object") requireCredentials(credentials);
    this.#given = typeof credentials === "object"
      ? { credentials: { ...credentials } }
      : { credentials, signer };
    this.#region = region;
    this.#signPayload = signPayload;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** Whether expired credentials can be replaced. */
  get renews(): boolean {
    return typeof this.#given.credentials === "function";
  }

  /** Returns the request with its signature. */
  async sign(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpRequest> {
    const { credentials, signer } = this.#given;
    if (signer !== undefined) {
      const { method, url, headers, body } = request;
      const signed = await untilAborted(
        signer({ method, url, headers }, { signal }),
        signal,
      );
      return { method, url: signed.url, headers: signed.headers, body };
    }
    if (credentials === "anonymous") return request;
    const { method, url, body } = request;
    // Spread last: in Node 20 each field behind a spread costs a microsecond.
    const headers: Record<string, string> = {
      "x-amz-content-sha256": await this.#payloadHash(body),
      ...request.headers,
    };
    const signed = this.#signer(
      { method, url, headers: signable(headers) },
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
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { credentials, signer } = this.#given;
    if (credentials === "anonymous") return url;
    if (signer !== undefined) {
      refuse("sign a URL", null, "the backend has a signer and no credentials");
    }
    const target = new URL(url);
    target.searchParams.set("X-Amz-Expires", String(seconds));
    const query = this.#signer({
      method,
      url: target.href,
      headers: { ...headers },
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

  /** Signs for another region from now on. */
  useRegion(region: string): void {
    this.#region = region;
  }

  /** Asks the provider again at the next signature, if it has not given others meanwhile. */
  forget(sessionToken: string | undefined): void {
    if (this.#current?.sessionToken === sessionToken) this.#current = null;
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
    const { credentials } = this.#given;
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
