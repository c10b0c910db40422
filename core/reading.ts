// This module is browser compatible.
import type { FileEntry, ReadAnswer, ReadRequest } from "./backend.ts";
import { guardBody, readAll } from "./body.ts";
import {
  beginFile,
  type Call,
  type Held,
  hold,
  type KeyCall,
  toOutside,
} from "./boundary.ts";
import { noVersion, requireMatch, requireVersion } from "./commit.ts";
import { toStream } from "./content.ts";
import { askable, cut, cutStream } from "./cutting.ts";
import { contentEntry, contentOf } from "./decoding.ts";
import { PreconditionFailedError, refuse, RemoteStoreError } from "./errors.ts";
import { isFolderError, missed } from "./folders.ts";
import { checkEtag, checkFlag, checkRange, checkVersion } from "./gates.ts";
import { type KnownOptions, OPEN, READ, READ_TEXT } from "./known_options.ts";
import { isMark } from "./markers.ts";
import type { Mount } from "./mount.ts";
import type {
  ByteRange,
  OpenOptions,
  ReadOptions,
  ReadTextOptions,
} from "./options.ts";
import { type OpenFile, toFileInfo } from "./results.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes that a read was asked for, and the file that they come from. */
export interface Reading {
  /** The call that reads. */
  readonly call: Call;
  /** The file. */
  readonly entry: FileEntry;
  /** The file's store-relative path. */
  readonly path: string;
  /** Exactly the bytes wanted; bytes at hand are the backend's own. `null`: not modified. */
  readonly body: Bytes | ReadableStream<Uint8Array> | null;
  /** Whether the bytes at hand are the caller's to have. */
  readonly handsOver?: boolean;
}

/** Ends a body that nobody reads. */
export async function drop(
  body: Reading["body"],
  reason?: unknown,
): Promise<void> {
  if (!(body instanceof Uint8Array)) await body?.cancel(reason);
}

/** Reads a file as a stream. */
export function read(
  mount: Mount,
  path: string,
  options: ReadOptions,
): Promise<ReadableStream<Uint8Array>> {
  return start(mount, "read", path, options, READ, asStream);
}

/** Reads a file into memory. The bytes are the caller's own. */
export function readBytes(
  mount: Mount,
  path: string,
  options: ReadOptions,
): Promise<Bytes> {
  return start(mount, "read", path, options, READ, asBytes);
}

/** Reads a file as UTF-8. */
export async function readText(
  mount: Mount,
  path: string,
  options: ReadTextOptions,
): Promise<string> {
  return decodeText(
    await start(mount, "read", path, options, READ_TEXT, asBytes),
  );
}

/** Opens a file with what the same answer says of it; `null` where an absent one is no error. */
export function open(
  mount: Mount,
  path: string,
  options: OpenOptions,
): Promise<OpenFile | null> {
  return start<OpenFile | null, OpenOptions>(
    mount,
    "open",
    path,
    options,
    OPEN,
    (reading) => ({
      info: toFileInfo(reading.entry, reading.path),
      body: reading.body === null ? null : asStream(reading),
    }),
    null,
    () => null,
  );
}

/** Returns the bytes of a reading as a stream. */
export function asStream(
  { body, call }: Reading,
): ReadableStream<Uint8Array> {
  // Guarded like any other, so that an abort ends it too.
  if (body === null) throw unasked();
  return body instanceof Uint8Array
    ? guardBody(toStream(body), call, body.byteLength)
    : body;
}

/** Returns the bytes of a reading as the caller's own. */
export function asBytes(
  { body, handsOver = false }: Reading,
): Bytes | Promise<Bytes> {
  if (body === null) throw unasked();
  if (!(body instanceof Uint8Array)) return readAll(body);
  // A part of something larger would keep all of that.
  const isWhole = body.byteLength === body.buffer.byteLength;
  // MEM-011: what the backend keeps is never handed out, as a Buffer's slice() would.
  return handsOver && isWhole ? body : new Uint8Array(body);
}

/**
 * Checks the arguments, starts a read and gives it to `use`: the body's errors are
 * mapped, its length is checked. `size` is the file's, where that is known from before;
 * `absent` gives what an absent file comes to with `missingOk`.
 */
