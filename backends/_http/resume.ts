// This module is browser compatible.
import {
  BodyReader,
  type BodySource,
  isByteStream,
  streamOf,
} from "../../core/body_reader.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { codingOf } from "../../core/decoding.ts";
import { etagOf, parseContentRange, parseLength } from "./headers.ts";
import { bodyOf } from "./own_answers.ts";
import { longer } from "./representation.ts";

/** What a body that breaks off is resumed with. */
export interface Resumable {
  /** The position of the body's first byte in the file. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly length: number;
  /** How many the file has; `null` where the answer did not say. */
  readonly size: number | null;
  /** The version it comes from: every further request is for this one only. */
  readonly etag: string;
  /** The content coding that its bytes are in; `null` for none. */
  readonly coding: string | null;
  /** Whether it is all of the file: then it may have more bytes than was announced. */
  readonly isWhole: boolean;
  /** Whether a coding may be hidden, so that a body that ends by itself may be whole. */
  readonly isHidden: boolean;
  /** How often a body is resumed without a single byte in between. */
  readonly tries: number;
  /** Asks for the bytes from `start` to `end`, both included, with `If-Match`. */
  reopen(start: number, end: number): Promise<Response>;
}

/**
 * Returns a stream over a body that heals: where it breaks off, the rest is asked for
 * with `Range` and `If-Match`. Bytes of another version never follow. A byte stream
 * stays one, so that it can be read into a buffer of the reader's own.
 */
export function resumable(
  body: ReadableStream<Uint8Array>,
  plan: Resumable,
): ReadableStream<Uint8Array> {
  return streamOf(new Healer(body, plan), undefined, isByteStream(body));
}

// An injected fetch may answer with one kind at first and with the other later.
function toByteStream(
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done && value.byteLength > 0) {
        return controller.enqueue(value as Uint8Array<ArrayBuffer>);
      }
      if (!done) return;
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

type Bytes = Uint8Array<ArrayBuffer>;

class Healer implements BodySource {
  readonly #plan: Resumable;
  readonly #end: number;
  #body: BodyReader;
  #position: number;
  #failures = 0;
  #cancelled = false;
  readonly #bytes: boolean;

  constructor(body: ReadableStream<Uint8Array>, plan: Resumable) {
    this.#body = new BodyReader(body);
    this.#bytes = isByteStream(body);
    this.#plan = plan;
    this.#position = plan.offset;
    this.#end = plan.offset + plan.length;
  }

  // A whole body that is longer than announced was coded on the way, and the platform has
  // undone it where nobody could see: its end is its own.
  #isEnd(cause: unknown): boolean {
    const { isWhole, isHidden, offset, length } = this.#plan;
    const missing = this.#end - this.#position;
    if (missing < 0 && !isWhole) throw longer(length - missing, length);
    const broke = cause !== undefined;
    if (missing < 0 && broke) {
      throw brokenOff(this.#plan, this.#position, cause);
    }
    // What the platform has undone in hiding cannot be gone on with by its positions.
    const shorter = missing > 0 && !broke && isHidden &&
      this.#position > offset;
    if (shorter) throw brokenOff(this.#plan, this.#position, cause);
    // With every byte here, what broke was only the end.
    return missing <= 0;
  }

  async read(view?: Bytes): Promise<ReadableStreamReadResult<Uint8Array>> {
    const { byteOffset = 0, byteLength = 0 } = view ?? {};
    const size = view?.buffer.byteLength;
    let wanted = view;
    for (;;) {
      let next: ReadableStreamReadResult<Uint8Array> | undefined;
      let cause: unknown;
      try {
        next = await this.#body.read(wanted);
        if (!next.done) return this.#count(next);
      } catch (error) {
        cause = error;
      }
      if (size !== undefined) {
        // What broke has kept the buffer: one of the same shape takes its place.
        const kept = next?.value?.buffer as ArrayBuffer | undefined;
        const buffer = kept ?? new ArrayBuffer(size);
        wanted = new Uint8Array(buffer, byteOffset, byteLength);
      }
      if (this.#isEnd(cause)) {
        return { done: true, value: wanted?.subarray(0, 0) };
      }
      await this.#reopen(cause);
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#cancelled = true;
    await this.#body.cancel(reason);
  }

  #count(
    next: ReadableStreamReadValueResult<Uint8Array>,
  ): ReadableStreamReadResult<Uint8Array> {
    // An empty chunk is no sign of life.
    if (next.value.byteLength > 0) this.#failures = 0;
    this.#position += next.value.byteLength;
    return next;
  }

  async #reopen(cause: unknown): Promise<void> {
    const plan = this.#plan;
    if (this.#cancelled || ++this.#failures > plan.tries) {
      throw brokenOff(plan, this.#position, cause);
    }
    this.#body.cancel(cause).catch(() => {});
    const response = await plan.reopen(this.#position, this.#end - 1);
    try {
      requireRest(response, plan, this.#position, this.#end);
      // A reader that gave up while this was under way has nobody to cancel it.
      if (this.#cancelled) throw brokenOff(plan, this.#position, cause);
    } catch (error) {
      await response.body?.cancel(error).catch(() => {});
      throw error;
    }
    const body = bodyOf(response);
    if (body === null) throw brokenOff(plan, this.#position, cause);
    this.#body = new BodyReader(
      this.#bytes && !isByteStream(body) ? toByteStream(body) : body,
    );
  }
}

function brokenOff(
  plan: Resumable,
  position: number,
  cause: unknown,
): BackendUnavailableError {
  return new BackendUnavailableError(
    `the body ended after ${position - plan.offset} of ${plan.length} bytes`,
    { cause },
  );
}

// Only the same form of the same version can go on where a body has ended: the tag is
// strong and the same, and so are coding, place and total.
function requireRest(
  response: Response,
  plan: Resumable,
  position: number,
  end: number,
): void {
  const { status, headers, type } = response;
  const etag = etagOf(headers);
  const gone = status === 404 || status === 412;
  if (gone || (etag !== null && etag !== plan.etag)) {
    throw new PreconditionFailedError("it has changed while it was being read");
  }
  const range = parseContentRange(headers.get("content-range"));
  const length = parseLength(headers.get("content-length"));
  // CORS may hide Content-Range; the tag vouches for the total, the length for the place.
  const fits = range === null
    ? type === "cors" && length === end - position
    : range.start === position && range.end < end &&
      (range.size === null || plan.size === null || range.size === plan.size);
  const same = etag !== null &&
    codingOf(headers.get("content-encoding")) === plan.coding;
  if (status === 206 && same && fits) return;
  throw new BackendUnavailableError(
    "the service answered with other bytes than those that were missing",
  );
}
