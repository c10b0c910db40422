/**
 * Pure: the file, and the ways in which it is served.
 *
 * @module
 */

/** A JSON of 1,541 characters, which gzip makes far shorter. */
export const TEXT: string = JSON.stringify(
  Array.from({ length: 60 }, (_, id) => ({ id, name: `file ${id}` })),
).padEnd(1541, " ");

/**
 * How it is served: as it is; as a file beside it that is coded (nginx's `gzip_static`), to
 * who accepts that; the same to everybody; and coded on the fly, with a weakened tag and
 * without a length.
 */
export const KINDS = ["plain", "static", "forced", "fly"] as const;

/** What a page of another origin gets to see. */
export const EXPOSED = ["none", "etag", "all"] as const;
