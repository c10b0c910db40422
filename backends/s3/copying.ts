// This module is browser compatible.
import {
  type CopyRequest,
  type FileEntry,
  isContainerNotFound,
  type WriteFacts,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import {
  inDoubt,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import {
  CapabilityNotSupportedError,
  NotFoundError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { CONTENT_FIELDS } from "../_http/headers.ts";
import { sendParts } from "../_http/upload.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { documentOf } from "./answers.ts";
import type { S3Connection } from "./connection.ts";
import type { S3Dialect } from "./dialect.ts";
import { encodeKey } from "./endpoint.ts";
import { uploadLimits } from "./options.ts";
import { PartUpload } from "./parts.ts";
import type { Part } from "./upload_calls.ts";
import { changeIf, endsRefused, head, look, stand } from "./probing.ts";
import { fitsField, putTags, readTags } from "./tags.ts";
import { type Making, toMetadataFields } from "./wire.ts";

/** Copies a file on the service, with all that is stored beside it. */
export async function copy(
  connection: S3Connection,
  source: string,
  target: string,
  request: CopyRequest,
): Promise<void> {
  const { copyThreshold } = connection.settings;
  const { size } = request.source;
  if (size !== null && size > copyThreshold) {
    return await copyParts(connection, source, target, size, request);
  }
  return await copyOnce(connection, source, target, request);
}

const readCopy = documentOf(["CopyObjectResult"], {});

async function copyOnce(
  connection: S3Connection,
  source: string,
  target: string,
  request: CopyRequest,
): Promise<void> {
  const { condition, source: { etag }, signal } = request;
  const { dialect } = connection.settings;
  const stored = replacing(request, dialect);
  if (!dialect.conditions.copy) {
    await look(connection, target, condition, signal);
  }
  const since = connection.now();
  const send = (match: string | null) =>
    changeIf(
      connection,
      target,
      condition,
      "copy",
      signal,
      (conditions) =>
        connection.change({
          method: "PUT",
          key: target,
          headers: {
            ...sourceFields(connection, source, match),
            ...stored,
            ...conditions,
          },
          kind: "copy",
        }, { answers: { 200: readCopy }, signal }),
    );
  const attempt = await send(etag);
  const status = attempt.outcome === "refused" ? attempt.failure?.status : null;
  // A version that is to be replaced and is not there is 404, as a missing source is.
  if (status === 404 && condition.ifMatch !== null) {
    await look(connection, target, condition, signal);
  }
  if (status !== 412) {
    await settleCopy(connection, source, target, request, since, attempt);
    if (request.sourceNamed && !dialect.conditions.copySource) {
      await requireUnchanged(connection, source, etag, signal);
    }
    return;
  }
  await look(connection, target, condition, signal);
  // Some services do not know their own tag of a file in parts.
  if (!await isSame(connection, source, etag, signal)) throw changed(source);
  const again = await send(null);
  await settleCopy(connection, source, target, request, since, again);
  await requireUnchanged(connection, source, etag, signal);
}

// It is copied: whatever is wrong from here on, nobody can say that nothing was changed.
async function requireUnchanged(
  connection: S3Connection,
  source: string,
  etag: string | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  let cause: unknown = changed(source);
  try {
    if (await isSame(connection, source, etag, signal)) return;
  } catch (error) {
    signal?.throwIfAborted();
    cause = error;
  }
  throw inDoubt(cause);
}

async function isSame(
  connection: S3Connection,
  key: string,
  etag: string | null,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await head(connection, key, signal);
  return etag !== null && found?.kind === "file" && found.etag === etag;
}

async function settleCopy(
  connection: S3Connection,
  source: string,
  target: string,
  { condition, signal }: CopyRequest,
  since: number,
  attempt: HttpAttempt<unknown>,
): Promise<void> {
  // Nothing that a copy leaves tells whose it is: its tag and its time are anybody's.
  const prove = async (): Promise<Verdict<unknown>> => {
    const { isBefore } = await stand(connection, target, since, signal);
    const isOut = endsRefused(attempt) || !condition.overwrite;
    return isBefore && isOut ? NOT_MINE : UNKNOWN;
  };
  const named = attempt.outcome === "done" ? attempt : {
    ...attempt,
    error: errorOf(attempt.error, attempt.failure?.status, source, condition),
  };
  await settle(named, prove, signal);
}

// What the service says of a copy may be about either file.
function errorOf(
  error: Error,
  status: number | undefined,
  source: string,
  condition: CopyRequest["condition"],
): Error {
  if (status === 412) {
    const { overwrite, ifMatch } = condition;
    const isOpen = overwrite && ifMatch === null;
    return isOpen ? changed(source) : conditionFailed(condition);
  }
  return status === 404 && !isContainerNotFound(error)
    ? new NotFoundError(undefined, { path: source })
    : error;
}

function changed(source: string): PreconditionFailedError {
  return new PreconditionFailedError(
    "it has changed while it was being copied",
    { path: source },
  );
}

const SOURCE = "x-amz-copy-source";
const MATCH = "x-amz-copy-source-if-match";

function sourceFields(
  connection: S3Connection,
  source: string,
  etag: string | null,
): Record<string, string> {
  const { bucket, headers } = connection.settings;
  const fields: Record<string, string> = {
    [SOURCE]: `/${encodeKey(bucket)}/${encodeKey(source)}`,
  };
  if (etag !== null) fields[MATCH] = etag;
  const CUSTOMER = "x-amz-server-side-encryption-customer-";
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(CUSTOMER)) continue;
    fields[`x-amz-copy-source-${name.slice("x-amz-".length)}`] = value;
  }
  return fields;
}

// Parts of a copy cost no memory here, so few large ones are best.
const COPY_PART_SIZE = 256 * 1024 * 1024;

async function copyParts(
  connection: S3Connection,
  source: string,
  target: string,
  size: number,
  request: CopyRequest,
): Promise<void> {
  const { copyThreshold, concurrency, dialect } = connection.settings;
  const { etag, extra } = request.source;
  const tags = connection.signing.opensUploads
    ? null
    : await readTags(connection, source, extra, request.signal);
  const { partSize } = planUpload(size, {
    ...uploadLimits(connection.settings),
    partSize: Math.min(COPY_PART_SIZE, copyThreshold),
  });
  const fields = sourceFields(connection, source, etag);
  const stored = fieldsOf(storedSource(request), dialect, "parts");
  let compares = dialect.conditions.copySource;
  if (tags !== null && fitsField(tags)) stored["x-amz-tagging"] = tags;
  const upload = new PartUpload(
    connection,
    target,
    stored,
    request,
    null,
    { size, partSize, source: fields[SOURCE] },
  );
  let start = 0;
  const next = () => {
    if (start >= size) return Promise.resolve(null);
    const end = Math.min(start + partSize, size);
    const range = `bytes=${start}-${end - 1}`;
    start = end;
    return Promise.resolve({ ...fields, "x-amz-copy-source-range": range });
  };
  const facts = await sendParts<
    Readonly<Record<string, string>>,
    Part,
    WriteFacts
  >(
    next,
    () => concurrency,
    {
      begin: (signal) => upload.begin(signal, "copy"),
      async part(number, headers, signal) {
        const part = await upload.copyPart(number, headers, signal);
        if (part !== null) return part;
        // Some services do not know their own tag of a file in parts.
        if (!await isSame(connection, source, etag, signal)) {
          throw changed(source);
        }
        compares = false;
        const { [MATCH]: _, ...plain } = headers;
        const again = await upload.copyPart(number, plain, signal);
        if (again === null) throw changed(source);
        return again;
      },
      async complete(parts, signal) {
        // Where the service does not compare, its parts may be of several versions.
        const is = compares || etag === null ||
          await isSame(connection, source, etag, signal);
        if (!is) throw changed(source);
        return await upload.complete(parts, signal);
      },
      abort: () => upload.abort(),
    },
    request.signal,
  );
  if (tags === null || (dialect.uploadTags && fitsField(tags))) return;
  const { versionId } = facts;
  await putTags(connection, target, versionId, tags, request.signal);
}

// With the directive the service keeps nothing of what stands beside the source's bytes.
function replacing(
  request: CopyRequest,
  dialect: S3Dialect,
): Record<string, string> {
  if (request.stored === null) return {};
  return {
    ...fieldsOf(storedSource(request), dialect, "put"),
    "x-amz-metadata-directive": "REPLACE",
  };
}

/** Returns the source with the fields that the copy is to have. */
function storedSource({ source, stored }: CopyRequest): FileEntry {
  if (stored === null) return source;
  const { contentType, ...extra } = stored.headers;
  const { metadata } = stored;
  return {
    ...source,
    contentType,
    metadata,
    extra: { ...source.extra, ...extra },
  };
}

/**
 * Returns what a copy in parts of a file is opened with, for somebody who is not believed
 * what it is.
 *
 * @throws {NotFoundError} If the file is not there.
 * @throws {CapabilityNotSupportedError} If its tags do not go along with the opening.
 */
export async function copiedFields(
  connection: S3Connection,
  key: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const { dialect } = connection.settings;
  const found = await head(connection, key, signal);
  if (found?.kind !== "file") throw new NotFoundError();
  const fields = fieldsOf(found, dialect, "parts");
  const tags = await readTags(connection, key, found.extra, signal);
  if (tags === null) return fields;
  if (dialect.uploadTags && fitsField(tags)) {
    return { ...fields, "x-amz-tagging": tags };
  }
  throw new CapabilityNotSupportedError(
    "its tags do not go along with a copy in parts",
    { capability: "copy" },
  );
}

// UploadPartCopy carries bytes and nothing else.
function fieldsOf(
  source: FileEntry,
  dialect: S3Dialect,
  making: Making,
): Record<string, string> {
  const fields = toMetadataFields(source.metadata, dialect, making);
  const stored = { ...source.extra, contentType: source.contentType };
  for (const [name, field] of Object.entries(CONTENT_FIELDS)) {
    const value = stored[name as keyof typeof stored];
    if (typeof value === "string") fields[field] = value;
  }
  const expires = source.extra?.["expires"];
  if (typeof expires === "string") fields["expires"] = expires;
  return fields;
}
