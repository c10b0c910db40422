/**
 * Write file storage code once, run it on any store, anywhere the web platform
 * runs: one `Store` over `ReadableStream` and `fetch`.
 *
 * This module holds the store, the contract for backends, errors and types. It
 * brings no backend: each is an entry of its own.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * await using store = new Store({ backend: new MemoryBackend() });
 *
 * const { size, etag } = await store.write("hello.txt", "Hello");
 * assertEquals(size, 5);
 * void await store.write("hello.txt", "Hello again", { ifMatch: etag! });
 * assertEquals(await store.readText("hello.txt"), "Hello again");
 * ```
 *
 * @module
 */

export { asyncDispose } from "./core/async_dispose.ts";
export type { AtomicWriter } from "./core/atomic_writer.ts";
export {
  type Backend,
  type BlobSource,
  type Body,
  containerNotFound,
  type ContentHeaders,
  type CopyRequest,
  type DeleteRequest,
  type Entry,
  type FileEntry,
  type ListCursor,
  type ListedFile,
  type ListPage,
  type ListRequest,
  type ReadAnswer,
  type ReadRequest,
  type RemoveFolderRequest,
  type SignalRequest,
  type StatRequest,
  type StoredFields,
  type WriteCondition,
  type WriteFacts,
  type WriteRequest,
} from "./core/backend.ts";
export type {
  BackendUploads,
  OpenPartsRequest,
  PartsPage,
  PartsRequest,
  UploadedPart,
} from "./core/backend_uploads.ts";
export type { RemoteBlob } from "./core/blob.ts";
export { readAll } from "./core/body.ts";
export { Capability, CapabilitySet } from "./core/capability.ts";
export {
  conditionFailed,
  requireMatch,
  requirePut,
  uploadGone,
} from "./core/commit.ts";
export { type Content, toContent } from "./core/content.ts";
export { ContentDigest } from "./core/digest.ts";
export {
  AlreadyExistsError,
  type AnyRemoteStoreError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  ContentTooLargeError,
  DirectoryNotEmptyError,
  IntegrityError,
  InvalidArgumentError,
  InvalidPathError,
  isRemoteStoreError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  QuotaExceededError,
  RemoteStoreError,
  type RemoteStoreErrorCode,
  type RemoteStoreErrorOptions,
  ResourceLockedError,
} from "./core/errors.ts";
export type { MultipartUpload } from "./core/multipart_upload.ts";
export { withGrace } from "./core/grace.ts";
export { compileGlob, escapeGlob, type Glob } from "./core/glob.ts";
export { parseHttpDate } from "./core/http_date.ts";
export {
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
} from "./core/known_options.ts";
export type {
  ByteRange,
  CallOptions,
  ContentCheck,
  CopyOptions,
  DeleteFolderOptions,
  DeleteManyOptions,
  DeleteOptions,
  FileInfoOptions,
  FolderInfoOptions,
  ListFilesOptions,
  ListFoldersOptions,
  OpenAtomicOptions,
  OpenBlobOptions,
  OpenOptions,
  OpenUploadOptions,
  PartOptions,
  ReadOptions,
  ReadTextOptions,
  TransferOptions,
  WriteContent,
  WriteOptions,
} from "./core/options.ts";
export {
  joinPath,
  normalizePath,
  pathName,
  pathParent,
  pathParts,
  pathSuffix,
  ROOT,
} from "./core/path.ts";
export type {
  FileInfo,
  FolderEntry,
  FolderInfo,
  HeadResult,
  OpenFile,
  ResolvedPath,
  WriteResult,
} from "./core/results.ts";
export { type RetryOptions, RetryPolicy } from "./core/retry.ts";
export type {
  AskedOperation,
  GrantedRequest,
  KeyedOperation,
  PromisedUpload,
  SigningCase,
  SigningQuestion,
  SigningService,
  SigningTerms,
  ToSigningService,
  UnsignedFields,
  UploadStep,
  UploadTicket,
} from "./core/signing.ts";
export type { StoreOptions } from "./core/mount.ts";
export { Store } from "./core/store.ts";
export type { StoreLike } from "./core/store_like.ts";
