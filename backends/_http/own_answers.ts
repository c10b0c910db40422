// This module is browser compatible.
import { isByteStream } from "../../core/body_reader.ts";

/** The answers that nobody else has seen. */
const own = new WeakSet<Response>();

/** What has been looked at last, and whether its answers are remembered. */
let last: unknown;
let remembers = false;

/**
 * Remembers an answer that the engine's own `fetch` has given us: nobody can have a clone of
 * it, so its chunks need no copy before a byte stream takes their memory away. Where bodies
 * are byte streams themselves there is none anyway. Bun's are not, and the clones of an
 * answer share their chunks there.
 */
export function noteAnswer(response: Response, fetch: unknown): void {
  if (fetch !== last) {
    last = fetch;
    remembers = isEngines(fetch) && !isByteStream(new Response("a").body!);
  }
  if (remembers) own.add(response);
}

/** Returns whether nobody else has the chunks of this answer. */
export function isOwn(response: Response): boolean {
  return own.has(response);
}

// A function that is bound is written so too, with another name, and a Proxy the other way.
function isEngines(fetch: unknown): boolean {
  return typeof fetch === "function" && fetch.name === "fetch" &&
    /^function fetch\(\) \{\s*\[native code\]\s*\}$/.test(
      Function.prototype.toString.call(fetch),
    );
}
