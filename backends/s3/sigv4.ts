// This module is browser compatible.
import { refuse } from "../../core/errors.ts";
import { deadline, joinSignals, untilAborted } from "../../core/signal.ts";
import type { HttpFailure } from "../_http/answer.ts";
import type { HttpRequest } from "../_http/client.ts";
import type { Clock } from "../_http/clock.ts";
import { toHex } from "../_http/hmac.ts";
import { sha256 } from "../../digest/sha256.ts";
import {
  endOf,
  type GivenCredentials,
  requireCredentials,
  type S3Authentication,
  type S3Credentials,
  type S3CredentialsProvider,
} from "./credentials.ts";
import {
  DelegatedSigning,
  saysExpired,
  type Signing,
  type SigningMoment,
} from "./delegated.ts";
import { Signatures } from "./signature.ts";

/** Credentials are renewed this long before they end. */
const RENEW_BEFORE_MS = 60_000;

/** How long a call waits for an answer that another one has asked for, until it asks. */
const PATIENCE_MS = 5_000;

/** Up to so many bytes a body is hashed in place: beyond, another thread is worth its price. */
const HASHED_IN_PLACE_BYTES = 16 * 1024;

/**
 * Signs requests with Signature Version 4. Credentials and derived keys are private to it
 * and shown by no inspection.
 */
export class S3Signer implements Signing {
  readonly #given: GivenCredentials;
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #signPayload: boolean;
  readonly #signatures = new Signatures();
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
    const isKey = typeof given !== "function" && given !== "anonymous";
    if (isKey) requireCredentials(given);
    this.#given = isKey ? { ...given } : given;
    this.#region = region;
    this.#signPayload = signPayload;
    this.#clock = clock;
    this.#patience = patience;
  }

  /** The secret is here. */
  readonly isDelegated = false;

  /** Whether it opens uploads in parts itself. */
  get opensUploads(): boolean {
    return false;
  }

  /** Whether it signs URLs to hand on. */
  get presigns(): boolean {
    return this.#given !== "anonymous";
  }

  /** Returns the request with its signature, at once where there is nothing to wait for. */
  sign(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): HttpRequest | Promise<HttpRequest> {
    const given = this.#given;
    if (given === "anonymous") return request;
    return this.#signPayload || typeof given === "function"
      ? this.#signLater(request, signal)
      : this.#signed(request, "UNSIGNED-PAYLOAD", given);
  }

  async #signLater(
    request: HttpRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpRequest> {
    const payload = this.#signPayload
      ? await payloadHash(request.body)
      : "UNSIGNED-PAYLOAD";
    const credentials = await this.#credentials(RENEW_BEFORE_MS, signal);
    return this.#signed(request, payload, credentials);
  }

  #signed(
    request: HttpRequest,
    payload: string,
    credentials: S3Credentials,
  ): HttpRequest {
    const { method, url, body } = request;
    const headers = this.#signatures.sign(
      request,
      payload,
      credentials,
      this.#region,
      this.#clock.now(),
    );
    return { method, url, headers, body };
  }

  /** Returns with what something is signed that is to be good for so many seconds. */
  async moment(
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<SigningMoment> {
    const credentials = await this.#credentials(seconds * 1000, signal);
    const region = this.#region;
    return { credentials, region, now: this.#clock.now() };
  }

  /** Returns the credentials, where they stay the same. */
  kept(): S3Credentials | null {
    return typeof this.#given === "object" ? this.#given : null;
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
    const asked = Promise.resolve(provider({ signal: undefined })).then(
      (given) => {
        requireCredentials(given);
        return this.#current = { ...given };
      },
    ).finally(() => {
      if (this.#asking === asked) this.#asking = null;
    });
    return this.#asking = asked;
  }
}

async function payloadHash(body: HttpRequest["body"]): Promise<string> {
  const bytes = body instanceof Blob
    ? new Uint8Array(await body.arrayBuffer())
    : body ?? new Uint8Array(0);
  return toHex(
    bytes.byteLength <= HASHED_IN_PLACE_BYTES
      ? sha256(bytes)
      : new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
  );
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
    refuse(
      "create an S3Backend",
      null,
      "exactly one of credentials and signer is needed",
    );
  }
  return signer !== undefined
    ? new DelegatedSigning(signer)
    : new S3Signer(credentials as GivenCredentials, region, signPayload, clock);
}
