// This module is browser compatible.
import { ContentDigest } from "../../core/digest.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import type {
  GrantedRequest,
  KeyedOperation,
  SigningCase,
  SigningQuestion,
  SigningTerms,
  UploadStep,
} from "../../core/signing.ts";
import { fieldsOnly } from "../_http/answer.ts";
import { CONTENT_FIELDS, quoteEtag, readMetadata } from "../_http/headers.ts";
import { readIf } from "../_http/document.ts";
import { toHex } from "../_http/hmac.ts";
import type { S3Asked } from "./asked.ts";
import { refused } from "../_http/asked_query.ts";
import { sourceKeyOf } from "./asked_fields.ts";
import { questionsOfParts, sumOfParts } from "./asked_parts.ts";
import type { S3Connection } from "./connection.ts";
import { readError } from "./failures.ts";
import { copiedFields } from "./copying.ts";
import type { Part } from "./upload_calls.ts";
import { signWanted } from "./signed_url.ts";
import { METADATA_PREFIX, toMetadataFields, unescapeKeys } from "./wire.ts";

/** What a type is where none was given: else the client may add one of its own. */
const UNTYPED = "application/octet-stream";

const WORDS = {
  get: "read",
  check: "write",
  parts: "write",
  head: "head",
  ping: "ping",
  list: "list",
  copy: "copy",
  put: "write",
  copyPart: "copy",
  part: "write",
  open: "write",
  complete: "write",
  abort: "write",
  delete: "delete",
  deleteMany: "delete",
} as const;

const STEPS: Readonly<Record<string, UploadStep["step"]>> = {
  open: "open",
  part: "part",
  copyPart: "part",
  complete: "complete",
  abort: "abort",
  check: "check",
  parts: "check",
};

/** A question about S3 that has been understood. */
export class AskedCase implements SigningCase {
  readonly operations: readonly KeyedOperation[];
  readonly upload: UploadStep | null;
  readonly onlyHere = false;
  readonly #connection: S3Connection;
  readonly #question: SigningQuestion;
  readonly #asked: S3Asked;
  readonly #parts: readonly Part[];
  /** What a copy in parts reads that is opened; `null` for all else. */
  readonly #copies: string | null;

  constructor(
    connection: S3Connection,
    question: SigningQuestion,
    asked: S3Asked,
    keys: readonly string[],
    parts: readonly Part[],
  ) {
    this.#connection = connection;
    this.#question = question;
    this.#asked = asked;
    this.#parts = parts;
    const { plan } = question;
    const { bucket } = connection.settings;
    this.#copies =
      asked.name === "open" && plan !== null && plan.source !== null
        ? sourceKeyOf(plan.source, bucket)
        : null;
    this.upload = this.#stepOf();
    const operation = this.#operationOf();
    this.operations = asked.name === "deleteMany"
      ? keys.map((key) => ({ ...operation, key }))
      : [operation];
  }

  async sign({ seconds, ...terms }: SigningTerms): Promise<GrantedRequest> {
    if (this.#copies === null) {
      return await this.#sign(this.#fieldsFor(terms), seconds);
    }
    // What its source is like has to be looked at.
    throw refused("a copy in parts is opened by the handler");
  }

