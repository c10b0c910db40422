// This module is browser compatible.
import {
  type Body,
  isContainerNotFound,
  type WriteCondition,
  type WriteFacts,
  type WriteRequest,
} from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { conditionFailed } from "../../core/commit.ts";
import { isDecoded } from "../_http/body.ts";
import { readFailure, type Sent } from "../_http/sending.ts";
import { contentFields } from "../_http/headers.ts";
import { planUpload, uploadStream } from "../_http/upload.ts";
import { verifierFor } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { confirmed, head, sendIf } from "./probing.ts";
import { MAX_PARTS, MAX_PUT_SIZE } from "./options.ts";
import { PartUpload } from "./parts.ts";
import { get } from "./reading.ts";
import { factsOf, toFacts, toMetadataFields } from "./wire.ts";

/** Puts a file: bytes and short streams by one request, longer ones in parts. */
export async function put(
  connection: S3Connection,
  key: string,
  body: Body,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { partSize, concurrency } = connection.settings;
  const fields = {
    ...contentFields(request.headers),
    ...toMetadataFields(request.metadata, connection.settings.dialect),
  };
  if (body.kind === "bytes" && body.bytes.byteLength <= MAX_PUT_SIZE) {
    // Attempts go on after the caller has its buffer back.
    const bytes = body.bytes.slice();
    const { signal } = request;
    return await putOnce(connection, key, bytes, fields, request, signal);
  }
  const size = body.kind === "bytes" ? body.bytes.byteLength : body.size;
  const stream = body.kind === "bytes"
    ? new Blob([body.bytes]).stream()
    : body.stream;
  const verifier = verifierFor(connection.settings.checksum, request.check);
  const upload = new PartUpload(connection, key, fields, request, verifier);
  return await uploadStream(
    stream,
    planUpload(size, partSize, concurrency, MAX_PARTS),
    {
      single: (bytes, signal) =>
        putOnce(connection, key, bytes, fields, request, signal),
      begin: (signal) => upload.begin(signal),
      part: (number, bytes, signal) => upload.part(number, bytes, signal),
      complete: (parts, signal) => upload.complete(parts, signal),
      abort: () => upload.abort(),
    },
    request.signal,
  );
}

async function putOnce(
  connection: S3Connection,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  fields: Readonly<Record<string, string>>,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  const { condition } = request;
  const { checksum } = connection.settings;
  const headers: Record<string, string> = { ...fields };
  const verifier = verifierFor(checksum, request.check);
  if (verifier !== null) headers[verifier.field] = await verifier.ofAll(bytes);
  const sent = await sendIf(
    connection,
    key,
    condition,
    signal,
    (conditions) =>
      connection.send({
        method: "PUT",
        key,
        headers: { ...headers, ...conditions },
        body: bytes,
        kind: "write",
        accept: [412, 501, 404],
        signal,
      }),
  );
  const { response } = sent;
  if (response.ok) {
    await response.body?.cancel();
    const facts = toFacts(response.headers);
    return await confirmed(connection, key, facts, signal);
  }
  return await putRefused(connection, key, bytes, condition, sent, signal);
}

async function putRefused(
  connection: S3Connection,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  condition: WriteCondition,
  sent: Sent,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  const { response, doubtful } = sent;
  const failure = await readFailure(response, signal);
  const { status } = response;
  if (status === 412) {
    // An attempt before this one may have been stored, and its answer lost.
    const facts = doubtful
      ? await factsIfSame(connection, key, bytes, signal)
      : null;
    if (facts !== null) return facts;
    throw conditionFailed(condition);
  }
  const error = connection.toError(failure);
  // S3 answers 404 to If-Match where there is no file.
  const absent = status === 404 && condition.ifMatch !== null &&
    !isContainerNotFound(error);
  throw absent ? conditionFailed(condition) : error;
}

/**
 * Returns what a write would have answered, where its bytes stand at the key: the answer
 * to it may have been lost. A size says little, and an ETag is a hash only on some services.
 */
export async function factsIfSame(
  connection: S3Connection,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<WriteFacts | null> {
  const entry = await head(connection, key, signal);
  if (entry?.kind !== "file" || entry.size !== bytes.byteLength) return null;
  // What cannot be read as it is stored proves nothing.
  const encoding = entry.extra?.["contentEncoding"];
  if (typeof encoding === "string" && isDecoded(encoding)) return null;
  const request = { range: null, ifMatch: null, ifNoneMatch: null, signal };
  const answer = await get(connection, key, request);
  const body = answer?.body ?? null;
  if (answer === null || body === null) return null;
  const stored = body instanceof Uint8Array ? body : await readAll(body);
  const same = stored.byteLength === bytes.byteLength &&
    stored.every((byte, index) => byte === bytes[index]);
  return same ? factsOf(answer.entry) : null;
}
