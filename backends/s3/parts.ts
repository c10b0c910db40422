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
import { isRemoteStoreError, RemoteStoreError } from "../../core/errors.ts";
import { onAbort } from "../../core/signal.ts";
import { empty } from "../_http/answer.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { text } from "../_http/document.ts";
import type { Payload } from "../_http/init.ts";
import { etagOf, quoteEtag } from "../_http/headers.ts";
import type { PromisedUpload } from "../../core/signing.ts";
import { escapeXml } from "../_http/tokens.ts";
import { documentOf } from "./answers.ts";
import type { Verifier } from "./checksums.ts";
import type { S3Call, S3Connection } from "./connection.ts";
import { md5 } from "../../digest/md5.ts";
import { changeIf, confirmed, look, stand } from "./probing.ts";
import { factsOf, toCompleteFacts } from "./wire.ts";

/** A part that the service has. */
export interface Part {
  /** Its ETag, with its quotes. */
  readonly etag: string;
  /** Its SHA-256 in base64, where the service was told one. */
  readonly sha256: string | null;
}

/** How long an aborted call waits for the name of an upload that is being opened. */
const GRACE_MS = 5_000;

/** A multipart upload, from its opening to its end. */
export class PartUpload {
  readonly #connection: S3Connection;
  readonly #key: string;
  readonly #fields: Readonly<Record<string, string>>;
  readonly #request: Pick<WriteRequest, "condition">;
  readonly #verifier: Verifier | null;
  readonly #plan: PromisedUpload;
  #uploadId: string | null = null;
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
    this.#plan = { ...cut, create, ifMatch, contentType, source };
  }

  /** Looks for a conflict, then opens the upload. */
  async begin(
    signal: AbortSignal,
    kind: "write" | "copy" = "write",
  ): Promise<void> {
    const { condition } = this.#request;
    const { conditions } = this.#connection.settings.dialect;
    try {
      await look(this.#connection, this.#key, condition, signal);
    } catch (error) {
      // Who may write and not read learns of a conflict from the end.
      const isBlind = conditions.complete && isRemoteStoreError(error) &&
        error.code === "PermissionDenied";
      if (!isBlind) throw error;
    }
    const headers: Record<string, string> = { ...this.#fields };
    if (this.#verifier !== null) {
      const { algorithm, whole } = this.#verifier;
      headers["x-amz-checksum-algorithm"] = algorithm;
      headers["x-amz-checksum-type"] = whole ? "FULL_OBJECT" : "COMPOSITE";
    }
    // An answer that is thrown away would leave an upload that nobody knows of.
    signal.throwIfAborted();
    this.#since = this.#connection.now();
    const late = withGrace(signal);
    try {
      const { found } = await this.#connection.get({
        method: "POST",
        key: this.#key,
        query: { uploads: "" },
        headers,
        plan: this.#plan,
        kind,
      }, { answers: { 200: readOpened }, signal, lasting: late.signal });
      this.#uploadId = found.UploadId;
    } finally {
      late.release();
    }
    signal.throwIfAborted();
    if (!this.#uploadId) {
      throw new RemoteStoreError("the service opened an upload without a name");
    }
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
    const etag = await this.#connection.get({
      ...this.#partCall(number, payload),
      ...sha256 === null ? { ahead: () => this.#partsBehind(number) } : {
        headers: { "x-amz-checksum-sha256": sha256 },
      },
    }, { answers: { 200: tagOf }, signal });
    return { etag, sha256 };
  }

  #partCall(number: number, body: Payload): S3Call {
    return {
      method: "PUT",
      key: this.#key,
      query: { partNumber: number, uploadId: this.#uploadId },
      headers: {},
      body,
      plan: this.#plan,
      kind: "part",
    };
  }

  // Their bytes are not there yet, and their sizes are known.
  #partsBehind(number: number): S3Call[] {
    return partSizes(this.#plan, number + 1, MAX_TOGETHER - 1).map(
      (size, at) => ({ ...this.#partCall(number + 1 + at, NOTHING), size }),
    );
  }

  /** Copies a range of another object as one part; `null` where it is not that object any more. */
  async copyPart(
    number: number,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Part | null> {
    const answer = await this.#connection.ask(
      {
        method: "PUT",
        key: this.#key,
        query: { partNumber: number, uploadId: this.#uploadId },
        headers,
        plan: this.#plan,
        kind: "part",
      },
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
    const headers: Record<string, string> = {
      "content-type": "application/xml",
    };
    const whole = await this.#verifier?.ofParts() ?? null;
    if (this.#verifier !== null && whole !== null) {
      headers[this.#verifier.field] = whole;
      headers["x-amz-checksum-type"] = "FULL_OBJECT";
    }
    const attempt = await this.#sendComplete(parts, headers, signal);
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
    this.#uploadId = null;
    return this.#connection.settings.confirmWrites
      ? await confirmed(this.#connection, this.#key, facts, signal)
      : facts;
  }

  #sendComplete(
    parts: readonly Part[],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAttempt<WriteFacts>> {
    return changeIf(
      this.#connection,
      this.#key,
      this.#request.condition,
      "complete",
      signal,
      (conditions) =>
        this.#connection.change({
          method: "POST",
          key: this.#key,
          query: { uploadId: this.#uploadId },
          headers: { ...headers, ...conditions },
          body: ENCODER.encode(formatParts(parts)),
          names: true,
          plan: this.#plan,
          kind: "part",
        }, { answers: { 200: toCompleteFacts }, signal }),
    );
  }

  /** Throws the upload away. */
  async abort(): Promise<void> {
    if (this.#uploadId === null) return;
    await this.#throwAway(AbortSignal.timeout(ABORT_MS));
    this.#uploadId = null;
  }

  #throwAway(signal: AbortSignal): Promise<HttpAttempt<Headers>> {
    return this.#connection.change({
      method: "DELETE",
      key: this.#key,
      query: { uploadId: this.#uploadId },
      plan: this.#plan,
      kind: "other",
    }, { answers: { 200: empty, 204: empty }, signal });
  }

  // Only this call knows the upload's name. While the service knows it too, nothing was
  // made of it, and what has been thrown away cannot be made into a file any more.
  async #prove(
    parts: readonly Part[],
    signal: AbortSignal,
  ): Promise<Verdict<WriteFacts>> {
    const { condition } = this.#request;
    let isAborted = false;
    if (await this.#isOpen(signal)) {
      const attempt = await this.#throwAway(signal);
      isAborted = attempt.outcome === "done";
      if (attempt.outcome !== "done" && attempt.failure?.status !== 404) {
        return UNKNOWN;
      }
    }
    this.#uploadId = null;
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

  async #isOpen(signal: AbortSignal): Promise<boolean> {
    const answer = await this.#connection.ask(
      {
        method: "GET",
        key: this.#key,
        query: { uploadId: this.#uploadId, "max-parts": 1 },
        plan: this.#plan,
        kind: "part",
      },
      { answers: { 200: readParts }, signal },
      [404],
    );
    return answer.outcome === "done";
  }
}

const readOpened = documentOf(["InitiateMultipartUploadResult"], {
  UploadId: text,
});
// Of what a part is a copy of, some services say by the name of a whole copy.
const readCopied = documentOf(["CopyPartResult", "CopyObjectResult"], {
  ETag: text,
});
const readParts = documentOf(["ListPartsResult"], {});

/** How many parts are signed at once: more would hardly be sent before their grants end. */
export const MAX_TOGETHER = 32;

/** Returns the sizes of so many parts from a number on; of none where nobody knows the whole. */
export function partSizes(
  { size, partSize }: Pick<PromisedUpload, "size" | "partSize">,
  from: number,
  most: number,
): number[] {
  const sizes: number[] = [];
  for (let number = from; sizes.length < most; number++) {
    const left = (size ?? 0) - (number - 1) * partSize;
    if (left <= 0) break;
    sizes.push(Math.min(left, partSize));
  }
  return sizes;
}

const NOTHING = new Uint8Array(0);

/** An abort has this long; what it leaves is for the bucket's lifecycle rule. */
const ABORT_MS = 30_000;

const ENCODER = new TextEncoder();

/** Returns the body of CompleteMultipartUpload. */
export function formatParts(parts: readonly Part[]): string {
  const list = parts.map(({ etag, sha256 }, index) =>
    `<Part><PartNumber>${index + 1}</PartNumber><ETag>${
      escapeXml(etag)
    }</ETag>${
      sha256 === null ? "" : `<ChecksumSHA256>${sha256}</ChecksumSHA256>`
    }</Part>`
  );
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${
    list.join("")
  }</CompleteMultipartUpload>`;
}

async function tagOf(response: Response): Promise<string> {
  const etag = etagOf(await empty(response));
  if (etag !== null) return etag;
  throw new RemoteStoreError(
    "the answer to a part hides its ETag, which CORS rules must expose",
  );
}

/**
 * Returns the ETag that S3 gives to a file of these parts; `null` where their own are no
 * hashes: the MD5 of the parts' MD5s, and their number.
 */
function tagOfParts(parts: readonly Part[]): string | null {
  const hashes = parts.map(({ etag }) =>
    /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1] ?? ""
  );
  if (hashes.includes("")) return null;
  const bytes = hashes.join("").match(/../g) ?? [];
  const all = Uint8Array.from(bytes, (byte) => parseInt(byte, 16));
  return quoteEtag(`${md5(all)}-${parts.length}`);
}

/** Returns a signal that follows another one after a while. */
function withGrace(
  signal: AbortSignal,
): { signal: AbortSignal; release: () => void } {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = onAbort(signal, (reason) => {
    timer = setTimeout(() => late.abort(reason), GRACE_MS);
  });
  return {
    signal: late.signal,
    release() {
      clearTimeout(timer);
      release();
    },
  };
}
