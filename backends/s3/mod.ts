/**
 * Files in a bucket of Amazon S3, or of a service that speaks its protocol: R2, MinIO,
 * Ceph, Backblaze B2, Google Cloud Storage and more. Sends with `fetch` and needs nothing
 * else; {@linkcode presign} signs URLs with aws4fetch.
 *
 * A service that is not known by its host name is not trusted to honour conditions: name
 * its `dialect`, or find it out with {@linkcode probeDialect}.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { S3Backend } from "@remote-store/core/backends/s3";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new S3Backend({
 *     bucket: "photos",
 *     endpoint: "https://minio.example.com",
 *     dialect: "minio",
 *     credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
 *   }),
 * });
 * assertEquals(store.nativePath("cats/tom.jpg"), "photos/cats/tom.jpg");
 * assertEquals(store.supports("conditional_write"), true);
 * ```
 *
 * @module
 */

export type { Fetch } from "../_http/client.ts";
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
export { S3Backend } from "./backend.ts";
export { createContainer } from "./creating.ts";
export { BucketBackend } from "./bucket.ts";
export type {
  S3Authentication,
  S3Credentials,
  S3CredentialsProvider,
} from "./credentials.ts";
export type {
  S3ChecksumAlgorithm,
  S3Conditions,
  S3Dialect,
  S3DialectName,
} from "./dialect.ts";
export type { S3Options } from "./options.ts";
export type { SignedUrlRequest } from "./delegated.ts";
export { presign, type UrlSigner, urlSigner } from "./presigning.ts";
export { probeDialect, type ProbeOptions } from "./detecting.ts";
