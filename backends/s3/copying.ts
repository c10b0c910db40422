// This module is browser compatible.
import type { CopyRequest, FileEntry, WriteFacts } from "../../core/backend.ts";
import {
  AlreadyExistsError,
  NotFoundError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { readFailure } from "../_http/sending.ts";
import { CONTENT_FIELDS } from "../_http/headers.ts";
import { planUpload, sendParts } from "../_http/upload.ts";
import type { S3Connection } from "./connection.ts";
import type { S3Dialect } from "./dialect.ts";
import { encodeKey } from "./endpoint.ts";
import { head, look, sendIf } from "./probing.ts";
import { MAX_PARTS } from "./options.ts";
import { type Part, PartUpload } from "./parts.ts";
import { fitsField, putTags, readTags } from "./tags.ts";
import { toMetadataFields } from "./wire.ts";

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

async function copyOnce(
  connection: S3Connection,
  source: string,
  target: string,
  { condition, source: { etag }, signal }: CopyRequest,
): Promise<void> {
  const { dialect } = connection.settings;
  if (!dialect.conditions.copy) {
    await look(connection, target, condition, signal);
  }
  const { response, doubtful } = await sendIf(
    connection,
    target,
    condition,
    signal,
    (conditions) =>
      connection.send({
        method: "PUT",
        key: target,
        headers: { ...sourceFields(connection, source, etag), ...conditions },
        kind: "copy",
        // CopyObject can fail after its 200 has gone out.
        inspect: true,
        accept: [404, 412, 501],
        signal,
      }),
  );
  if (response.ok) return;
  if (response.status === 404) {
    await connection.requireBucket(response, signal);
    throw new NotFoundError(undefined, { path: source });
  }
  if (response.status !== 412) {
    throw connection.toError(await readFailure(response, signal));
  }
  await response.body?.cancel();
  const found = await head(connection, target, signal);
  // The same copy may have been made by an attempt whose answer was lost.
  const made = found?.kind === "file" && found.etag === etag &&
    !found.etag?.includes("-");
  if (doubtful && made) return;
  if (found !== null && !condition.overwrite) throw new AlreadyExistsError();
  throw changed(source);
}

function changed(source: string): PreconditionFailedError {
  return new PreconditionFailedError(
    "it has changed while it was being copied",
    { path: source },
  );
}

function sourceFields(
  connection: S3Connection,
  source: string,
  etag: string | null,
): Record<string, string> {
  const { bucket, headers } = connection.settings;
  const fields: Record<string, string> = {
    "x-amz-copy-source": `/${encodeKey(bucket)}/${encodeKey(source)}`,
  };
  if (etag !== null) fields["x-amz-copy-source-if-match"] = etag;
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
  const tags = await readTags(connection, source, extra, request.signal);
  const { partSize } = planUpload(
    size,
    Math.min(COPY_PART_SIZE, copyThreshold),
    concurrency,
    MAX_PARTS,
  );
  const stored = fieldsOf(request.source, dialect);
  if (tags !== null && fitsField(tags)) stored["x-amz-tagging"] = tags;
  const upload = new PartUpload(connection, target, stored, request, null);
  upload.expect(size);
  const fields = sourceFields(connection, source, etag);
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
    concurrency,
    {
      begin: (signal) => upload.begin(signal, "copy"),
      async part(number, headers, signal) {
        const part = await upload.copyPart(number, headers, signal);
        if (part === null) throw changed(source);
        return part;
      },
      async complete(parts, signal) {
        // Where the service does not compare, its parts may be of several versions.
        if (!dialect.conditions.copySource && etag !== null) {
          const found = await head(connection, source, signal);
          const same = found?.kind === "file" && found.etag === etag;
          if (!same) throw changed(source);
        }
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

// UploadPartCopy carries bytes and nothing else.
function fieldsOf(
  source: FileEntry,
  dialect: S3Dialect,
): Record<string, string> {
  const fields = toMetadataFields(source.metadata, dialect);
  const stored = { ...source.extra, contentType: source.contentType };
  for (const [name, field] of Object.entries(CONTENT_FIELDS)) {
    const value = stored[name as keyof typeof stored];
    if (typeof value === "string") fields[field] = value;
  }
  const expires = source.extra?.["expires"];
  if (typeof expires === "string") fields["expires"] = expires;
  return fields;
}
