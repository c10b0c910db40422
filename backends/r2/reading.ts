// This module is browser compatible.
import type { FileEntry, ReadAnswer, ReadRequest } from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { PreconditionFailedError } from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import { resumable } from "../_http/resume.ts";
import { look } from "./attempts.ts";
import type {
  R2Condition,
  R2ObjectContent,
  R2ObjectFacts,
  R2ReadOptions,
} from "./binding.ts";
import { failureCode, INVALID_RANGE, UNSPECIFIED } from "./failures.ts";
import type { Settings } from "./options.ts";
import { head } from "./probing.ts";
import { bareEtag, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

const EMPTY = new Uint8Array(0);

/** Bodies up to this size come as bytes, so that one that breaks off is asked for again. */
const WHOLE_BYTES = 64 * 1024;

/** Starts a read; `null` where there is no file. */
export async function get(
  settings: Settings,
  key: string,
  request: ReadRequest,
): Promise<ReadAnswer | null> {
  const { range, ifMatch, ifNoneMatch, signal } = request;
  const onlyIf = toCondition(ifMatch, ifNoneMatch);
  return await look(settings, signal, async () => {
    let object: R2ObjectFacts | R2ObjectContent | null;
    try {
      object = await open(settings, key, range, onlyIf, signal);
    } catch (error) {
      const entry = range === null || !mayBeBeyond(error)
        ? null
        : await head(settings, key, signal);
      const size = entry?.size ?? null;
      if (entry === null || size === null || !isBeyond(range, size)) {
        throw error;
      }
      return { entry, offset: size, length: 0, body: EMPTY };
    }
    if (object === null) return null;
    const entry = toEntry(object);
    if (!hasBody(object)) {
      if (ifMatch !== null && entry.etag !== ifMatch) {
        throw new PreconditionFailedError();
      }
      return { entry, offset: 0, length: null, body: null };
    }
    const { offset, length } = extentOf(object.size, range);
    const body = length <= WHOLE_BYTES
      ? await whole(object, length)
      : healing(settings, key, object, entry, offset, length, signal);
    return { entry, offset, length, body };
  });
}

async function open(
  { bucket }: Settings,
  key: string,
  range: ByteRange | null,
  onlyIf: R2Condition | undefined,
  signal: Signal,
): Promise<R2ObjectFacts | R2ObjectContent | null> {
  const options: R2ReadOptions = {};
  if (onlyIf !== undefined) options.onlyIf = onlyIf;
  if (range !== null) options.range = toR2Range(range);
  const object = await bucket.get(key, options);
  // Nobody waits any longer, so nobody would release it.
  if (signal?.aborted && hasBody(object)) await object.body.cancel();
  return object;
}

// A range without a single byte is an error, which does not say of which object; in
// Cloudflare's emulator some have no number.
function mayBeBeyond(error: unknown): boolean {
  const code = failureCode(error);
  return code === INVALID_RANGE || code === UNSPECIFIED;
}

function isBeyond(range: ByteRange | null, size: number): boolean {
  if (range === null) return false;
  return "suffix" in range ? size === 0 : range.offset >= size;
}

function toR2Range(range: ByteRange): NonNullable<R2ReadOptions["range"]> {
  if ("suffix" in range) return { suffix: range.suffix };
  const { offset, length } = range;
  return length === undefined ? { offset } : { offset, length };
}

/** Says whether an object has come with its bytes: without them its condition did not hold. */
export function hasBody(
  object: R2ObjectFacts | R2ObjectContent | null,
): object is R2ObjectContent {
  return object !== null && "body" in object && object.body !== null;
}

// A tag that R2 cannot have is left to the kernel, which compares in any case.
function toCondition(
  ifMatch: string | null,
  ifNoneMatch: string | null,
): R2Condition | undefined {
  const condition: R2Condition = {};
  if (ifMatch !== null) {
    const etag = bareEtag(ifMatch);
    if (etag !== null) condition.etagMatches = etag;
  }
  if (ifNoneMatch !== null) {
    const etag = bareEtag(ifNoneMatch.replace(/^W\//, ""));
    if (etag !== null) condition.etagDoesNotMatch = etag;
  }
  return Object.keys(condition).length === 0 ? undefined : condition;
}

function extentOf(
  size: number,
  range: ByteRange | null,
): { offset: number; length: number } {
  if (range === null) return { offset: 0, length: size };
  const offset = "suffix" in range
    ? Math.max(0, size - range.suffix)
    : range.offset;
  const wanted = "suffix" in range ? range.suffix : range.length ?? Infinity;
  return { offset, length: Math.min(wanted, size - offset) };
}

async function whole(
  object: R2ObjectContent,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readAll(object.body);
  if (bytes.byteLength === length) return bytes;
  throw new Error(
    `the body ended after ${bytes.byteLength} of ${length} bytes`,
  );
}

function healing(
  settings: Settings,
  key: string,
  { body }: R2ObjectContent,
  { etag, size }: FileEntry,
  offset: number,
  length: number,
  signal: Signal,
): ReadableStream<Uint8Array> {
  const bare = etag === null ? null : bareEtag(etag);
  if (etag === null || bare === null) return body;
  return resumable(body, {
    offset,
    length,
    size,
    etag,
    // The binding gives bytes as they are stored.
    coding: null,
    isWhole: false,
    isHidden: false,
    tries: settings.retry.attempts,
    async reopen(start, end) {
      const range = { offset: start, length: end - start + 1 };
      const onlyIf = { etagMatches: bare };
      const object = await look(
        settings,
        signal,
        () => open(settings, key, range, onlyIf, signal),
      );
      if (!hasBody(object)) {
        return new Response(null, { status: 412 });
      }
      return new Response(object.body as BodyInit, {
        status: 206,
        headers: {
          etag: object.httpEtag,
          "content-range": `bytes ${start}-${end}/${object.size}`,
        },
      });
    },
  });
}
