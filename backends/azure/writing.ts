// This module is browser compatible.
import type {
  Body,
  Entry,
  FileEntry,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { conditionFailed } from "../../core/commit.ts";
import { toStream } from "../../core/content.ts";
import {
  AlreadyExistsError,
  InvalidArgumentError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { isDecoded } from "../_http/body.ts";
import type { Sent } from "../_http/sending.ts";
import { contentFields, metadataFields, parseDate } from "../_http/headers.ts";
import { planUpload, uploadStream } from "../_http/upload.ts";
import { elements, elementText } from "../_http/xml.ts";
import { type Container, refusal, release } from "./container.ts";
import { readBlob, statBlob } from "./reading.ts";
import { failureCode } from "./failures.ts";
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

/** The service's limit of blocks in one blob. */
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
  const plan = planUpload(size, blockSize, concurrency, MAX_BLOCKS);
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
      const recipe = { headers, body: bytes, signal: inner };
      await container.sendOnly("PUT", url, recipe);
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
  const sent = await container.send("PUT", container.url(key), {
    headers,
    body: bytes,
    signal,
    accept: [409, 412],
  });
  if (sent.response.ok) {
    await release(sent.response);
    const { headers } = sent.response;
    return toFacts(headers, toDigest(headers.get("content-md5")));
  }
  return await settle(container, key, sent, request, signal, async (entry) => {
    const encoding = entry.extra?.["contentEncoding"] as string | undefined;
    // What cannot be read as it is stored proves nothing.
    if (entry.size !== bytes.byteLength || isDecoded(encoding ?? null)) {
      return false;
    }
    return await holds(container, key, entry, bytes, signal);
  });
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
  const sent = await container.send("PUT", url, {
    headers,
    body: new TextEncoder().encode(xml),
    signal,
    accept: [400, 409, 412],
  });
  if (sent.response.ok) {
    await release(sent.response);
    // The answer's Content-MD5 is that of the list.
    return toFacts(sent.response.headers, digest);
  }
  return await settle(
    container,
    key,
    sent,
    request,
    signal,
    () => isMadeOf(container, key, ids, signal),
  );
}

/** Decides what a refused commit means, after a look where its words do not tell. */
async function settle(
  container: Container,
  key: string,
  sent: Sent,
  request: WriteRequest,
  signal: AbortSignal | undefined,
  isOwn: (entry: FileEntry) => Promise<boolean>,
): Promise<WriteFacts> {
  const { condition } = request;
  const { failure, error } = await refusal(sent.response, signal);
  // Another writer's commit throws the blocks of all others away.
  const lost = failureCode(failure) === "InvalidBlockList";
  const refused = error instanceof AlreadyExistsError ||
    error instanceof PreconditionFailedError;
  if (!lost && !refused) throw error;
  if (lost || sent.doubtful) {
    const entry = await statBlob(container, key, signal);
    if (sent.doubtful && entry?.kind === "file" && await isOwn(entry)) {
      const { etag, lastModified, digest } = entry;
      return { etag, lastModified, digest, versionId: null };
    }
    if (lost && !breaks(entry, request)) {
      throw new RemoteStoreError(
        "another writer put the file meanwhile, which discarded the blocks sent so far",
        { cause: error },
      );
    }
  }
  throw conditionFailed(condition);
}

function breaks(entry: Entry, { condition }: WriteRequest): boolean {
  const etag = entry?.kind === "file" ? entry.etag : null;
  return condition.ifMatch === null
    ? !condition.overwrite && entry !== null
    // A hidden ETag proves nothing: the commit decides.
    : entry === null || (etag !== null && etag !== condition.ifMatch);
}

async function holds(
  container: Container,
  key: string,
  entry: FileEntry,
  bytes: Bytes,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const ifMatch = entry.etag;
  const request = { range: null, ifMatch, ifNoneMatch: null, signal };
  const answer = await readBlob(container, key, request, 0);
  const body = answer?.body ?? null;
  if (body === null) return false;
  const found = body instanceof Uint8Array ? body : await readAll(body);
  return found.byteLength === bytes.byteLength &&
    found.every((byte, at) => byte === bytes[at]);
}

async function isMadeOf(
  container: Container,
  key: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const query = { comp: "blocklist", blocklisttype: "committed" };
  const url = container.url(key, query);
  const { response } = await container.send("GET", url, { signal });
  const xml = await response.text();
  const found = [...elements(xml, "Block")].map((b) => elementText(b, "Name"));
  return found.length === ids.length && found.every((id, at) => id === ids[at]);
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
