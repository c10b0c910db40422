// This module is browser compatible.
import type {
  Body,
  FileEntry,
  StoredFields,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import { toStream } from "../../core/content.ts";
import { byContent, settle } from "../../core/doubt.ts";
import {
  InvalidArgumentError,
  isRemoteStoreError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { HttpAttempt } from "../_http/client.ts";
import type { PromisedUpload } from "../../core/signing.ts";
import { contentFields, metadataFields, parseDate } from "../_http/headers.ts";
import { bytesOf, type Payload, sendsSlices } from "../_http/init.ts";
import { type PartSteps, uploadSlices, uploadStream } from "../_http/upload.ts";
import { promisedBy } from "../_http/promised_upload.ts";
import { planUpload } from "../_http/upload_plan.ts";
import { CREATED } from "./answers.ts";
import { blockId } from "./block_names.ts";
import type { Container } from "./container.ts";
import { holds, madeOf, overtaken } from "./evidence.ts";
import { failureCode, isConflict } from "./failures.ts";
import { MAX_BLOCK_SIZE } from "./options.ts";
import { asTaken, look, statBlob } from "./probing.ts";
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

/** Refuses a write whose condition can be seen to be false. */
export async function lookFor(
  container: Container,
  key: string,
  condition: WriteRequest["condition"],
  signal: AbortSignal | undefined,
): Promise<void> {
  if (condition.overwrite && condition.ifMatch === null) return;
  try {
    const entry = await statBlob(container, key, signal);
    if (breaks(entry, condition)) throw conditionFailed(condition);
  } catch (error) {
    // Who may write and not read learns of a conflict from the block list.
    const isBlind = isRemoteStoreError(error) &&
      error.code === "PermissionDenied";
    if (!isBlind) throw error;
  }
}

/** The service's limit of blocks in one blob: of the largest ones it makes 190.7 TiB. */
export const MAX_BLOCKS = 50_000;

/** Puts a blob: in one request where it fits into a block, else as blocks and their list. */
export function writeBlob(
  container: Container,
  key: string,
  body: Body,
  request: WriteRequest,
  options: BlockOptions,
): Promise<WriteFacts> {
  const stored = storedFields(request);
  if (body.kind === "bytes" && body.bytes.byteLength <= options.blockSize) {
    // The caller may change its buffer while this call signs, waits and repeats.
    const own = new Uint8Array(body.bytes);
    return putBlob(container, key, own, stored, request, request.signal);
  }
  return writeBlocks(container, key, body, stored, request, options);
}

async function writeBlocks(
  container: Container,
  key: string,
  body: Body,
  stored: Readonly<Record<string, string>>,
  request: WriteRequest,
  { blockSize, concurrency }: BlockOptions,
): Promise<WriteFacts> {
  const { signal, condition } = request;
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
  const promised = promisedBy({ ...request, size, partSize: plan.partSize });
  const idOf = (number: number) => blockId(upload, number);
  const steps: PartSteps<Payload, string, WriteFacts> & Single = {
    single: (payload, inner) =>
      putBlob(container, key, payload, stored, request, inner),
    // A conflict that can be seen is seen before anything is sent.
    begin: (inner) => lookFor(container, key, condition, inner),
    part: async (number, body, inner) => {
      const blockid = idOf(number);
      const url = container.url(key, { comp: "block", blockid });
      const headers = await partCheck(request, body);
      const recipe = {
        headers,
        body,
        plan: promised,
        answers: CREATED,
        signal: inner,
      };
      // It counts for nothing until it is on a list.
      await container.get("PUT", url, recipe);
      return blockid;
    },
    complete: (ids, inner) =>
      putBlockList(container, key, ids, stored, request, promised, inner),
    // There is no call for it: blocks that are on no list expire within a week.
    abort: () => Promise.resolve(),
  };
  const blob = body.kind === "stream" ? body.blob ?? null : null;
  // A check wants to see the bytes.
  return blob !== null && request.check === null && sendsSlices(blob.blob)
    ? await uploadSlices(blob, plan, steps, signal)
    : await uploadStream(stream, plan, steps, signal, {
      buffers: container.buffers,
      blob,
    });
}

/** Content that is sent all at once. */
interface Single {
  single(
    payload: Payload,
    signal: AbortSignal | undefined,
  ): Promise<WriteFacts>;
}

/** Returns the field with which the service checks a part, where that is wanted. */
export async function partCheck(
  { check }: WriteRequest,
  payload: Payload,
): Promise<Record<string, string>> {
  if (check === null) return {};
  const digest = await check.digestOf(await bytesOf(payload));
  return { "content-md5": toContentMd5(digest) };
}

/** Returns the fields that are stored with a blob. Throws before anything is sent. */
export function storedFields(
  { headers, metadata }: StoredFields,
): Record<string, string> {
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
  payload: Payload,
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
    body: payload,
    answers: CREATED,
    signal,
  });
  if (sent.outcome === "done") return toPutFacts(sent.value);
  const told = await asTaken<Headers>(container, key, sent, condition, signal);
  const attempt = withCondition(told, request);
  const answered = await settle(attempt, async () => {
    const seen = await look(container, key, signal);
    const before = overtaken(container, attempt, seen, started);
    if (before.verdict !== "unknown" || seen === null) return before;
    return await byContent(
      condition,
      async () =>
        await holds(container, key, seen, payload, signal)
          ? seen.headers
          : null,
    );
  }, signal);
  return toPutFacts(answered);
}

function toPutFacts(answered: Headers): WriteFacts {
  return toFacts(answered, toDigest(answered.get("content-md5")));
}

async function putBlockList(
  container: Container,
  key: string,
  ids: readonly string[],
  stored: Readonly<Record<string, string>>,
  request: WriteRequest,
  plan: PromisedUpload,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  // "Latest" finds a block that this list's own first try has committed already.
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
    body: formatBlockList(ids),
    names: true,
    plan,
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

/** Returns the body of Put Block List. */
export function formatBlockList(
  ids: readonly string[],
): Uint8Array<ArrayBuffer> {
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join("");
  return new TextEncoder().encode(
    `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`,
  );
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
  const error = breaks(entry, request.condition)
    ? conditionFailed(request.condition)
    : new PreconditionFailedError(
      "another writer put the file meanwhile, which discarded the blocks sent so far",
      { cause: attempt.error },
    );
  return { ...attempt, error };
}

/** Returns whether what stands there breaks the condition of a write. */
export function breaks(
  entry: FileEntry | null,
  condition: WriteRequest["condition"],
): boolean {
  const etag = entry?.etag ?? null;
  return condition.ifMatch === null
    ? !condition.overwrite && entry !== null
    // A hidden ETag proves nothing: the commit decides.
    : entry === null || (etag !== null && etag !== condition.ifMatch);
}

// Writes of one second are answered with one time, which costs as much to read as a hash.
let told: string | null = null;
let time: number | null = null;

/** Returns what the answer to a write says, and the digest that the content has. */
export function toFacts(
  headers: Headers,
  digest: WriteFacts["digest"],
): WriteFacts {
  const modified = headers.get("last-modified");
  if (modified !== told) {
    time = parseDate(modified);
    told = modified;
  }
  return {
    etag: headers.get("etag"),
    versionId: headers.get("x-ms-version-id"),
    lastModified: time,
    digest,
  };
}
