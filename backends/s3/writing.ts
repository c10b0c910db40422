// This module is browser compatible.
import type {
  Body,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { byContent, NOT_MINE, settle, type Verdict } from "../../core/doubt.ts";
import { emptyAnd } from "../_http/answer.ts";
import { joined } from "../_http/fields.ts";
import { contentFields } from "../_http/headers.ts";
import { bytesOf, type Payload, sendsSlices, sizeOf } from "../_http/init.ts";
import { type PartSteps, uploadSlices, uploadStream } from "../_http/upload.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { type Verifier, verifierFor } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { changeIf, confirmed, endsRefused, stand } from "./probing.ts";
import { MAX_PUT_SIZE, uploadLimits } from "./options.ts";
import { PartUpload } from "./parts.ts";
import type { Part } from "./upload_calls.ts";
import { get } from "./reading.ts";
import { factsOf, type Making, toFacts, toMetadataFields } from "./wire.ts";

/** Puts a file: bytes and short streams by one request, longer ones in parts. */
export function put(
  connection: S3Connection,
  key: string,
  body: Body,
  request: WriteRequest,
): Promise<WriteFacts> {
  const { headers, metadata } = request;
  const fieldsFor = (making: Making) =>
    Object.assign(
      contentFields(headers),
      metadata === null
        ? null
        : toMetadataFields(metadata, connection.settings.dialect, making),
    );
  const fields = fieldsFor("put");
  if (body.kind === "bytes" && body.bytes.byteLength <= MAX_PUT_SIZE) {
    // Attempts go on after the caller has its buffer back.
    const bytes = new Uint8Array(body.bytes);
    const { signal } = request;
    const checking = verifierFor(connection.settings.checksum, request.check);
    return putOnce(connection, key, bytes, fields, request, signal, checking);
  }
  return putLong(connection, key, body, fields, fieldsFor("parts"), request);
}

async function putLong(
  connection: S3Connection,
  key: string,
  body: Body,
  fields: Readonly<Record<string, string>>,
  partFields: Readonly<Record<string, string>>,
  request: WriteRequest,
): Promise<WriteFacts> {
  const size = body.kind === "bytes" ? body.bytes.byteLength : body.size;
  const stream = body.kind === "bytes"
    ? new Blob([body.bytes]).stream()
    : body.stream;
  const { settings } = connection;
  const plan = planUpload(size, uploadLimits(settings));
  const verifier = await verifierFor(settings.checksum, request.check);
  const upload = new PartUpload(
    connection,
    key,
    partFields,
    request,
    verifier,
    { size, partSize: plan.partSize },
  );
  const steps: PartSteps<Payload, Part, WriteFacts> & Single = {
    single: (payload, signal) =>
      putOnce(connection, key, payload, fields, request, signal, verifier),
    begin: (signal) => upload.begin(signal),
    part: (number, payload, signal) => upload.part(number, payload, signal),
    complete: (parts, signal) => upload.complete(parts, signal),
    abort: () => upload.abort(),
  };
  const blob = body.kind === "stream" ? body.blob ?? null : null;
  // Checksums want to see the bytes.
  return blob !== null && verifier === null && sendsSlices(blob.blob)
    ? await uploadSlices(blob, plan, steps, request.signal)
    : await uploadStream(
      stream,
      plan,
      steps,
      request.signal,
      { buffers: connection.buffers, blob, saw: verifier?.saw },
    );
}

/** Content that is sent all at once. */
interface Single {
  single(
    payload: Payload,
    signal: AbortSignal | undefined,
  ): Promise<WriteFacts>;
}

async function putOnce(
  connection: S3Connection,
  key: string,
  payload: Payload,
  fields: Readonly<Record<string, string>>,
  request: WriteRequest,
  signal: AbortSignal | undefined,
  checking: Promise<Verifier> | Verifier | null,
): Promise<WriteFacts> {
  const { condition } = request;
  const verifier = checking === null ? null : await checking;
  const headers = verifier === null ? fields : {
    ...fields,
    [verifier.field]: await verifier.ofAll(await bytesOf(payload)),
  };
  const since = connection.now();
  const attempt = await changeIf(
    connection,
    key,
    condition,
    "put",
    signal,
    (conditions) =>
      connection.change({
        method: "PUT",
        key,
        headers: joined(headers, conditions),
        body: payload,
        kind: "write",
      }, {
        answers: STORED,
        signal,
      }),
  );
  const refused = endsRefused(attempt);
  const facts = attempt.outcome === "done" ? attempt.value : await settle(
    attempt,
    () =>
      prove(connection, key, payload, { condition, since, refused, signal }),
    signal,
  );
  return confirmed(connection, key, facts, signal);
}

const STORED = { 200: emptyAnd(toFacts) };

/** What is known of a write whose answer was lost. */
interface Lost {
  readonly condition: WriteCondition;
  readonly since: number;
  readonly refused: boolean;
  readonly signal: AbortSignal | undefined;
}

async function prove(
  connection: S3Connection,
  key: string,
  payload: Payload,
  { condition, since, refused, signal }: Lost,
): Promise<Verdict<WriteFacts>> {
  const { entry, isBefore } = await stand(connection, key, since, signal);
  // What is still on its way replaces it, unless it creates.
  const creates = !condition.overwrite && condition.ifMatch === null;
  if (isBefore && (refused || creates)) return NOT_MINE;
  return await byContent(condition, async () => {
    if (entry?.kind !== "file" || entry.size !== sizeOf(payload)) return null;
    const bytes = await bytesOf(payload);
    return await factsIfSame(connection, key, bytes, signal);
  });
}

/**
 * Returns what a write would have answered, where its bytes stand at the key. A size says
 * little, and an ETag is a hash only on some services.
 */
export async function factsIfSame(
  connection: S3Connection,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<WriteFacts | null> {
  const request = { range: null, ifMatch: null, ifNoneMatch: null, signal };
  const answer = await get(connection, key, request);
  const body = answer?.body ?? null;
  if (answer === null || body === null) return null;
  const stored = body instanceof Uint8Array ? body : await readAll(body);
  const same = stored.byteLength === bytes.byteLength &&
    stored.every((byte, index) => byte === bytes[index]);
  return same ? factsOf(answer.entry) : null;
}
