/**
 * Files in Azure Blob Storage: by REST, with `fetch` alone, so that browsers
 * and Workers sign with keys, make signatures (SAS) and upload streams as servers do.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { AzureBackend } from "@remote-store/core/backends/azure";
 * import { assertEquals } from "@std/assert";
 *
 * const backend = new AzureBackend({
 *   container: "reports",
 *   hns: false,
 *   accountName: "contoso",
 *   token: () => Promise.resolve("a token for https://storage.azure.com/.default"),
 * });
 * await using store = new Store({ backend });
 *
 * assertEquals(store.nativePath("2026/q3.csv"), "reports/2026/q3.csv");
 * ```
 *
 * @module
 */

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
export { AzureBackend, detectHns } from "./backend.ts";
export { createContainer } from "./creating.ts";
export type { SecretProvider, SecretRequest } from "./credentials.ts";
export type { AzureBackendOptions } from "./options.ts";
export { type ConnectOptions, connectRemote } from "./remote.ts";
export {
  presign,
  type SignedUrlRequest,
  type UrlSigner,
  urlSigner,
} from "./presigning.ts";
export {
  createServiceSas,
  createUserDelegationSas,
  type SasOptions,
  type SasResponseHeaders,
  type UserDelegationKey,
} from "./sas.ts";
