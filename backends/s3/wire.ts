// This module is browser compatible.
import type {
  FileEntry,
  WriteCondition,
  WriteFacts,
} from "../../core/backend.ts";
import { ContentDigest } from "../../core/digest.ts";
import {
  etagOf,
  extraFields,
  metadataFields,
  parseContentRange,
  parseDate,
  quoteEtag,
  readMetadata,
  TOKEN_REGEXP,
} from "../_http/headers.ts";
import type { HeaderFields } from "../_http/fields.ts";
import { bareEntry, isHidden, storedForm } from "../_http/representation.ts";
import { text } from "../_http/document.ts";
import { documentOf } from "./answers.ts";
import { type S3Dialect, writeTag } from "./dialect.ts";

/** The start of the header fields of user metadata. */
export const METADATA_PREFIX = "x-amz-meta-";

/** Algorithms by what they are worth. */
const ALGORITHMS = ["sha256", "crc64nvme", "sha1", "crc32c", "crc32"] as const;

type Algorithm = (typeof ALGORITHMS)[number];

const CHECKSUM_FIELDS: Readonly<Record<Algorithm, string>> = {
  sha256: "x-amz-checksum-sha256",
  crc64nvme: "x-amz-checksum-crc64nvme",
  sha1: "x-amz-checksum-sha1",
  crc32c: "x-amz-checksum-crc32c",
  crc32: "x-amz-checksum-crc32",
};

/**
 * Returns the checksum of a whole file. One that is made of the parts' checksums is
 * no hash of the content.
 */
export function parseDigest(
  type: string | null,
  read: (algorithm: Algorithm) => string | null,
): ContentDigest | null {
  if (type?.toUpperCase() === "COMPOSITE") return null;
  for (const algorithm of ALGORITHMS) {
    const value = read(algorithm);
    if (value === null) continue;
    try {
      return ContentDigest.fromBase64(algorithm, value);
    } catch {
      continue;
    }
  }
  return null;
}

function digestOf(headers: HeaderFields): ContentDigest | null {
  return parseDigest(
    headers.get("x-amz-checksum-type"),
    (algorithm) => headers.get(CHECKSUM_FIELDS[algorithm]),
  );
}

/** What an answer says beside its body. */
export interface Answered {
  /** Whether CORS rules may have hidden fields. */
  readonly type?: string;
  /** The status code. */
  readonly status: number;
  /** The header fields. */
  readonly headers: HeaderFields;
}

/**
 * Returns what the answer to HEAD or GET says of a file; with `bytesOnly` no more than its
 * size and tag.
 */
export function toEntry(
  answer: Answered,
  dialect: S3Dialect,
  bytesOnly = false,
): FileEntry {
  const { status, headers } = answer;
  const range = parseContentRange(headers.get("content-range"));
  const partial = status === 206 || range !== null;
  const form = storedForm(headers, isHidden(answer));
  const { coding, etag } = form;
  const size = partial ? range?.size ?? null : form.size;
  if (bytesOnly) return bareEntry(etag, size);
  const extra: Record<string, unknown> = extraFields(headers);
  if (coding === null) delete extra["contentEncoding"];
  else extra["contentEncoding"] = coding;
  for (const [name, field] of EXTRA_FIELDS) {
    const value = headers.get(field);
    if (value !== null) extra[name] = value;
  }
  return {
    kind: "file",
    size,
    lastModified: parseDate(headers.get("last-modified")),
    etag,
    // The checksum of a range would be the whole file's, and is not sent by all.
    digest: digestOf(headers),
    contentType: headers.get("content-type"),
    metadata: unescapeKeys(readMetadata(headers, METADATA_PREFIX), dialect),
    extra: Object.keys(extra).length > 0 ? extra : null,
  };
}

/** An encoded word of nothing (RFC 2047): Bun drops fields without a value. */
const EMPTY_WORD = "=?UTF-8?B??=";

/** How an object comes to be: at once, or in parts. */
export type Making = "put" | "parts";

