/**
 * An upload, as it is kept on the device.
 *
 * @module
 */

/**
 * What is to happen to an upload, or has. Whatever tab says it, one tab does it: what is
 * canceled is gone once that tab has thrown its parts away at the service.
 */
export type JobState = "waiting" | "paused" | "refused" | "done" | "canceled";

/** An upload. */
export interface Job {
  /** Its name on this device; those of later ones come later in order. */
  readonly id: string;
  /** The service that it goes to. */
  readonly service: string;
  /** The path that it gets there. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The media type. */
  readonly contentType: string;
  /** The SHA-256 of the bytes, in hexadecimal, as they were taken in. */
  readonly sha256: string;
  /** Where it stands. */
  readonly state: JobState;
  /** Why it was refused, in words; else `null`. */
  readonly why: string | null;
  /** The code of the error behind it; `null` without one. */
  readonly code: string | null;
  /** Whether it may replace a file, which its user has said. */
  readonly overwrite: boolean;
  /** Once it is done: bytes that the last try found there, and did not send again. */
  readonly kept: number;
}

let last = 0;

/** Returns an id behind all that this page has given out. */
export function newId(now: number = Date.now()): string {
  last = Math.max(now, last + 1);
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `${last.toString(36).padStart(9, "0")}-${random.toString(36)}`;
}

/** Returns when an id was given out, in milliseconds since 1970. */
export function bornAt(id: string): number {
  return parseInt(id, 36);
}

/** Reads a job from its text; `null` where it is none, such as another version's. */
export function parseJob(text: string): Job | null {
  try {
    const job: Job = JSON.parse(text);
    const isJob = [job.id, job.service, job.path, job.state]
      .every((value) => typeof value === "string");
    return isJob ? job : null;
  } catch {
    return null;
  }
}

/** Returns another path beside one that is taken: `a (2).txt`. */
export function besidePath(path: string, number: number): string {
  const [, start = "", name = "", end = ""] =
    /^(.*\/)?(.+?)(\.[^./]*)?$/.exec(path) ?? [];
  return `${start}${name} (${number})${end}`;
}
