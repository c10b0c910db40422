/**
 * The S3 backend for pages: without credentials, and without what signs with them. Each
 * request is signed by a server of the application's, which `signHandler` of `ext/sign` is
 * made for.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import {
 *   RemoteS3Backend,
 *   remoteSigner,
 * } from "@remote-store/core/backends/s3-remote";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new RemoteS3Backend({
 *     bucket: "photos",
 *     region: "eu-central-1",
 *     signer: remoteSigner("https://app.example.com/sign"),
 *   }),
 *   root: "users/42",
 * });
 * assertEquals(store.nativePath("tom.jpg"), "photos/users/42/tom.jpg");
 * ```
 *
 * @module
 */
import { InvalidArgumentError } from "../../core/errors.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { connect, type RemoteKind } from "../_http/remote_backend.ts";
import type { RemoteSignerOptions } from "../_http/remote_signer.ts";
import type { RequestSigner } from "../_http/signing.ts";
import { BucketBackend } from "./bucket.ts";
import { S3Connection } from "./connection.ts";
import { DelegatedSigning } from "./delegated.ts";
import { KNOWN_REMOTE, type S3Options } from "./options.ts";

export type { Fetch } from "../_http/client.ts";
export {
  describeRemote,
  type RemoteDescription,
  remoteSigner,
  type RemoteSignerOptions,
  tellWritten,
} from "../_http/remote_signer.ts";
export type {
  RequestSigner,
  SignedRequest,
  SigningOptions,
  UnsignedRequest,
} from "../_http/signing.ts";
export type {
  EnforcedLimit,
  LengthRange,
  PresignedRequest,
  PresignMethod,
  PresignOptions,
  ResponseFields,
} from "../../core/presigning.ts";
export type { PromisedUpload } from "../../core/signing.ts";
export { BucketBackend } from "./bucket.ts";
export type {
  S3ChecksumAlgorithm,
  S3Conditions,
  S3Dialect,
  S3DialectName,
} from "./dialect.ts";
export type { SignedUrlRequest } from "./delegated.ts";
export { presign, type UrlSigner, urlSigner } from "./presigning.ts";

/** Options of {@linkcode RemoteS3Backend}: those of the S3 backend, with who signs. */
export interface RemoteS3Options
  extends Omit<S3Options, "credentials" | "signer" | "signPayload"> {
  /** What signs each request. */
  readonly signer: RequestSigner;
}

const KNOWN: KnownOptions<RemoteS3Options> = { ...KNOWN_REMOTE, signer: true };

/**
 * Files in a bucket of S3 without a secret. Safe for concurrent calls. `close` is for good.
 * What the signer refuses is {@linkcode PermissionDeniedError}.
 */
export class RemoteS3Backend extends BucketBackend {
  /**
   * Checks the options; sends nothing.
   *
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   */
  constructor(options: RemoteS3Options) {
    const { signer, credentials } = options as S3Options;
    if (credentials !== undefined) {
      throw new InvalidArgumentError(
        "Cannot create a RemoteS3Backend: it has a signer and takes no credentials",
      );
    }
    requireKnown("create a RemoteS3Backend", null, options, KNOWN);
    if (typeof signer !== "function") {
      throw new InvalidArgumentError(
        "Cannot create a RemoteS3Backend: signer is no function",
      );
    }
    super(new S3Connection(options, () => new DelegatedSigning(signer)));
  }
}

/** Options of {@linkcode connectRemote}: those of the signer, and of the backend. */
export interface ConnectOptions extends RemoteSignerOptions {
  /**
   * Options of the backend, beside or in place of what the handler says: endpoint, bucket,
   * region, `pathStyle` and dialect.
   */
  readonly backend?: Partial<Omit<RemoteS3Options, "signer">> | undefined;
  /** Ends the question. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a handler of the application's, `signHandler` of `ext/sign`, what its store is like,
 * in one request, and makes the backend that it signs for. The result is what a `Store` is
 * made of.
 *
 * @param url Where the handler is; relative ones are the page's.
 * @throws {PermissionDeniedError} If the handler refuses.
 * @throws {BackendUnavailableError} If no answer came.
 * @throws {InvalidArgumentError} If it signs for another service, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { connectRemote } from "@remote-store/core/backends/s3-remote";
 * import { assertEquals } from "@std/assert";
 *
 * const place = { service: "s3", bucket: "photos", region: "eu-central-1" };
 * const store = new Store(
 *   await connectRemote("https://app.example.com/sign", {
 *     headers: () => ({ "x-user": "42" }),
 *     // Stands for the handler here.
 *     fetch: () =>
 *       Promise.resolve(Response.json({ v: 1, root: "users/42", ...place })),
 *   }),
 * );
 * assertEquals(store.nativePath("tom.jpg"), "photos/users/42/tom.jpg");
 * ```
 */
export async function connectRemote(
  url: string,
  options: ConnectOptions = {},
): Promise<{ readonly backend: RemoteS3Backend; readonly root: string }> {
  return await connect(url, options, REMOTE);
}

const REMOTE: RemoteKind<Omit<RemoteS3Options, "signer">, RemoteS3Backend> = {
  service: "s3",
  known: KNOWN_REMOTE,
  place: {
    bucket: "bucket",
    endpoint: undefined,
    region: undefined,
    pathStyle: undefined,
    dialect: undefined,
  },
  create: (options) => new RemoteS3Backend(options),
};
