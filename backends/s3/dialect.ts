// This module is browser compatible.
import type { ContentHeaders } from "../../core/backend.ts";

/** The services that have a profile of their own. */
export type S3DialectName =
  | "aws"
  | "r2"
  | "minio"
  | "ceph"
  | "gcs"
  | "b2"
  | "generic";

/** A checksum that the service can be asked to verify. */
export type S3ChecksumAlgorithm = "crc32" | "crc32c" | "crc64nvme" | "sha256";

/** Where a service honours a condition, instead of ignoring it silently. */
export interface S3Conditions {
  /** `If-None-Match: *` and `If-Match` on PutObject. */
  readonly put: boolean;
  /** Both on CompleteMultipartUpload. */
  readonly complete: boolean;
  /** `If-None-Match: *` and `If-Match` on CopyObject, for the destination. */
  readonly copy: boolean;
  /** `x-amz-copy-source-if-match` on CopyObject. */
  readonly copySource: boolean;
  /** `If-Match` on DeleteObject. */
  readonly delete: boolean;
}

/** What an S3 service does other than the rest of them. */
export interface S3Dialect {
  /** The profile's name. */
  readonly name: S3DialectName;
  /** Where conditions are honoured. Elsewhere the backend looks first. */
  readonly conditions: S3Conditions;
  /** How `If-Match` on a write wants the ETag: Ceph compares it with the quotes off. */
  readonly ifMatch: "quoted" | "unquoted";
  /** The checksums that it verifies; empty where it stores wrong ones without a word. */
  readonly checksums: readonly S3ChecksumAlgorithm[];
  /** Whether it keeps versions, in buckets that are told to, and `versionId` names one. */
  readonly versions: boolean;
  /** Whether it has DeleteObjects. */
  readonly bulkDelete: boolean;
  /** Whether an upload in parts keeps the tags that it is opened with; Ceph drops them. */
  readonly uploadTags: boolean;
  /**
   * Whether an underscore in a metadata key comes back as one; Ceph makes it a hyphen.
   * `"put"`: known of PutObject only, as some services change it where they open an upload
   * in parts. Where it does not come back, it is sent as `%5f`.
   */
  readonly metadataUnderscores: boolean | "put";
}

const ALL: S3Conditions = {
  put: true,
  complete: true,
  copy: true,
  copySource: true,
  delete: true,
};
const NONE: S3Conditions = {
  put: false,
  complete: false,
  copy: false,
  copySource: false,
  delete: false,
};
const CHECKSUMS: readonly S3ChecksumAlgorithm[] = [
  "crc32",
  "crc32c",
  "crc64nvme",
  "sha256",
];

/**
 * The profiles. What a service is not known to honour counts as ignored: the backend
 * then looks before it writes, which costs a request and leaves a moment open.
 */
export const DIALECTS: Readonly<Record<S3DialectName, S3Dialect>> = {
  aws: profile("aws", {
    conditions: ALL,
    checksums: CHECKSUMS,
    versions: true,
    uploadTags: true,
  }),
  r2: profile("r2", { conditions: { ...NONE, put: true, copySource: true } }),
  minio: profile("minio", {
    conditions: { ...NONE, put: true, copySource: true },
    checksums: ["crc32", "crc32c", "sha256"],
    versions: true,
  }),
  ceph: profile("ceph", {
    conditions: { ...NONE, put: true },
    ifMatch: "unquoted",
    metadataUnderscores: false,
    versions: true,
  }),
  gcs: profile("gcs", {}),
  b2: profile("b2", { versions: true }),
  generic: profile("generic", { metadataUnderscores: "put" }),
};

function profile(
  name: S3DialectName,
  known: Partial<S3Dialect>,
): S3Dialect {
  return {
    name,
    conditions: NONE,
    ifMatch: "quoted",
    checksums: [],
    versions: false,
    bulkDelete: true,
    uploadTags: false,
    metadataUnderscores: true,
    ...known,
  };
}

/** Whether the service is known to refuse an `x-amz-*` field that a signature leaves out. */
export function refusesUnsigned({ name }: S3Dialect): boolean {
  return name === "aws";
}

/**
 * The header fields that the service is known to store from a form (POST Object); `null`
 * where it is not known to take one.
 */
export function formFields(
  { name }: S3Dialect,
): readonly (keyof ContentHeaders)[] | null {
  switch (name) {
    case "aws":
      return [
        "contentType",
        "cacheControl",
        "contentDisposition",
        "contentEncoding",
      ];
    case "ceph":
    case "minio":
      // Ceph drops the others without a word.
      return ["contentType"];
    default:
      return null;
  }
}

/** Whether the service is known to compare a `Content-MD5` with what it stores. */
export function checksMd5({ name }: S3Dialect): boolean {
  return name === "aws" || name === "ceph" || name === "minio" || name === "r2";
}

const HOSTS: readonly (readonly [RegExp, S3DialectName])[] = [
  [/(?:^|\.)amazonaws\.com(?:\.cn)?$/, "aws"],
  [/(?:^|\.)r2\.cloudflarestorage\.com$/, "r2"],
  [/(?:^|\.)backblazeb2\.com$/, "b2"],
  [/(?:^|\.)storage\.googleapis\.com$/, "gcs"],
];

/** Returns the dialect that a host name gives away; `generic` where it says nothing. */
export function guessDialect(hostname: string): S3Dialect {
  const found = HOSTS.find(([pattern]) => pattern.test(hostname));
  return DIALECTS[found?.[1] ?? "generic"];
}

/** Returns an ETag as the dialect wants it in the `If-Match` of a write. */
export function writeTag(dialect: S3Dialect, etag: string): string {
  return dialect.ifMatch === "unquoted" ? etag.replaceAll('"', "") : etag;
}
