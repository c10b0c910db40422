// This module is browser compatible.
import type { CopyRequest, FileEntry } from "../../core/backend.ts";
import {
  AlreadyExistsError,
  NotFoundError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { metadataFields } from "../_http/headers.ts";
import { readFailure } from "../_http/client.ts";
import { planUpload } from "../_http/upload.ts";
import type { S3Connection } from "./connection.ts";
import type { S3Dialect } from "./dialect.ts";
import { encodeKey } from "./endpoint.ts";
import { head, look, sendIf } from "./lookup.ts";
import { MAX_PARTS } from "./options.ts";
import { type Part, PartUpload } from "./parts.ts";
import { escapeKeys, failureCode, fillEmpty, METADATA_PREFIX } from "./wire.ts";

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
        kind: "write",
        // CopyObject can fail after its 200 has gone out.
        inspect: true,
        accept: [404, 412, 501],
        signal,
      }),
  );
  if (response.ok) return;
  const failure = await readFailure(response, signal);
  if (response.status === 404) {
    if (failureCode(failure) === "NoSuchBucket") {
      throw connection.bucketMissing();
    }
    throw new NotFoundError(undefined, { path: source });
  }
  if (response.status !== 412) throw connection.toError(failure);
  const found = await head(connection, target, signal);
  // The same copy may have been made by an attempt whose answer was lost.
  const made = found?.kind === "file" && found.etag === etag &&
    !found.etag?.includes("-");
  if (doubtful && made) return;
  if (found !== null && !condition.overwrite) throw new AlreadyExistsError();
  throw new PreconditionFailedError(
    "it has changed while it was being copied",
    {
      path: source,
    },
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
  const { copyThreshold, concurrency } = connection.settings;
  const { partSize } = planUpload(
    size,
    Math.min(COPY_PART_SIZE, copyThreshold),
    concurrency,
    MAX_PARTS,
  );
  const stop = new AbortController();
  const { signal } = request;
  const inner = signal === undefined
    ? stop.signal
    : AbortSignal.any([signal, stop.signal]);
  const upload = new PartUpload(
    connection,
    target,
    fieldsOf(request.source, connection.settings.dialect),
    request,
    null,
  );
  const parts: Part[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index * partSize < size; index = next++) {
      const start = index * partSize;
      const end = Math.min(start + partSize, size) - 1;
      parts[index] = await upload.copyPart(index + 1, {
        ...sourceFields(connection, source, request.source.etag),
        "x-amz-copy-source-range": `bytes=${start}-${end}`,
      }, inner);
    }
  };
  const workers: Promise<void>[] = [];
  try {
    await upload.begin(inner);
    for (let i = 0; i < concurrency; i++) workers.push(work());
    await Promise.all(workers);
    upload.expect(size);
    await upload.complete(parts, inner);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(workers);
    await upload.abort().catch(() => {});
    throw error;
  }
}

// UploadPartCopy carries bytes and nothing else.
function fieldsOf(
  source: FileEntry,
  dialect: S3Dialect,
): Record<string, string> {
  const fields = fillEmpty(metadataFields(
    escapeKeys(source.metadata, dialect),
    METADATA_PREFIX,
    /./,
    "it cannot be sent",
  ));
  if (source.contentType !== null) fields["content-type"] = source.contentType;
  for (const [name, field] of STORED_FIELDS) {
    const value = source.extra?.[name];
    if (typeof value === "string") fields[field] = value;
  }
  return fields;
}

const STORED_FIELDS = [
  ["cacheControl", "cache-control"],
  ["contentDisposition", "content-disposition"],
  ["contentEncoding", "content-encoding"],
  ["contentLanguage", "content-language"],
] as const;
