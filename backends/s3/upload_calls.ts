// This module is browser compatible.
import type { WriteCondition, WriteFacts } from "../../core/backend.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import { onAbort } from "../../core/signal.ts";
import type { PromisedUpload, UploadTicket } from "../../core/signing.ts";
import { empty } from "../_http/answer.ts";
import type { Answer, HttpAttempt } from "../_http/client.ts";
import { text } from "../_http/document.ts";
import { etagOf, quoteEtag } from "../_http/headers.ts";
import type { Payload } from "../_http/init.ts";
import { escapeXml } from "../_http/tokens.ts";
import { documentOf } from "./answers.ts";
import type { S3Call, S3Connection } from "./connection.ts";
import { changeIf } from "./probing.ts";
import { toCompleteFacts } from "./wire.ts";

/** A part that the service has. */
export interface Part {
  /** Its ETag, with its quotes. */
  readonly etag: string;
  /** Its SHA-256 in base64, where the service was told one. */
  readonly sha256: string | null;
}

/** A page of ListParts. */
export type ListedParts = Awaited<ReturnType<typeof readListed>>;

/** How long an aborted call waits for the name of an upload that is being opened. */
const GRACE_MS = 5_000;

/** The requests of one multipart upload. Each carries what was promised. */
export class UploadCalls {
  /** Its name at the service; `null` as long as there is none, or none any more. */
  uploadId: string | null;
  /** What each request says to who signs it. */
  readonly promise: {
    readonly plan: PromisedUpload;
    readonly ticket: UploadTicket;
  };
  readonly #connection: S3Connection;
  readonly #key: string;

  constructor(
    connection: S3Connection,
    key: string,
    plan: PromisedUpload,
    ticket: UploadTicket,
    uploadId: string | null = null,
  ) {
    this.#connection = connection;
    this.#key = key;
    this.promise = { plan, ticket };
    this.uploadId = uploadId;
  }

  /** Opens the upload. An answer that is thrown away would leave one that nobody knows of. */
  async open(
    headers: Readonly<Record<string, string>>,
    kind: "write" | "copy",
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const late = withGrace(signal);
    try {
      const { found } = await this.#connection.get({
        method: "POST",
        key: this.#key,
        query: { uploads: "" },
        headers,
        ...this.promise,
        kind,
      }, { answers: { 200: readOpened }, signal, lasting: late.signal });
      this.uploadId = found.UploadId;
    } finally {
      late.release();
    }
    signal?.throwIfAborted();
    if (!this.uploadId) {
      throw new RemoteStoreError("the service opened an upload without a name");
    }
  }

  /** Sends one part and returns its ETag. */
  async part(
    number: number,
    payload: Payload,
    sha256: string | null,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const call = this.partCall(number, payload, sha256);
    return await this.#connection.get(call, { answers: PART, signal });
  }

  /** Sends one part, and hands back that the upload is gone. */
  async askPart(
    number: number,
    payload: Payload,
    sha256: string | null,
    signal: AbortSignal | undefined,
  ): Promise<Answer<string>> {
    const call = this.partCall(number, payload, sha256);
    return await this.#connection.ask(call, { answers: PART, signal }, [404]);
  }

  /** Returns the request for a part. */
  partCall(number: number, body: Payload, sha256: string | null): S3Call {
    return this.ofPart(number, {
      body,
      ...sha256 === null
        ? { ahead: () => this.#partsBehind(number) }
        : { headers: { "x-amz-checksum-sha256": sha256 } },
    });
  }

  /** Makes the file of its parts, if the condition still holds. */
  complete(
    parts: readonly Part[],
    headers: Readonly<Record<string, string>>,
    condition: WriteCondition,
    signal: AbortSignal | undefined,
  ): Promise<HttpAttempt<WriteFacts>> {
    return changeIf(
      this.#connection,
      this.#key,
      condition,
      "complete",
      signal,
      (conditions) =>
        this.#connection.change(
          this.#call("POST", { uploadId: this.uploadId }, {
            headers: {
              "content-type": "application/xml",
              ...headers,
              ...conditions,
            },
            body: ENCODER.encode(formatParts(parts)),
            names: true,
          }),
          { answers: { 200: toCompleteFacts }, signal },
        ),
    );
  }

  /** Lists a page of the parts that the service has. */
  list(
    marker: string | null,
    signal: AbortSignal | undefined,
    most: number | null = null,
  ): Promise<Answer<ListedParts>> {
    const query = {
      uploadId: this.uploadId,
      "part-number-marker": marker,
      "max-parts": most,
    };
    return this.#connection.ask(
      this.#call("GET", query),
      { answers: { 200: readListed }, signal },
      [404],
    );
  }

  /** Returns whether the service knows the upload. */
  async isOpen(signal: AbortSignal | undefined): Promise<boolean> {
    return (await this.list(null, signal, 1)).outcome === "done";
  }

  /** Throws the upload away. */
  abort(signal: AbortSignal | undefined): Promise<HttpAttempt<Headers>> {
    return this.#connection.change(
      this.#call("DELETE", { uploadId: this.uploadId }, { kind: "other" }),
      { answers: { 200: empty, 204: empty }, signal },
    );
  }

  /** Returns a request about one part, with what was promised. */
  ofPart(number: number, rest: Partial<S3Call>): S3Call {
    const query = { partNumber: number, uploadId: this.uploadId };
    return this.#call("PUT", query, rest);
  }

  #call(
    method: S3Call["method"],
    query: S3Call["query"],
    rest?: Partial<S3Call>,
  ): S3Call {
    return {
      method,
      key: this.#key,
      query,
      ...this.promise,
      kind: "part",
      ...rest,
    };
  }

  // Their bytes are not there yet, and their sizes are known.
  #partsBehind(number: number): S3Call[] {
    const { plan } = this.promise;
    return partSizes(plan, number + 1, MAX_TOGETHER - 1).map(
      (size, at) => this.ofPart(number + 1 + at, { size }),
    );
  }
}

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

const ENCODER = new TextEncoder();
const PART = { 200: tagOf };

const readOpened = documentOf(["InitiateMultipartUploadResult"], {
  UploadId: text,
});

/** Reads a page of ListParts. */
export const readListed = documentOf(["ListPartsResult"], {
  IsTruncated: text,
  NextPartNumberMarker: text,
  Part: [{
    PartNumber: text,
    Size: text,
    ETag: quoteEtag,
    ChecksumSHA256: text,
  }],
});

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

/** Returns a signal that follows another one after a while. */
function withGrace(
  signal: AbortSignal | undefined,
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
