// This module is browser compatible.
import {
  isContainerNotFound,
  type WriteFacts,
  type WriteRequest,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import { isRemoteStoreError, RemoteStoreError } from "../../core/errors.ts";
import { onAbort } from "../../core/signal.ts";
import { readFailure, type Sent } from "../_http/sending.ts";
import { etagOf } from "../_http/headers.ts";
import { elementText, escapeXml } from "../_http/xml.ts";
import type { Verifier } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { confirmed, head, look, sendIf } from "./probing.ts";
import { MAX_PARTS } from "./options.ts";
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
  #uploadId: string | null = null;
  #bytes = 0;

  constructor(
    connection: S3Connection,
    key: string,
    fields: Readonly<Record<string, string>>,
    request: Pick<WriteRequest, "condition">,
    verifier: Verifier | null,
  ) {
    this.#connection = connection;
    this.#key = key;
    this.#fields = fields;
    this.#request = request;
    this.#verifier = verifier;
  }

  /** Looks for a conflict, then opens the upload. */
  async begin(
    signal: AbortSignal,
    kind: "write" | "copy" = "write",
  ): Promise<void> {
    const { condition } = this.#request;
    await look(this.#connection, this.#key, condition, signal);
    const headers: Record<string, string> = { ...this.#fields };
    if (this.#verifier !== null) {
      const { algorithm, whole } = this.#verifier;
      headers["x-amz-checksum-algorithm"] = algorithm;
      headers["x-amz-checksum-type"] = whole ? "FULL_OBJECT" : "COMPOSITE";
    }
    // An answer that is thrown away would leave an upload that nobody knows of.
    signal.throwIfAborted();
    const late = withGrace(signal);
    try {
      const { text } = await this.#connection.send({
        method: "POST",
        key: this.#key,
        query: { uploads: "" },
        headers,
        kind,
        inspect: true,
        signal,
        lasting: late.signal,
      });
      this.#uploadId = elementText(text ?? "", "UploadId");
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
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Part> {
    if (number > MAX_PARTS) {
      throw new RemoteStoreError(
        `it has more than ${MAX_PARTS} parts of ${this.#connection.settings.partSize} bytes, so the option partSize must be larger`,
      );
    }
    // Before the first await: parts are begun in their order.
    const hashing = this.#verifier?.ofPart(bytes) ?? null;
    this.#bytes += bytes.byteLength;
    const sha256 = await hashing;
    const { response } = await this.#connection.send({
      method: "PUT",
      key: this.#key,
      query: { partNumber: number, uploadId: this.#uploadId },
      headers: sha256 === null ? {} : { "x-amz-checksum-sha256": sha256 },
      body: bytes,
      kind: "part",
      signal,
    });
    await response.body?.cancel();
    return { etag: tagOf(response), sha256 };
  }

  /** Copies a range of another object as one part; `null` where it is not that object any more. */
  async copyPart(
    number: number,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Part | null> {
    const { response, text } = await this.#connection.send({
      method: "PUT",
      key: this.#key,
      query: { partNumber: number, uploadId: this.#uploadId },
      headers,
      kind: "part",
      inspect: true,
      accept: [412],
      signal,
    });
    if (response.status === 412) {
      await response.body?.cancel();
      return null;
    }
    const etag = elementText(text ?? "", "ETag");
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
    const facts = await this.#finish(parts, headers, signal);
    this.#uploadId = null;
    return await confirmed(this.#connection, this.#key, facts, signal);
  }

  async #finish(
    parts: readonly Part[],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<WriteFacts> {
    const { condition } = this.#request;
    const key = this.#key;
    let sent: Sent | null = null;
    let error: unknown;
    try {
      sent = await sendIf(
        this.#connection,
        key,
        condition,
        signal,
        (conditions) =>
          this.#connection.send({
            method: "POST",
            key,
            query: { uploadId: this.#uploadId },
            headers: { ...headers, ...conditions },
            body: ENCODER.encode(formatParts(parts)),
            kind: "part",
            inspect: true,
            accept: [404, 412, 501],
            signal,
          }),
      );
      const { response, text } = sent;
      if (response.ok) return toCompleteFacts(response.headers, text ?? "");
      const failure = await readFailure(response, signal);
      error = response.status === 412
        ? conditionFailed(condition)
        : this.#connection.toError(failure);
    } catch (caught) {
      signal.throwIfAborted();
      error = caught;
    }
    // Who lost has an answer; what is there may look like this upload and is not.
    const lost = !sent && isRemoteStoreError(error) &&
      error.code === "BackendUnavailable";
    const facts = sent?.doubtful || lost
      ? await this.#factsIfDone(parts.length, signal)
      : null;
    if (facts !== null) return facts;
    // The file to match is gone, or the upload is: with whoever has won.
    if (sent?.response.status === 404 && !isContainerNotFound(error)) {
      await look(this.#connection, key, condition, signal);
    }
    throw error;
  }

  /** Throws the upload away. */
  async abort(): Promise<void> {
    const uploadId = this.#uploadId;
    if (uploadId === null) return;
    this.#uploadId = null;
    const { response } = await this.#connection.send({
      method: "DELETE",
      key: this.#key,
      query: { uploadId },
      kind: "other",
      accept: [404, 405, 501],
      signal: AbortSignal.timeout(ABORT_MS),
    });
    await response.body?.cancel();
  }

  // A failure may hide a success: then nobody but this call can have ended the upload.
  async #factsIfDone(
    count: number,
    signal: AbortSignal,
  ): Promise<WriteFacts | null> {
    try {
      const { response } = await this.#connection.send({
        method: "GET",
        key: this.#key,
        query: { uploadId: this.#uploadId, "max-parts": 1 },
        kind: "part",
        accept: [404],
        signal,
      });
      await response.body?.cancel();
      if (response.status !== 404) return null;
      const entry = await head(this.#connection, this.#key, signal);
      if (entry?.kind !== "file" || entry.size !== this.#bytes) return null;
      // Where the ETag tells the number of parts, it is that of this upload.
      const told = /-(\d+)"$/.exec(entry.etag ?? "")?.[1];
      if (told !== undefined && Number(told) !== count) return null;
      this.#uploadId = null;
      return factsOf(entry);
    } catch {
      signal.throwIfAborted();
      return null;
    }
  }

  /** Counts bytes that the service copies itself. */
  expect(bytes: number): void {
    this.#bytes = bytes;
  }
}

/** An abort has this long; what it leaves is for the bucket's lifecycle rule. */
const ABORT_MS = 30_000;

const ENCODER = new TextEncoder();

function formatParts(parts: readonly Part[]): string {
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

function tagOf(response: Response): string {
  const etag = etagOf(response.headers);
  if (etag !== null) return etag;
  throw new RemoteStoreError(
    "the answer to a part hides its ETag, which CORS rules must expose",
  );
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