  async #sign(
    headers: Record<string, string>,
    seconds: number,
  ): Promise<GrantedRequest> {
    const { method, size, body } = this.#question;
    const { name } = this.#asked;
    const enforced = this.#enforced(headers);
    const { signing } = this.#connection;
    if (name === "deleteMany" && body !== null) {
      // A signature in the URL leaves the body out.
      const digest = await crypto.subtle.digest("SHA-256", body);
      const { url } = this.#asked;
      const signed = await signing.sign({
        method,
        url,
        headers: {
          ...headers,
          "content-length": String(body.byteLength),
          "x-amz-content-sha256": toHex(new Uint8Array(digest)),
        },
        body,
      }, undefined);
      const { "content-length": _, ...sent } = signed.headers;
      return { url, headers: sent, enforced };
    }
    const [target, fields] = this.#hoisted(headers);
    const { url } = await signWanted(
      signing,
      {
        method,
        url: target,
        headers: fields,
        seconds,
        size: method === "PUT" || method === "POST" ? size ?? 0 : null,
      },
      undefined,
    );
    // What signs parses the URL, and must not have found another one in it.
    if (url.split("?")[0] !== target.split("?")[0]) {
      throw new RemoteStoreError("the URL is another one once it is parsed");
    }
    return { url, headers: fields, enforced };
  }

  async send(terms: SigningTerms, signal: AbortSignal): Promise<Response> {
    const { method, body } = this.#question;
    const { url, headers } = this.#copies === null
      ? await this.sign(terms)
      : await this.#sign(
        await this.#opened(this.#copies, signal),
        terms.seconds,
      );
    return await this.#connection.fetch(url, {
      method,
      headers: { ...headers },
      body,
      signal,
      redirect: "manual",
    });
  }

  partsOf(answer: string): readonly SigningQuestion[] {
    return questionsOfParts(
      this.#connection,
      this.#question,
      this.#asked,
      answer,
    );
  }

  sumOfParts(signal: AbortSignal): Promise<number | Response> {
    return sumOfParts(this.#connection, this.#asked, this.#parts, signal);
  }

  async discard(signal: AbortSignal): Promise<void> {
    const { key, query } = this.#asked;
    await this.#connection.change({
      method: "DELETE",
      key,
      query: { uploadId: query["uploadId"] ?? null },
      kind: "other",
    }, { answers: { 204: fieldsOnly, 200: fieldsOnly }, signal });
  }

  completed(
    answer: string,
    headers: Headers,
  ): ReturnType<SigningCase["completed"]> {
    if (readError(answer) !== null) return null;
    const found = readIf(answer, "CompleteMultipartUploadResult", {
      ETag: quoteEtag,
    });
    if (found === null) return null;
    return { etag: found.ETag, versionId: headers.get("x-amz-version-id") };
  }

  #stepOf(): UploadStep | null {
    const { name, query, headers } = this.#asked;
    const step = STEPS[name];
    if (step === undefined) return null;
    const range = /^bytes=(\d+)-(\d+)$/.exec(
      headers["x-amz-copy-source-range"] ?? "",
    );
    return {
      step,
      number: name === "complete"
        ? this.#parts.length
        : Number(query["partNumber"] ?? 0),
      size: range === null
        ? name === "copyPart" ? NaN : this.#question.size ?? 0
        : Number(range[2]) - Number(range[1]) + 1,
      create: headers["if-none-match"] === "*",
      ifMatch: quoteEtag(headers["if-match"] ?? null),
      opens: false,
      stores: false,
    };
  }

  #operationOf(): KeyedOperation {
    const { name, key, headers, query } = this.#asked;
    const { plan, size } = this.#question;
    const { bucket, dialect } = this.#connection.settings;
    const field = (of: keyof typeof CONTENT_FIELDS) =>
      headers[CONTENT_FIELDS[of]] ?? null;
    const source = headers["x-amz-copy-source"];
    const isWrite = WORDS[name] === "write";
    const copies = this.#copies;
    const stores = name === "put" || (name === "open" && copies === null);
    const sent = new Headers(
      Object.entries(headers).filter(([of]) => of.startsWith(METADATA_PREFIX)),
    );
    const metadata = unescapeKeys(readMetadata(sent, METADATA_PREFIX), dialect);
    return {
      operation: copies === null ? WORDS[name] : "copy",
      key: name === "list" ? query["prefix"] ?? "" : key ?? "",
      sourceKey: source === undefined ? copies : sourceKeyOf(source, bucket),
      size: name === "put" ? size : isWrite ? plan?.size ?? null : null,
      // Only the end of an upload says its condition to the service.
      create: name === "open"
        ? plan?.create ?? false
        : headers["if-none-match"] === "*" && WORDS[name] !== "read",
      ifMatch: quoteEtag(
        name === "open" ? plan?.ifMatch ?? null : headers["if-match"] ?? null,
      ),
      contentType: stores ? field("contentType") : null,
      cacheControl: stores ? field("cacheControl") : null,
      contentDisposition: stores ? field("contentDisposition") : null,
      contentEncoding: stores ? field("contentEncoding") : null,
      contentLanguage: stores ? field("contentLanguage") : null,
      metadata: stores ? metadata : null,
      digest: name === "put" ? digestOf(headers) : null,
    };
  }

  // What is stored with the source, and nothing that the page says of it.
  async #opened(
    source: string,
    signal: AbortSignal,
  ): Promise<Record<string, string>> {
    const fields = await copiedFields(this.#connection, source, signal);
    return {
      ...this.#connection.extraHeaders("copy"),
      ...fields,
      "content-type": fields["content-type"] ?? UNTYPED,
    };
  }

  // What a grant fixes takes the place of what was asked for.
  #fieldsFor(
    { contentType, metadata }: Omit<SigningTerms, "seconds">,
  ): Record<string, string> {
    const { name, headers } = this.#asked;
    if (name === "complete") {
      // It says nothing, and would cost pages another request.
      const { "content-type": _, ...rest } = headers;
      return rest;
    }
    if (name !== "put" && name !== "open") return { ...headers };
    const { dialect } = this.#connection.settings;
    const kept = metadata === undefined ? Object.entries(headers) : Object
      .entries(headers).filter(([of]) => !of.startsWith(METADATA_PREFIX));
    return {
      ...Object.fromEntries(kept),
      ...toMetadataFields(
        metadata ?? null,
        dialect,
        name === "put" ? "put" : "parts",
      ),
      "content-type": contentType ?? headers["content-type"] ?? UNTYPED,
    };
  }

  // In the URL a field costs pages no preflight.
  #hoisted(
    headers: Record<string, string>,
  ): [url: string, headers: Record<string, string>] {
    const { name, key, query, url } = this.#asked;
    const { "x-amz-checksum-mode": mode, ...rest } = headers;
    if (name !== "head" || mode === undefined) return [url, headers];
    const hoisted = { ...query, "x-amz-checksum-mode": mode };
    return [this.#connection.urlWith(key, hoisted), rest];
  }

  #enforced(headers: Readonly<Record<string, string>>): string[] {
    const { name } = this.#asked;
    const { conditions } = this.#connection.settings.dialect;
    const honoured = name === "put"
      ? conditions.put
      : name === "complete"
      ? conditions.complete
      : name === "copy"
      ? conditions.copy
      : conditions.delete;
    return [
      ...name === "put" || name === "part" ? ["size"] : [],
      ...name === "put" || name === "open" ? ["type"] : [],
      ...honoured && "if-none-match" in headers ? ["create"] : [],
      ...honoured && "if-match" in headers ? ["match"] : [],
      ...name === "deleteMany" ? ["body"] : [],
      ...name === "get" && "range" in headers ? ["range"] : [],
    ];
  }
}

function digestOf(
  headers: Readonly<Record<string, string>>,
): ContentDigest | null {
  for (const [field, value] of Object.entries(headers)) {
    const algorithm = /^x-amz-checksum-(\w+)$/.exec(field)?.[1];
    if (algorithm !== undefined) {
      return ContentDigest.fromBase64(algorithm, value);
    }
  }
  return null;
}