/** Returns user metadata as header fields, those without a value filled in. */
export function toMetadataFields(
  metadata: FileEntry["metadata"],
  dialect: S3Dialect,
  making: Making,
): Record<string, string> {
  const fields = metadataFields(
    escapeKeys(metadata, dialect, making),
    METADATA_PREFIX,
    TOKEN_REGEXP,
    "S3 takes the characters of a header's name",
  );
  for (const name in fields) fields[name] ||= EMPTY_WORD;
  return fields;
}

/** Returns user metadata with the keys that the service gives back as they are. */
export function escapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  { metadataUnderscores: kept }: S3Dialect,
  making: Making,
): Readonly<Record<string, string>> | null {
  if (metadata === null || kept === true) return metadata;
  return renamed(metadata, (key) => {
    const plain = key.replaceAll("%", "%25");
    return kept === making ? plain : plain.replaceAll("_", "%5f");
  });
}

/** Returns user metadata with its keys as they were given. */
export function unescapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  dialect: S3Dialect,
): Readonly<Record<string, string>> | null {
  if (metadata === null || dialect.metadataUnderscores === true) {
    return metadata;
  }
  return renamed(
    metadata,
    (key) => key.replaceAll("%5f", "_").replaceAll("%25", "%"),
  );
}

function renamed(
  metadata: Readonly<Record<string, string>>,
  rename: (key: string) => string,
): Record<string, string> {
  const entries = Object.entries(metadata);
  return Object.fromEntries(
    entries.map(([key, value]) => [rename(key), value]),
  );
}

const EXTRA_FIELDS = [
  ["versionId", "x-amz-version-id"],
  ["storageClass", "x-amz-storage-class"],
  ["encryption", "x-amz-server-side-encryption"],
  ["expires", "expires"],
] as const;

/** Returns what the answer to PutObject says. It has no date of its own. */
export function toFacts(headers: HeaderFields): WriteFacts {
  return {
    etag: etagOf(headers),
    versionId: versionOf(headers),
    lastModified: null,
    digest: digestOf(headers),
  };
}

const readCompleted = documentOf(["CompleteMultipartUploadResult"], {
  ETag: quoteEtag,
  ChecksumType: text,
  ChecksumSHA256: text,
  ChecksumCRC64NVME: text,
  ChecksumSHA1: text,
  ChecksumCRC32C: text,
  ChecksumCRC32: text,
});

/** Reads what the answer to CompleteMultipartUpload says. */
export async function toCompleteFacts(response: Response): Promise<WriteFacts> {
  const { headers, found } = await readCompleted(response);
  return {
    etag: found.ETag,
    versionId: versionOf(headers),
    lastModified: null,
    digest: parseDigest(
      found.ChecksumType,
      (algorithm) =>
        found[`Checksum${algorithm.toUpperCase() as Uppercase<Algorithm>}`],
    ),
  };
}

/** Returns what the write of a file would have answered. */
export function factsOf(
  { etag, lastModified, digest, extra }: FileEntry,
): WriteFacts {
  const versionId = nameOf(extra?.["versionId"]);
  return { etag, versionId, lastModified, digest };
}

function versionOf(headers: HeaderFields): string | null {
  return nameOf(headers.get("x-amz-version-id"));
}

// "null" is the name of what an unversioned bucket held before.
function nameOf(version: unknown): string | null {
  return typeof version === "string" && version !== "null" ? version : null;
}

const NO_FIELDS: Readonly<Record<string, string>> = {};
const CREATE_FIELDS = { "if-none-match": "*" };

/** Returns the condition of a write as header fields. */
export function conditionFields(
  condition: WriteCondition,
  dialect: S3Dialect,
): Readonly<Record<string, string>> {
  if (condition.ifMatch !== null) {
    return { "if-match": writeTag(dialect, condition.ifMatch) };
  }
  return condition.overwrite ? NO_FIELDS : CREATE_FIELDS;
}
