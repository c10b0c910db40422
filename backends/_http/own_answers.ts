// This module is browser compatible.
import { isByteStream, unshared } from "../../core/body_reader.ts";

type Fetch = (url: string, init: RequestInit) => unknown;

/** The answers that nobody else has seen. */
const own = new WeakSet<Response>();

/** What has been looked at last, and whether its answers are remembered. */
let last: Fetch;
let remembers = false;

/**
 * Remembers an answer that the engine's own `fetch` has given us: nobody can have a clone of
 * it, so its chunks need no copy before a byte stream takes their memory away. Where bodies
 * are byte streams themselves there is none anyway. Bun's are not, and the clones of an
 * answer share their chunks there.
 */
export function noteAnswer(response: Response, fetch: Fetch): void {
  if (fetch !== last) {
    last = fetch;
    remembers = isEngines(fetch) && !isByteStream(new Response("a").body!);
  }
  if (remembers) own.add(response);
}

/** Returns the body of an answer, whose chunks go on without a copy where nobody else has them. */
export function bodyOf(response: Response): ReadableStream<Uint8Array> | null {
  const { body } = response;
  if (body !== null && own.has(response)) unshared.add(body);
  return body;
}

// A function that is bound is written so too, with another name, and a Proxy the other way.
function isEngines(fetch: Fetch): boolean {
  return fetch.name === "fetch" &&
    /^function fetch\(\) \{\s*\[native/.test(
      Function.prototype.toString.call(fetch),
    );
}
