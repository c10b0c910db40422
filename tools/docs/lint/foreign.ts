/**
 * Names in backticks that are not ours: whose they are stands above each group.
 *
 * @module
 */

/** The names. */
export const FOREIGN: ReadonlySet<string> = new Set([
  // Fields of HTTP (RFC 9110, RFC 9111).
  "Age",
  "Authorization",
  "ETag",
  "Expires",
  "Origin",
  "Range",
  // Keys of `extra`, which has no type of its own.
  "accessTier",
  "tagCount",
  // Operations and rules of S3.
  "AbortIncompleteMultipartUpload",
  "AllowedHeaders",
  "AllowedMethods",
  "GetObjectTagging",
  "GetObjectVersionTagging",
  "ListBucket",
  "PutObjectTagging",
  // The mark of a folder in Azure.
  "hdi_isfolder",
  // The names of metrics, in the way of OpenTelemetry.
  "remote_store",
  // Of browsers, their types and those of Workers that Deno lacks; of React.
  "BodyInit",
  "dataTransfer",
  "DigestStream",
  "FileSystemDirectoryHandle",
  "FileSystemFileHandle",
  "onDrop",
  "StorageManager",
  "waitUntil",
  // Of Node and Bun; of srvx, and of Jest and Vitest.
  "AsyncLocalStorage",
  "Bun",
  "createReadStream",
  "createServer",
  "IncomingMessage",
  "openAsBlob",
  "Readable",
  "require",
  "S3Client",
  "serve",
  "setupFiles",
  "toNodeHandler",
  "toWeb",
  "Writable",
  // Of readers: hyparquet, zarrita, geotiff, zip.js, pdf.js.
  "BlobReader",
  "disableAutoFetch",
  "fromBlob",
  "fromSource",
  "getRange",
  "initialFetchSize",
  "parquetMetadataAsync",
  "parquetReadObjects",
  "rangeChunkSize",
  "UntarStream",
  "ZipReader",
  // Of Deno.
  "FsFile",
  // What `AbortSignal.timeout` throws.
  "TimeoutError",
  // Of Node, OpenTelemetry, idb-keyval and Firefox.
  "createHash",
  "MOZ_CRASHREPORTER_SHUTDOWN",
  "setMany",
  "SpanKind",
  "SpanStatusCode",
  // The names of styles.
  "camelCase",
  "snake_case",
]);
