// This module is browser compatible.
import { refuse } from "../../core/errors.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import type { RequestSigner } from "../_http/signing.ts";

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

/** What the option takes. */
export type GivenCredentials =
  | S3Credentials
  | S3CredentialsProvider
  | "anonymous";

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

/** Returns when credentials end, in milliseconds since 1970; `Infinity` where they do not. */
export function endOf({ expiration }: S3Credentials): number {
  return expiration?.getTime() ?? Infinity;
}

/** What AWS's SDK tells beside, of whose providers the credentials may come. */
interface Told {
  readonly accountId: unknown;
  readonly credentialScope: unknown;
  readonly identityId: unknown;
  readonly $source: unknown;
}

const KNOWN: KnownOptions<S3Credentials & Told> = {
  accessKeyId: "string",
  secretAccessKey: "string",
  sessionToken: "string",
  expiration: true,
  accountId: true,
  credentialScope: true,
  identityId: true,
  $source: true,
};

/**
 * Refuses credentials that cannot be sent.
 *
 * @throws {InvalidArgumentError} If a part is missing or not known, or holds what a header field does not carry.
 */
export function requireCredentials(credentials: S3Credentials): void {
  requireKnown(
    "create an S3Backend",
    null,
    credentials,
    KNOWN as KnownOptions<S3Credentials>,
    "credentials",
  );
  const { accessKeyId, secretAccessKey, sessionToken, expiration } =
    credentials;
  // JSON gives a text.
  if (expiration && !(expiration.getTime?.() >= 0)) {
    refuse("create an S3Backend", null, "credentials.expiration is no date");
  }
  for (const value of [accessKeyId, secretAccessKey, sessionToken ?? "-"]) {
    if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) continue;
    // Not even a part of it is shown.
    refuse(
      "create an S3Backend",
      null,
      "the credentials are not complete, or hold a space or a line break",
    );
  }
}
