/**
 * What the Service Worker and its page agree on.
 *
 * @module
 */

/** What the paths that the worker answers start with. */
export const BASE = "/files/";

/** Where the worker tells what it has answered. */
export const CHANNEL = "answered";

/** What `zipped.txt` says; it is stored with `Content-Encoding: gzip`. */
export const PLAIN = "squeezed";

/** A request and its answer. */
export interface Answered {
  readonly file: string;
  readonly method: string;
  /** Which kind of element asked; empty for `fetch`. */
  readonly destination: string;
  readonly range: string | null;
  readonly status: number;
  readonly contentRange: string | null;
}