export async function start<T, O extends OpenOptions>(
  mount: Mount,
  action: string,
  path: string,
  options: O,
  known: KnownOptions<O>,
  use: (reading: Reading) => T | Promise<T>,
  size: number | null = null,
  absent?: () => T,
): Promise<T> {
  const call = beginFile(mount, action, path, options, known);
  const { key } = call;
  const range = checkRange(action, path, options.range);
  const ifMatch = checkEtag(
    action,
    path,
    "ifMatch",
    options.ifMatch ?? undefined,
  );
  const ifNoneMatch = checkEtag(
    action,
    path,
    "ifNoneMatch",
    options.ifNoneMatch ?? undefined,
  );
  const decode = checkFlag(action, path, "decode", options.decode ?? false);
  if (decode && range !== null) {
    refuse(
      action,
      path,
      "decode excludes range, as positions are of stored bytes",
    );
  }
  const missingOk = checkFlag(action, path, "missingOk", options.missingOk);
  const versionId = checkVersion(mount, action, path, options.versionId);
  mount.require("read", action, path);
  // What is read to its end here outlives nothing.
  const held = hold(call, use !== asBytes);
  try {
    const { signal } = held;
    const native = mount.has("seekable_read") ? askable(range) : null;
    // Of a version, the entry has to say that it is this one.
    const bytesOnly = !decode && versionId === null &&
      (use === asBytes || use === asStream);
    const request = {
      range: native,
      ifMatch,
      ifNoneMatch,
      decode,
      versionId,
      bytesOnly,
      signal,
    };
    const found = await mount.reach(signal).read(key, request);
    if (found === null || isMark(found.entry)) {
      await drop(found?.body ?? null);
      if (missingOk && absent) {
        held.release();
        return absent();
      }
      throw found
        ? isFolderError(key)
        : versionId !== null
        ? noVersion(key, versionId)
        : await missed(mount, key, signal);
    }
    if (versionId !== null) await holdTo(found, versionId, key);
    const answer = size === null ? found : await ofSize(found, size, range);
    // What is at hand is not waited for: it shows at small files.
    const wrapping = wrap(call, held, answer, request, range);
    const wrapped = wrapping instanceof Promise ? await wrapping : wrapping;
    const reading = decode ? await decoded(wrapped, answer, held) : wrapped;
    // A stream lets go at its end.
    if (reading.body === null || reading.body instanceof Uint8Array) {
      held.release();
    }
    const used = use(reading);
    return used instanceof Promise ? await used : used;
  } catch (error) {
    held.release();
    throw toOutside(error, call);
  }
}

async function holdTo(
  { entry, body }: ReadAnswer,
  versionId: string,
  key: string,
): Promise<void> {
  try {
    requireVersion(entry, versionId, key);
  } catch (error) {
    await drop(body, error);
    throw error;
  }
}

// What the answer hides is known from before: it is the same version. But what was told
// may have been the size of another form.
async function ofSize(
  answer: ReadAnswer,
  size: number,
  range: ByteRange | null,
): Promise<ReadAnswer> {
  const { body, entry, length } = answer;
  const told = entry.size ??
    (range === null && body instanceof Uint8Array ? body.byteLength : size);
  if (told === size) {
    const whole = { ...entry, size };
    return { ...answer, entry: whole, length: range ? length : size };
  }
  await drop(body);
  throw new PreconditionFailedError(
    `it has ${told} bytes, and not the ${size} that were told before`,
  );
}

async function decoded(
  reading: Reading,
  answer: ReadAnswer,
  held: Held,
): Promise<Reading> {
  const { body } = reading;
  const entry = contentEntry(answer);
  if (body === null) return { ...reading, entry };
  try {
    const content = contentOf(body, answer);
    // A stream of the backend's is guarded already.
    const bare = body instanceof Uint8Array &&
      content instanceof ReadableStream;
    const guarded = bare
      ? guardBody(content, reading.call, null, held)
      : content;
    return { ...reading, entry, body: guarded };
  } catch (error) {
    await drop(body, error);
    throw error;
  }
}

// Between here and the return the body belongs to nobody else, so every way out
// releases it (SIO-001).
function wrap(
  call: KeyCall,
  held: Held,
  answer: ReadAnswer,
  request: ReadRequest,
  range: ByteRange | null,
): Reading | Promise<Reading> {
  const { entry, body } = answer;
  const { ifMatch, ifNoneMatch } = request;
  const { path, key } = call;
  const same = ifNoneMatch !== null && isSame(entry.etag, ifNoneMatch);
  if (body === null || body instanceof Uint8Array) {
    if (ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
    const bytes = body === null || same ? null : cut(body, answer, range);
    const { handsOver = false } = answer;
    return { call, path, entry, body: bytes, handsOver };
  }
  return wrapStream(body);

  async function wrapStream(
    stream: ReadableStream<Uint8Array>,
  ): Promise<Reading> {
    let guarded = stream;
    try {
      if (ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
      guarded = guardBody(stream, call, answer.length, held);
      if (!same) {
        return {
          call,
          path,
          entry,
          body: await cutStream(guarded, answer, range),
        };
      }
      await guarded.cancel();
      return { call, path, entry, body: null };
    } catch (error) {
      await guarded.cancel(error).catch(() => {});
      throw error;
    }
  }
}

// RFC 9110 §13.1.2: weak comparison.
function isSame(etag: string | null, other: string): boolean {
  return etag !== null &&
    etag.replace(/^W\//, "") === other.replace(/^W\//, "");
}

function unasked(): RemoteStoreError {
  return new RemoteStoreError(
    "the backend gave no body, which was not asked for",
  );
}

const DECODER_OPTIONS: TextDecoderOptions = { fatal: true, ignoreBOM: true };

/**
 * Decodes UTF-8. A byte order mark is kept, so that text comes back as it was
 * written; ill-formed bytes are the platform's `TypeError`.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", DECODER_OPTIONS).decode(bytes);
}
