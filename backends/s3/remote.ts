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
import type { RequestSigner } from "../_http/signing.ts";
import { BucketBackend } from "./bucket.ts";
import { S3Connection } from "./connection.ts";
import { DelegatedSigning } from "./delegated.ts";
import type { S3Options } from "./options.ts";

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
    const { signer } = options;
    if ("credentials" in options) {
      throw new InvalidArgumentError(
        "Cannot create a RemoteS3Backend: it has a signer and takes no credentials",
      );
    }
    if (typeof signer !== "function") {
      throw new InvalidArgumentError(
        "Cannot create a RemoteS3Backend: signer is no function",
      );
    }
    super(new S3Connection(options, () => new DelegatedSigning(signer)));
  }
}
