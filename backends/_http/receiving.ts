// This module is browser compatible.
import { readAll } from "../../core/body.ts";
import type { FileEntry, ReadAnswer } from "../../core/backend.ts";
import { contentEntry, contentOf } from "../../core/decoding.ts";
import {
  BackendUnavailableError,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import { parseContentRange } from "./headers.ts";
import { bodyOf } from "./own_answers.ts";
import {
  formOf,
  isHidden,
  leavesBodies,
  longer,
  notAsStored,
  notInStored,
  type Representation,
  strongTag,
  unsure,
  type Words,
} from "./representation.ts";
import { type Resumable, resumable } from "./resume.ts";

/** What an answer to a read says, as its service understands it. */
export interface Received {
  /** What it says of the file, as if the body were the stored form. */
  readonly entry: FileEntry;
  /** The position of the body's first byte. */
  readonly offset: number;
  /** How many bytes it announces; `null` where it does not say. */
  readonly length: number | null;
}

/** How a file is read. */
export interface Asking {
  /** The bytes that are wanted. */
  readonly range: ByteRange | null;
  /** Whether the content is wanted where the file is stored with a coding. */
  readonly decode: boolean;
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
  /** Whether the service's own tags are always strong. */
  readonly strongTags: boolean;
  /** Whether coded files are nothing but content: a web server's codings are its own affair. */
  readonly contentOnly?: boolean;
  /** How often a body is resumed without a single byte in between. */
  readonly tries: number;
  /** Reads what an answer says, as if its body were the stored form. */
  describe(response: Response): Received;
  /** Asks for all of it in other words; `null` where there is nothing to read by now. */
  again(words: Words): Promise<Response | null>;
  /** Asks for the bytes from `start` to `end`, both included, of one version. */
  reopen(start: number, end: number, etag: string): Promise<Response>;
}

/** Bodies up to this size arrive with their headers, and a stream would cost more than they. */
const WHOLE_BYTES = 64 * 1024;

/**
 * Makes a read's answer of a service's: looks at the form that came, asks again where it
 * is of no use, and heals what breaks off. `null` where asking again found nothing.
 *
 * @throws {RemoteStoreError} If the stored bytes cannot be had here.
 * @throws {BackendUnavailableError} If a small body breaks off for good.
 */
export async function answerOf(
  response: Response,
  asking: Asking,
  words: Words | null = null,
): Promise<ReadAnswer | null> {
  const { strongTags, decode, range, tries, signal } = asking;
  const form = formOf(response.headers, {
    words: words ?? "stored",
    strongTags,
    decode,
    raw: leavesBodies(),
    hidden: isHidden(response),
  });
  try {
    const next = nextWords(form, response, asking, words ?? "stored") ??
      // Some servers send a part under 200, and CORS rules may hide which.
      (words === null && isUnclear(response, range) ? "stored" : null);
    if (next !== null) {
      await response.body?.cancel();
      const again = await asking.again(next);
      return again === null ? null : await answerOf(again, asking, next);
    }
    const received = asking.describe(response);
    requireForm(form, response, received, asking);
    const entry = entryOf(received.entry, form, strongTags);
    const { etag } = entry;
    const { offset } = received;
    const announced = form.exact ? received.length : null;
    const opened = await openBody(response, {
      offset,
      length: announced,
      isWhole: range === null || (asking.contentOnly ?? false),
      size: entry.size,
      etag: form.exact ? etag : null,
      coding: form.stored,
      tries,
      reopen: (start, end) => asking.reopen(start, end, etag ?? ""),
    }, signal);
    const { body, length } = opened;
    // What was announced was the length of another form.
    const other = body instanceof Uint8Array && announced !== null &&
      body.byteLength > announced;
    const answer = {
      entry: other ? { ...entry, size: null } : entry,
      offset,
      length,
      body,
      decoded: form.decoded,
      handsOver: true,
    };
    return asking.contentOnly ? contentAnswer(answer) : answer;
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}

function isUnclear(response: Response, range: ByteRange | null): boolean {
  const { status, headers } = response;
  const fromStart = range !== null && "offset" in range && range.offset === 0;
  return range !== null && !fromStart && status === 200 &&
    isHidden(response) && !headers.has("content-range");
}

// What is told of the file, by what of it holds for the form that came.
function entryOf(
  told: FileEntry,
  form: Representation,
  strongTags: boolean,
): FileEntry {
  const etag = form.stored === null
    ? strongTag(told.etag, strongTags)
    : told.etag;
  const size = form.exact ? told.size : null;
  const same = told.etag === etag && told.size === size;
  return same ? told : { ...told, etag, size };
}

/**
 * Returns whether a refused range is known to begin behind the end of the file. Where it is
 * not, all of the file is to be asked for: positions may be those of another form.
 */
export function isBehindEnd(range: ByteRange, size: number | null): boolean {
  return size !== null &&
    ("offset" in range ? range.offset >= size : size === 0);
}

function nextWords(
  form: Representation,
  { status }: Response,
  { decode, contentOnly = false, range }: Asking,
  words: Words,
): Words | null {
  if (form.again !== null) return form.again === words ? null : form.again;
  if (words === "own") return null;
  const wanted = contentOnly || decode || !form.decoded;
  // A part of what is coded is of no use; the whole is, and the kernel cuts it.
  if (wanted && !form.exact && range !== null && status === 206) return "own";
  // As it is stored, but its content is wanted: the runtime asks for what it undoes.
  const kept = form.stored !== null && !form.decoded;
  return kept && (contentOnly || (decode && !isSimple(form.stored)))
    ? "own"
    : null;
}

/** Codings that every runtime can undo in a stream: the kernel does. */
function isSimple(coding: string | null): boolean {
  return coding === "gzip" || coding === "deflate";
}

function requireForm(
  form: Representation,
  response: Response,
  { offset, length }: Received,
  { decode, contentOnly = false, range }: Asking,
): void {
  const { status, headers, type } = response;
  // RFC 9110 §15.3.7.1: a part says where it lies, and only CORS rules can hide that. Then
  // the service is taken at its status, as far as its length is none of another range.
  const { offset: from, length: most } = Object(range);
  const isHeld = type === "cors" && from >= 0 && !(length! > most);
  if (
    status === 206 && !isHeld &&
    !parseContentRange(headers.get("content-range"))
  ) {
    throw new BackendUnavailableError(
      "the answer to a part hides its Content-Range, which CORS rules must expose",
    );
  }
  const stored = form.stored ?? "";
  if (form.unsure) throw unsure(stored);
  if (form.decoded && !decode && !contentOnly) throw notAsStored(stored);
  const whole = status !== 206 && offset === 0;
  if (!form.exact && range !== null && !whole) throw notInStored();
  // Nothing shows that positions in what came are those of the stored form.
  const blind = !contentOnly && isHidden(response) && length === null;
  if (range !== null && blind) throw notInStored();
}

// What the runtime has left is undone here, or refused.
function contentAnswer(
  answer: ReadAnswer & { readonly body: NonNullable<ReadAnswer["body"]> },
): ReadAnswer {
  const body = contentOf(answer.body, answer);
  if (body === answer.body) return answer;
  return { ...answer, entry: contentEntry(answer), length: null, body };
}

/** What is known of an answer's body; `null` for what the answer does not tell. */
export interface BodyFacts
  extends Omit<Resumable, "length" | "etag" | "isHidden"> {
  /** How many bytes it has. */
  readonly length: number | null;
  /** The version it comes from. */
  readonly etag: string | null;
}

/**
 * Returns an answer's body: a small one as bytes, another as a stream, both healed where
 * they break off and the rest can be asked for; with the length that can be relied on.
 *
 * @throws {BackendUnavailableError} If a small one breaks off for good.
 */
export function openBody(
  response: Response,
  facts: BodyFacts,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const { length } = facts;
  // Before anybody looks at the stream: Deno makes none where all is asked for at once.
  return length !== null && length > 0 && length <= WHOLE_BYTES
    ? readWhole(response, length, facts, signal)
    : openStream(response, facts);
}

/** A body, and how many bytes it is sure to have. */
interface Opened {
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly length: number | null;
}

async function openStream(
  response: Response,
  facts: BodyFacts,
): Promise<Opened> {
  const { length } = facts;
  const body = bodyOf(response);
  if (body === null || length === 0) {
    await body?.cancel();
    return { body: new Uint8Array(0), length: 0 };
  }
  const plan = toPlan(response, facts);
  if (plan === null) return { body, length };
  // The stream itself holds the body to its length, as far as that can be relied on.
  const checked = plan.isHidden ? null : length;
  return { body: resumable(body, plan), length: checked };
}

// A weak tag, or none, cannot promise that the rest is the rest of this.
function toPlan(response: Response, facts: BodyFacts): Resumable | null {
  const { etag, length } = facts;
  if (etag === null || etag.startsWith("W/") || length === null) return null;
  return { ...facts, etag, length, isHidden: isHidden(response) };
}

async function readWhole(
  response: Response,
  length: number,
  facts: BodyFacts,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  let cause: unknown;
  try {
    const body = new Uint8Array(await response.arrayBuffer());
    const { byteLength } = body;
    if (
      byteLength === length || response.body === null ||
      (byteLength > length && facts.isWhole)
    ) return { body, length: byteLength };
    if (byteLength > length) throw longer(byteLength, length);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RemoteStoreError) throw error;
    cause = error;
  }
  const plan = toPlan(response, facts);
  if (plan === null) {
    throw new BackendUnavailableError("the body ended early", { cause });
  }
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) =>
      cause === undefined ? controller.close() : controller.error(cause),
  });
  const body = await readAll(resumable(broken, plan));
  return { body, length: body.byteLength };
}
