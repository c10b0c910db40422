// This module is browser compatible.
import type {
  Body,
  FileEntry,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { conditionFailed } from "../../core/commit.ts";
import { toStream } from "../../core/content.ts";
import {
  byContent,
  mine,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import {
  InvalidArgumentError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { text } from "../_http/document.ts";
import { contentFields, metadataFields, parseDate } from "../_http/headers.ts";
import { uploadStream } from "../_http/upload.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { CREATED, documentOf } from "./answers.ts";
import type { Container } from "./container.ts";
import { failureCode, isConflict } from "./failures.ts";
import { MAX_BLOCK_SIZE } from "./options.ts";
import { look, type Seen, statBlob } from "./probing.ts";
import { readBlob } from "./reading.ts";
import {
  conditionFields,
  FOLDER_MARK,
  METADATA_KEY_REGEXP,
  METADATA_PREFIX,
  toContentMd5,
  toDigest,
} from "./wire.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** How content is cut. */
export interface BlockOptions {
  /** The size of a block in bytes. */
  readonly blockSize: number;
  /** How many are in flight at once. */
  readonly concurrency: number;
}

/** The service's limit of blocks in one blob: of the largest ones it makes 190.7 TiB. */
const MAX_BLOCKS = 50_000;

/** Puts a blob: in one request where it fits into a block, else as blocks and their list. */
export async function writeBlob(
  container: Container,
  key: string,
  body: Body,
  request: WriteRequest,
  options: BlockOptions,
): Promise<WriteFacts> {
  const { signal, condition } = request;
  const stored = storedFields(request);
  const { blockSize, concurrency } = options;
  if (body.kind === "bytes" && body.bytes.byteLength <= blockSize) {
    // The caller may change its buffer while this call signs, waits and repeats.
    const own = body.bytes.slice();
    return await putBlob(container, key, own, stored, request, signal);
  }
  const [stream, size] = body.kind === "bytes"
    ? [toStream(body.bytes.slice()), body.bytes.byteLength]
    : [body.stream, body.size];
  const plan = planUpload(size, {
    partSize: blockSize,
    concurrency,
    maxParts: MAX_BLOCKS,
    maxPartSize: MAX_BLOCK_SIZE,
  });
  const upload = crypto.randomUUID();
  const idOf = (number: number) => blockId(upload, number);
  return await uploadStream<string, WriteFacts>(stream, plan, {
    single: (bytes, inner) =>
      putBlob(container, key, bytes, stored, request, inner),
    // A conflict that can be seen is seen before anything is sent.
    begin: async (inner) => {
      if (condition.overwrite && condition.ifMatch === null) return;
      const entry = await statBlob(container, key, inner);
      if (breaks(entry, request)) throw conditionFailed(condition);
    },
    part: async (number, bytes, inner) => {
      const blockid = idOf(number);
      const url = container.url(key, { comp: "block", blockid });
      const headers = await partCheck(request, bytes);
      const recipe = { headers, body: bytes, answers: CREATED, signal: inner };
      // It counts for nothing until it is on a list.
      await container.get("PUT", url, recipe);
      return blockid;
    },
    complete: (ids, inner) =>
      putBlockList(container, key, ids, stored, request, inner),
    // There is no call for it: blocks that are on no list expire within a week.
    abort: () => Promise.resolve(),
  }, signal);
}

/** Returns the field with which the service checks a part, where that is wanted. */
export async function partCheck(
  { check }: WriteRequest,
  bytes: Bytes,
): Promise<Record<string, string>> {
  if (check === null) return {};
  return { "content-md5": toContentMd5(await check.digestOf(bytes)) };
}

/** Returns the fields that are stored with a blob. Throws before anything is sent. */
export function storedFields(
  request: Pick<WriteRequest, "headers" | "metadata">,
): Record<string, string> {
  const { headers, metadata } = request;
  const fields = contentFields(headers, "x-ms-blob-");
  if (metadata === null) return fields;
  Object.assign(
    fields,
    metadataFields(
      metadata,
      METADATA_PREFIX,
      METADATA_KEY_REGEXP,
      "Azure takes letters, digits and underscores, and no digit first",
    ),
  );
  if (METADATA_PREFIX + FOLDER_MARK in fields) {
    throw new InvalidArgumentError(
      `Cannot store the metadata key "${FOLDER_MARK}": Azure marks folders with it`,
    );
  }
  return fields;
}

async function putBlob(
  container: Container,
  key: string,
  bytes: Bytes,
  stored: Readonly<Record<string, string>>,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  const { check, condition } = request;
  const headers: Record<string, string> = {
    "x-ms-blob-type": "BlockBlob",
    ...stored,
    ...conditionFields(condition),
  };
  if (check !== null) {
    headers["content-md5"] = toContentMd5(await check.digest());
  }
  const started = container.now();
  const sent = await container.change("PUT", container.url(key), {
    headers,
    body: bytes,
    answers: CREATED,
    signal,
  });
  const attempt = withCondition(sent, request);
  const answered = await settle(attempt, async () => {
    const seen = await look(container, key, signal);
    const ours = await byContent(condition, async () => {
      return seen !== null && await holds(container, key, seen, bytes, signal)
        ? seen.headers
        : null;
    });
    return ours.verdict === "unknown"
      ? overtaken(container, attempt, seen, started)
      : ours;
  }, signal);
  return toFacts(answered, toDigest(answered.get("content-md5")));
}

async function putBlockList(
  container: Container,
  key: string,
  ids: readonly string[],
  stored: Readonly<Record<string, string>>,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  // "Latest" finds a block that this list's own first try has committed already.
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
  const xml =
    `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
  // Each block has been checked; the whole is stored for those who read.
  const digest = await request.check?.digest() ?? null;
  const headers = {
    "content-type": "application/xml",
    ...stored,
    ...digest === null ? {} : { "x-ms-blob-content-md5": toContentMd5(digest) },
    ...conditionFields(request.condition),
  };
  const url = container.url(key, { comp: "blocklist" });
  const started = container.now();
  const sent = await container.change("PUT", url, {
    headers,
    body: new TextEncoder().encode(xml),
    answers: CREATED,
    signal,
  });
  const attempt = await withLoss(container, key, sent, request, signal);
  const answered = await settle(attempt, async () => {
    const ours = await madeOf(container, key, ids, signal);
    if (ours.verdict !== "unknown") return ours;
    const seen = await look(container, key, signal);
    return overtaken(container, attempt, seen, started);
  }, signal);
  // The answer's Content-MD5 is that of the list.
  return toFacts(answered, digest);
}

/** Words the refusal of a condition as the condition. */
function withCondition<T>(
  attempt: HttpAttempt<T>,
  { condition }: WriteRequest,
): HttpAttempt<T> {
  if (attempt.outcome === "done" || !isConflict(attempt.error)) return attempt;
  return { ...attempt, error: conditionFailed(condition) };
}

// Another writer's commit throws the blocks of all others away: where there is a condition
// it is what has failed, else the loser learns at least that it has lost.
async function withLoss<T>(
  container: Container,
  key: string,
  attempt: HttpAttempt<T>,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAttempt<T>> {
  const { outcome } = attempt;
  if (outcome === "done" || attempt.failure === null) return attempt;
  if (failureCode(attempt.failure) !== "InvalidBlockList") {
    return withCondition(attempt, request);
  }
  const entry = await statBlob(container, key, signal);
  const error = breaks(entry, request)
    ? conditionFailed(request.condition)
    : new PreconditionFailedError(
      "another writer put the file meanwhile, which discarded the blocks sent so far",
      { cause: attempt.error },
    );
  return { ...attempt, error };
}

/**
 * Returns what it proves that another version is in the way: where the last word was a
 * refusal, and that version was there before the call, nothing that was sent has made
 * a file, and nothing that is on its way can.
 */
function overtaken<T>(
  container: Container,
  attempt: HttpAttempt<T>,
  seen: Seen | null,
  started: number,
): Verdict<never> {
  const refused = attempt.outcome !== "done" && isConflict(attempt.error);
  return refused && seen !== null &&
      container.precedes(seen.entry, seen.headers, started)
    ? NOT_MINE
    : UNKNOWN;
}

function breaks(
  entry: FileEntry | null,
  { condition }: WriteRequest,
): boolean {
  const etag = entry?.etag ?? null;
  return condition.ifMatch === null
    ? !condition.overwrite && entry !== null
    // A hidden ETag proves nothing: the commit decides.
    : entry === null || (etag !== null && etag !== condition.ifMatch);
}

async function holds(
  container: Container,
  key: string,
  { entry }: Seen,
  bytes: Bytes,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (entry.size !== bytes.byteLength) return false;
  const ifMatch = entry.etag;
  const request = { range: null, ifMatch, ifNoneMatch: null, signal };
  const answer = await readBlob(container, key, request, 0);
  const body = answer?.body ?? null;
  if (body === null) return false;
  const found = body instanceof Uint8Array ? body : await readAll(body);
  return found.byteLength === bytes.byteLength &&
    found.every((byte, at) => byte === bytes[at]);
}

const BLOCK_LIST = { CommittedBlocks: { Block: [{ Name: text }] } } as const;

// Blocks have names that are this upload's own, so that a blob which is made of them is.
async function madeOf(
  container: Container,
  key: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Verdict<Headers>> {
  const query = { comp: "blocklist", blocklisttype: "committed" };
  const answer = await container.ask("GET", container.url(key, query), {
    answers: { 200: documentOf("BlockList", BLOCK_LIST) },
    refusals: [404],
    signal,
  });
  if (answer.outcome === "refused") return UNKNOWN;
  const { found, headers } = answer.value;
  const blocks = found.CommittedBlocks?.Block ?? [];
  const ours = blocks.length === ids.length &&
    blocks.every(({ Name }, at) => Name === ids[at]);
  return ours ? mine(headers) : UNKNOWN;
}

/** Returns what the answer to a write says, and the digest that the content has. */
export function toFacts(
  headers: Headers,
  digest: WriteFacts["digest"],
): WriteFacts {
  return {
    etag: headers.get("etag"),
    versionId: headers.get("x-ms-version-id"),
    lastModified: parseDate(headers.get("last-modified")),
    digest,
  };
}

/** The digits of a block's number: with the upload's name it makes 48 characters. */
const NUMBER_DIGITS = 12;

// All blocks of a blob have names of one length, also those that other clients have
// left: 48 bytes is what Microsoft's own clients take.
function blockId(upload: string, number: number): string {
  return btoa(upload + String(number).padStart(NUMBER_DIGITS, "0"));
}
