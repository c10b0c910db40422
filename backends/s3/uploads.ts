// This module is browser compatible.
import { isContainerNotFound, type WriteFacts } from "../../core/backend.ts";
import type {
  BackendUploads,
  OpenPartsRequest,
  PartsPage,
  PartsRequest,
  UploadedPart,
} from "../../core/backend_uploads.ts";
import { uploadGone } from "../../core/commit.ts";
import type { ContentDigest } from "../../core/digest.ts";
import { settle } from "../../core/doubt.ts";
import {
  InvalidArgumentError,
  isRemoteStoreError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { contentFields, quoteEtag } from "../_http/headers.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { promisedBy } from "../_http/promised_upload.ts";
import { UploadTickets } from "../_http/upload_tickets.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { sha256Base64, toText } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { requireKey } from "./endpoint.ts";
import { failureCode } from "./failures.ts";
import { MIN_PART_SIZE, uploadLimits } from "./options.ts";
import { tagOfParts } from "./parts.ts";
import { confirmed, look, lookAhead, stand } from "./probing.ts";
import { type Part, UploadCalls } from "./upload_calls.ts";
import { factsOf, toMetadataFields } from "./wire.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The name of an upload: what the service calls it, when it was opened, and what its signer keeps. */
type Id = readonly [uploadId: string, since: number, ticket: string | null];

/** Multipart uploads that outlive the call that opened them. */
export class S3Uploads implements BackendUploads {
  readonly #connection: S3Connection;
  readonly #tickets = new UploadTickets();

  constructor(connection: S3Connection) {
    this.#connection = connection;
  }

  partSizeFor(size: number, wanted: number | null): number {
    const { settings } = this.#connection;
    const partSize = wanted ?? settings.partSize;
    if (partSize < MIN_PART_SIZE && partSize < size) {
      throw new InvalidArgumentError(
        `Cannot upload in parts of ${partSize} bytes: S3 takes no smaller ones than ${MIN_PART_SIZE}`,
      );
    }
    return planUpload(size, { ...uploadLimits(settings), partSize }).partSize;
  }

  async open(key: string, request: PartsRequest): Promise<string> {
    requireKey(key);
    const { settings } = this.#connection;
    const { headers, metadata, condition, signal } = request;
    const fields: Record<string, string> = contentFields(headers);
    if (metadata !== null) {
      const { dialect } = settings;
      Object.assign(fields, toMetadataFields(metadata, dialect, "parts"));
    }
    if (this.#isChecked) {
      fields["x-amz-checksum-algorithm"] = "SHA256";
      fields["x-amz-checksum-type"] = "COMPOSITE";
    }
    await lookAhead(this.#connection, key, condition, signal);
    const since = this.#connection.now();
    const calls = new UploadCalls(
      this.#connection,
      key,
      promisedBy(request),
      { text: null },
    );
    await calls.open(fields, "write", signal);
    const { text } = calls.promise.ticket;
    return JSON.stringify([calls.uploadId ?? "", since, text] satisfies Id);
  }

  async part(
    key: string,
    number: number,
    bytes: Bytes,
    digest: ContentDigest | null,
    request: OpenPartsRequest,
  ): Promise<string> {
    const sha256 = !this.#isChecked
      ? null
      : digest?.algorithm === "sha256"
      ? toText(digest)
      : await sha256Base64(bytes);
    const calls = this.#callsOf(key, request);
    const answer = await calls.askPart(number, bytes, sha256, request.signal);
    if (answer.outcome === "done") return toTag(answer.value, sha256);
    const isGone = failureCode(answer.failure) === "NoSuchUpload";
    throw isGone ? uploadGone() : answer.error;
  }

  async parts(
    key: string,
    cursor: string | null,
    request: OpenPartsRequest,
  ): Promise<PartsPage | null> {
    const calls = this.#callsOf(key, request);
    const answer = await calls.list(cursor, request.signal);
    if (answer.outcome === "refused") {
      if (isContainerNotFound(answer.error)) throw answer.error;
      return null;
    }
    const { found } = answer.value;
    const parts = found.Part.map(
      ({ PartNumber, Size, ETag, ChecksumSHA256 }): UploadedPart => ({
        number: Number(PartNumber),
        size: Number(Size),
        tag: toTag(ETag ?? "", this.#isChecked ? ChecksumSHA256 : null),
      }),
    );
    const isLast = found.IsTruncated !== "true";
    const next = isLast ? null : found.NextPartNumberMarker;
    if (!isLast && next === null) {
      throw new RemoteStoreError("the list of parts does not go on");
    }
    return { parts, cursor: next };
  }

  async complete(
    key: string,
    parts: readonly UploadedPart[],
    request: OpenPartsRequest,
  ): Promise<WriteFacts> {
    const { condition, signal } = request;
    const calls = this.#callsOf(key, request);
    const all = parts.map(({ tag }) => toPart(tag));
    const attempt = await this.#attempt(key, calls, all, request);
    const isOpen = attempt.outcome === "doubtful"
      // Nobody can tell where that is not answered, either.
      ? await calls.isOpen(signal).catch(() => true)
      : attempt.outcome === "done" || !saysTaken(attempt) ||
        await calls.isOpen(signal);
    if (!isOpen) {
      // It is done: by this upload, before or now; or by whoever was quicker.
      const facts = await this.#factsOf(key, all, request);
      if (facts === null) throw uploadGone();
      return facts;
    }
    // S3 answers so where the file to match is gone.
    if (attempt.outcome === "refused" && attempt.failure?.status === 404) {
      await look(this.#connection, key, condition, signal);
    }
    // What is still open can be completed later: it is never thrown away here.
    const facts = await settle(attempt, null, signal);
    return await confirmed(this.#connection, key, facts, signal);
  }

  async discard(key: string, request: OpenPartsRequest): Promise<void> {
    const attempt = await this.#callsOf(key, request).abort(request.signal);
    if (attempt.outcome === "done") return;
    const isGone = attempt.failure?.status === 404 &&
      !isContainerNotFound(attempt.error);
    // To throw away what is gone changes nothing, so there is no doubt to prove.
    if (!isGone) throw attempt.error;
  }

  // Whatever the backend is to have verified: of parts that several processes send, S3
  // can verify a SHA-256 each, and no CRC of the whole.
  get #isChecked(): boolean {
    return this.#connection.settings.checksum !== null;
  }

  #callsOf(key: string, request: OpenPartsRequest): UploadCalls {
    requireKey(key);
    const [uploadId, , text] = readId(request.id);
    const plan = promisedBy(request);
    const ticket = this.#tickets.of(request.id, text);
    return new UploadCalls(this.#connection, key, plan, ticket, uploadId);
  }

  async #attempt(
    key: string,
    calls: UploadCalls,
    parts: readonly Part[],
    { condition, signal }: OpenPartsRequest,
  ): Promise<HttpAttempt<WriteFacts>> {
    const { conditions } = this.#connection.settings.dialect;
    try {
      if (!conditions.complete) {
        await look(this.#connection, key, condition, signal);
      }
    } catch (error) {
      if (!isRemoteStoreError(error) || error.code === "BackendUnavailable") {
        throw error;
      }
      return { outcome: "refused", error, failure: null };
    }
    return await calls.complete(parts, {}, condition, signal);
  }

  // Of an upload that nobody else can have completed, and that is gone.
  async #factsOf(
    key: string,
    parts: readonly Part[],
    { id, size, signal }: OpenPartsRequest,
  ): Promise<WriteFacts | null> {
    const [, since] = readId(id);
    const standing = await stand(this.#connection, key, since, signal);
    const { entry } = standing;
    const etag = tagOfParts(parts);
    const isMade = entry?.kind === "file" && etag !== null &&
      entry.size === size && entry.etag?.toLowerCase() === etag;
    return isMade ? factsOf(entry) : null;
  }
}

// Whether a refusal may be about what stands at the key, or about an upload that is gone.
function saysTaken(
  { error, failure }: HttpAttempt<unknown> & { outcome: "refused" },
): boolean {
  if (isContainerNotFound(error)) return false;
  const code = isRemoteStoreError(error) ? error.code : null;
  return failure?.status === 404 || code === "AlreadyExists" ||
    code === "PreconditionFailed";
}

function readId(text: string): Id {
  try {
    const [uploadId, since, ticket] = JSON.parse(text) as unknown[];
    if (typeof uploadId === "string" && uploadId !== "") {
      return [
        uploadId,
        Number(since),
        typeof ticket === "string" ? ticket : null,
      ];
    }
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError("Cannot go on with an upload: its id is none");
}

// What the service has verified stands beside what it calls the part.
function toTag(etag: string, sha256: string | null): string {
  const quoted = quoteEtag(etag) ?? etag;
  return sha256 === null ? quoted : `${quoted} ${sha256}`;
}

function toPart(tag: string): Part {
  const [etag = "", sha256 = null] = tag.split(" ");
  return { etag, sha256 };
}
