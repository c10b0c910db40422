// This module is browser compatible.
import {
  isContainerNotFound,
  type WriteFacts,
  type WriteRequest,
} from "../../core/backend.ts";
import {
  mine,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import { text } from "../_http/document.ts";
import type { Payload } from "../_http/init.ts";
import { quoteEtag } from "../_http/headers.ts";
import type { PromisedUpload } from "../../core/signing.ts";
import { documentOf } from "./answers.ts";
import type { Verifier } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { md5 } from "../../digest/md5.ts";
import { confirmed, look, lookAhead, stand } from "./probing.ts";
import { type Part, UploadCalls } from "./upload_calls.ts";
import { factsOf } from "./wire.ts";

/** A multipart upload, from its opening to its end. */
export class PartUpload {
  readonly #connection: S3Connection;
  readonly #key: string;
  readonly #fields: Readonly<Record<string, string>>;
  readonly #request: Pick<WriteRequest, "condition">;
  readonly #verifier: Verifier | null;
  readonly #calls: UploadCalls;
  #since = 0;

  constructor(
    connection: S3Connection,
    key: string,
    fields: Readonly<Record<string, string>>,
    request: Pick<WriteRequest, "condition">,
    verifier: Verifier | null,
    cut: Pick<PromisedUpload, "size" | "partSize"> & {
      readonly source?: string | undefined;
    },
  ) {
    this.#connection = connection;
    this.#key = key;
    this.#fields = fields;
    this.#request = request;
    this.#verifier = verifier;
    const { overwrite, ifMatch } = request.condition;
    const create = !overwrite && ifMatch === null;
    const contentType = fields["content-type"] ?? null;
    const { source = null } = cut;
    const plan = { ...cut, create, ifMatch, contentType, source };
    this.#calls = new UploadCalls(connection, key, plan, { text: null });
  }

  /** Looks for a conflict, then opens the upload. */
  async begin(
    signal: AbortSignal,
    kind: "write" | "copy" = "write",
  ): Promise<void> {
    const { condition } = this.#request;
    await lookAhead(this.#connection, this.#key, condition, signal);
    const headers: Record<string, string> = { ...this.#fields };
    if (this.#verifier !== null) {
      const { algorithm, whole } = this.#verifier;
      headers["x-amz-checksum-algorithm"] = algorithm;
      headers["x-amz-checksum-type"] = whole ? "FULL_OBJECT" : "COMPOSITE";
    }
    this.#since = this.#connection.now();
    await this.#calls.open(headers, kind, signal);
  }

  /** Sends one part. */
  async part(
    number: number,
    payload: Payload,
    signal: AbortSignal,
  ): Promise<Part> {
    // Before the first await: parts are begun in their order.
    const hashing = payload instanceof Blob
      ? null
      : this.#verifier?.ofPart(payload) ?? null;
    const sha256 = await hashing;
    const etag = await this.#calls.part(number, payload, sha256, signal);
    return { etag, sha256 };
  }

  /** Copies a range of another object as one part; `null` where it is not that object any more. */
  async copyPart(
    number: number,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Part | null> {
    const answer = await this.#connection.ask(
      this.#calls.ofPart(number, { headers }),
      { answers: { 200: readCopied }, signal },
      [412],
    );
    if (answer.outcome === "refused") return null;
    const etag = answer.value.found.ETag;
    if (etag !== null) return { etag, sha256: null };
    throw new RemoteStoreError("the answer to a copied part has no ETag");
  }

  /** Makes the file of its parts, if the condition still holds. */
  async complete(
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<WriteFacts> {
    const { condition } = this.#request;
    const { dialect } = this.#connection.settings;
    if (!dialect.conditions.complete) {
      await look(this.#connection, this.#key, condition, signal);
    }
    const headers: Record<string, string> = {};
    const whole = await this.#verifier?.ofParts() ?? null;
    if (this.#verifier !== null && whole !== null) {
      headers[this.#verifier.field] = whole;
      headers["x-amz-checksum-type"] = "FULL_OBJECT";
    }
    const attempt = await this.#calls.complete(
      parts,
      headers,
      condition,
      signal,
    );
    // The file to match is gone, or the upload is: with whoever has won.
    const isGone = attempt.outcome === "refused" &&
      attempt.failure?.status === 404 && !isContainerNotFound(attempt.error);
    if (isGone) {
      await look(this.#connection, this.#key, condition, signal);
    }
    const facts = await settle(
      attempt,
      () => this.#prove(parts, signal),
      signal,
    );
    this.#calls.uploadId = null;
    return await confirmed(this.#connection, this.#key, facts, signal);
  }

  /** Throws the upload away. */
  async abort(): Promise<void> {
    if (this.#calls.uploadId === null) return;
    await this.#calls.abort(AbortSignal.timeout(ABORT_MS));
    this.#calls.uploadId = null;
  }

  // Only this call knows the upload's name. While the service knows it too, nothing was
  // made of it, and what has been thrown away cannot be made into a file any more.
  async #prove(
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<Verdict<WriteFacts>> {
    const { condition } = this.#request;
    let isAborted = false;
    if (await this.#calls.isOpen(signal)) {
      const attempt = await this.#calls.abort(signal);
      isAborted = attempt.outcome === "done";
      if (attempt.outcome !== "done" && attempt.failure?.status !== 404) {
        return UNKNOWN;
      }
    }
    this.#calls.uploadId = null;
    const standing = await stand(
      this.#connection,
      this.#key,
      this.#since,
      signal,
    );
    const { entry, age, isBefore } = standing;
    const etag = tagOfParts(parts);
    const isThere = entry?.kind === "file" && entry.etag !== null &&
      entry.etag.toLowerCase() === etag;
    if (isAborted && !isThere && (entry === null || etag !== null)) {
      return NOT_MINE;
    }
    if (isBefore) return NOT_MINE;
    // The content is there. Where it replaces something it also has to be newer than the
    // upload, which nobody else could complete, and which is gone.
    const suits = age === "newer" ||
      (age === "unknown" && !condition.overwrite);
    const isMine = isThere && suits && condition.ifMatch === null;
    return isMine ? mine(factsOf(entry)) : UNKNOWN;
  }
}

// Of what a part is a copy of, some services say by the name of a whole copy.
const readCopied = documentOf(["CopyPartResult", "CopyObjectResult"], {
  ETag: text,
});
/** An abort has this long; what it leaves is for the bucket's lifecycle rule. */
const ABORT_MS = 30_000;

/**
 * Returns the ETag that S3 gives to a file of these parts; `null` where their own are no
 * hashes: the MD5 of the parts' MD5s, and their number.
 */
export function tagOfParts(parts: readonly Part[]): string | null {
  const hashes = parts.map(({ etag }) =>
    /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1] ?? ""
  );
  if (hashes.includes("")) return null;
  const bytes = hashes.join("").match(/../g) ?? [];
  const all = Uint8Array.from(bytes, (byte) => parseInt(byte, 16));
  return quoteEtag(`${md5(all)}-${parts.length}`);
}
