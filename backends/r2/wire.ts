// This module is browser compatible.
import type {
  FileEntry,
  StoredFields,
  WriteCondition,
  WriteFacts,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import { ContentDigest } from "../../core/digest.ts";
import { InvalidPathError } from "../../core/errors.ts";
import type {
  R2Condition,
  R2Hashes,
  R2Headers,
  R2ObjectFacts,
  R2UploadOptions,
} from "./binding.ts";

/** Where content stands that waits for its condition. Never listed, and no file's place. */
export const DRAFTS = ".~tmp/";

/** R2's limit of a key. */
const MAX_KEY_BYTES = 1024;

const ENCODER = new TextEncoder();

/** Refuses a key that R2 does not take, or that this backend keeps for itself. */
export function requireKey(key: string): void {
  if (key.startsWith(DRAFTS)) {
    throw new InvalidPathError(
      `what begins with "${DRAFTS}" is kept for uploads under way`,
      { path: key },
    );
  }
  // Three bytes a unit at most, so short keys need no look.
  if (key.length * 3 <= MAX_KEY_BYTES) return;
  const { byteLength } = ENCODER.encode(key);
  if (byteLength <= MAX_KEY_BYTES) return;
  throw new InvalidPathError(
    `its key has ${byteLength} bytes, at most ${MAX_KEY_BYTES} are allowed`,
    { path: key },
  );
}

/** The hashes that R2 checks, in the order in which one is reported: MD5 it has by itself. */
export const HASHES = ["sha256", "sha512", "sha384", "sha1", "md5"] as const;

/** The name of a hash that R2 checks. */
export type HashName = typeof HASHES[number];

/** Returns the hash of the whole content; `null` where it was uploaded in parts. */
export function toDigest(hashes: R2Hashes): ContentDigest | null {
  for (const name of HASHES) {
    const hash = hashes[name];
    if (hash === undefined) continue;
    const hex = Array.from(
      new Uint8Array(hash),
      (byte) => byte.toString(16).padStart(2, "0"),
    );
    return new ContentDigest(name, hex.join(""));
  }
  return null;
}

const EXTRA_NAMES = [
  "cacheControl",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
] as const;

/** Returns what is known of an object as a file. */
export function toEntry(object: R2ObjectFacts): FileEntry {
  const { httpMetadata = {}, customMetadata = {}, storageClass } = object;
  const extra: Record<string, unknown> = { version: object.version };
  for (const name of EXTRA_NAMES) {
    const value = httpMetadata[name];
    if (value !== undefined) extra[name] = value;
  }
  const { cacheExpiry } = httpMetadata;
  if (cacheExpiry !== undefined) extra["expires"] = cacheExpiry.toUTCString();
  if (storageClass) extra["storageClass"] = storageClass;
  return {
    kind: "file",
    size: object.size,
    lastModified: object.uploaded.getTime(),
    etag: object.httpEtag,
    digest: toDigest(object.checksums),
    contentType: httpMetadata.contentType ?? null,
    metadata: Object.keys(customMetadata).length === 0 ? null : customMetadata,
    extra,
  };
}

/** Returns what a write's answer says. */
export function toFacts(object: R2ObjectFacts): WriteFacts {
  return {
    etag: object.httpEtag,
    versionId: object.version,
    lastModified: object.uploaded.getTime(),
    digest: toDigest(object.checksums),
  };
}

/** Returns what is stored beside the bytes. */
export function storedFields(
  { headers, metadata }: StoredFields,
): R2UploadOptions {
  const httpMetadata: R2Headers = {};
  for (const name of ["contentType", ...EXTRA_NAMES] as const) {
    const value = headers[name];
    if (value !== null) httpMetadata[name] = value;
  }
  return {
    httpMetadata,
    ...metadata === null ? {} : { customMetadata: { ...metadata } },
  };
}

/** Returns what is stored beside the bytes of an object, for another one; `stored` is in its place. */
export function copiedFields(
  object: R2ObjectFacts,
  stored: StoredFields | null = null,
): R2UploadOptions {
  const { httpMetadata, customMetadata, storageClass } = object;
  if (stored !== null) {
    const { httpMetadata: given, ...fields } = storedFields(stored);
    const expires = httpMetadata?.cacheExpiry;
    return {
      ...fields,
      httpMetadata: {
        ...given,
        ...expires === undefined ? {} : { cacheExpiry: expires },
      },
      ...storageClass ? { storageClass } : {},
    };
  }
  return {
    ...httpMetadata === undefined ? {} : { httpMetadata },
    ...customMetadata === undefined ? {} : { customMetadata },
    ...storageClass ? { storageClass } : {},
  };
}

/**
 * Returns an ETag as R2's conditions have it, without its quotes; `null` for one that no
 * object of R2 has. A quoted star is such a tag, and bare it would stand for all.
 */
export function bareEtag(etag: string): string | null {
  return /^"([\w.-]+)"$/.exec(etag)?.[1] ?? null;
}

/**
 * Returns the condition of a write; `undefined` for none.
 *
 * @throws {PreconditionFailedError} If no object can meet it.
 */
export function toCondition(
  condition: WriteCondition,
): R2Condition | undefined {
  const { overwrite, ifMatch } = condition;
  if (ifMatch === null) {
    return overwrite ? undefined : { etagDoesNotMatch: "*" };
  }
  const etagMatches = bareEtag(ifMatch);
  if (etagMatches === null) throw conditionFailed(condition);
  return { etagMatches };
}
