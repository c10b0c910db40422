// This module is browser compatible.
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { etagOf, parseContentRange } from "./headers.ts";

/** What a body that breaks off is resumed with. */
export interface Resumable {
  /** The position of the body's first byte in the file. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly length: number;
  /** The version it comes from: every further request is for this one only. */
  readonly etag: string;
  /** How often a body is resumed without a single byte in between. */
  readonly tries: number;
  /** Asks for the bytes from `start` to `end`, both included, with `If-Match`. */
  reopen(start: number, end: number): Promise<Response>;
}

/**
 * Returns a stream over a body that heals: where it breaks off, the rest is asked for
 * with `Range` and `If-Match`. Bytes of another version never follow.
 */
export function resumable(
  body: ReadableStream<Uint8Array>,
  plan: Resumable,
): ReadableStream<Uint8Array> {
  let reader = body.getReader();
  let position = plan.offset;
  const end = plan.offset + plan.length;
  let failures = 0;

  async function reopen(cause: unknown): Promise<void> {
    if (++failures > plan.tries) throw brokenOff(plan, position, cause);
    reader.cancel(cause).catch(() => {});
    const response = await plan.reopen(position, end - 1);
    try {
      requireRest(response, plan, position, end);
    } catch (error) {
      await response.body?.cancel(error).catch(() => {});
      throw error;
    }
    if (response.body === null) throw brokenOff(plan, position, cause);
    reader = response.body.getReader();
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        let chunk: Uint8Array | null;
        try {
          const { done, value } = await reader.read();
          chunk = done ? null : value;
        } catch (cause) {
          await reopen(cause);
          continue;
        }
        if (chunk === null) {
          if (position >= end) return controller.close();
          await reopen(undefined);
          continue;
        }
        if (chunk.byteLength === 0) continue;
        failures = 0;
        position += chunk.byteLength;
        return controller.enqueue(chunk);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
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

function requireRest(
  response: Response,
  plan: Resumable,
  position: number,
  end: number,
): void {
  const etag = etagOf(response.headers);
  if (response.status === 412 || (etag !== null && etag !== plan.etag)) {
    throw new PreconditionFailedError("it has changed while it was being read");
  }
  const range = parseContentRange(response.headers.get("content-range"));
  // CORS may hide Content-Range; then only the status tells that it is the rest.
  const fits = range === null
    ? response.status === 206
    : range.start === position && range.end < end;
  if (fits) return;
  throw new BackendUnavailableError(
    "the service answered with other bytes than those that were missing",
  );
}
