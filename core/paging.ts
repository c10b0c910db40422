// This module is browser compatible.
import type { ListCursor, ListPage, ListRequest } from "./backend.ts";
import { BackendUnavailableError } from "./errors.ts";
import type { Mount } from "./mount.ts";

/** What a walk asks of the backend, page by page. */
export interface Walk {
  /** Whether only direct children are wanted. */
  readonly shallow?: boolean;
  /** How many entries of the first page are wanted; those that follow are whole. */
  readonly limit?: number | null;
  /** The key behind which it begins. */
  readonly startAfter?: string | null;
  /** Whether it is wanted in order. */
  readonly ordered?: boolean;
  /** How far below the prefix files are wanted. */
  readonly maxDepth?: number | null;
}

/** The way to the backend that a walk has while it lasts. */
export interface Passage {
  /** Ends the walk. */
  readonly signal: AbortSignal | undefined;
  /** Holds what a request needs while one is in flight, and nothing between two. */
  readonly during?: <T>(request: () => Promise<T>) => Promise<T>;
}

/** How many pages in a row may have nothing on them: no service is known to give so many. */
const MAX_EMPTY_PAGES = 10_000;

/**
 * Yields the pages of a listing as the backend gives them, one at a time. A name that does
 * not begin with the prefix, a cursor that was there before, and pages without end that
 * hold nothing are no listing.
 *
 * @throws {BackendUnavailableError} If what comes is no listing.
 */
export async function* pagesOf(
  mount: Mount,
  prefix: string,
  {
    shallow = false,
    limit = null,
    maxDepth = null,
    startAfter = null,
    ordered,
  }: Walk,
  { signal, during = now }: Passage,
): AsyncGenerator<ListPage> {
  const isRepeated = cycleDetector();
  let cursor: ListCursor | null = null;
  let wanted = limit;
  let empty = 0;
  do {
    const request: ListRequest = {
      shallow,
      cursor,
      limit: wanted,
      maxDepth,
      startAfter,
      ordered: ordered ?? startAfter !== null,
      signal,
    };
    const page: ListPage = await during(() =>
      mount.reach(signal).list(prefix, request)
    );
    requireBelow(page, prefix);
    cursor = page.cursor;
    // What it has given is not what was looked for, or nothing: let it look at more.
    wanted = null;
    empty = page.files.length + page.folders.length > 0 ? 0 : empty + 1;
    if (cursor !== null && (isRepeated(cursor) || empty > MAX_EMPTY_PAGES)) {
      throw new BackendUnavailableError(
        "the listing goes round, or on without an end",
      );
    }
    yield page;
  } while (cursor !== null);
}

function now<T>(request: () => Promise<T>): Promise<T> {
  return request();
}

/** Returns the name of a folder in a listing without its slash. */
export function folderName(name: string): string {
  return name.endsWith("/") ? name.slice(0, -1) : name;
}

// Else a service that ignores the prefix would have others' files listed, and deleted.
function requireBelow({ files, folders }: ListPage, prefix: string): void {
  if (prefix === "") return;
  for (const { key } of files) {
    if (!key.startsWith(prefix)) throw isOutside(key);
  }
  for (const name of folders) {
    if (!name.startsWith(prefix) && `${name}/` !== prefix) {
      throw isOutside(name);
    }
  }
}

function isOutside(name: string): BackendUnavailableError {
  return new BackendUnavailableError(
    `the listing names ${
      JSON.stringify(name)
    }, which does not begin as was asked for`,
  );
}

/**
 * Returns a function that says whether a cursor was given to it before: at once where it
 * is the last one, within a few rounds where the circle is longer. It keeps two cursors,
 * however many there are (Brent's algorithm).
 */
export function cycleDetector(): (cursor: ListCursor) => boolean {
  let kept: ListCursor | null = null;
  let last: ListCursor | null = null;
  let power = 1;
  let steps = 0;
  return (cursor) => {
    if (cursor === kept || cursor === last) return true;
    last = cursor;
    if (++steps === power) {
      kept = cursor;
      power *= 2;
      steps = 0;
    }
    return false;
  };
}
