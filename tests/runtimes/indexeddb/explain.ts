/**
 * Pure: whether what two tabs saw can be explained by some order of their operations.
 *
 * @module
 */

/** An operation and its outcome, as a tab logs them. */
export interface Logged {
  readonly kind:
    | "create"
    | "replace"
    | "swap"
    | "delete"
    | "read"
    | "move"
    | "copy";
  /** The file. */
  readonly path: string;
  /** The destination of a move or copy. */
  readonly target?: string;
  /** What was written; no two operations write the same. */
  readonly text?: string;
  /** What the file's version had to be. */
  readonly ifMatch?: string;
  /** The code of the error; `null` where it succeeded. */
  readonly code: string | null;
  /** What was read. */
  readonly found?: string;
  /** The version that was written or read. */
  readonly etag?: string;
  /** When it was called, and when it was over. */
  readonly start: number;
  readonly end: number;
}

interface File {
  readonly text: string;
  /** `null` where no one has seen it yet: a copy's answer does not tell. */
  readonly etag: string | null;
}

type State = ReadonlyMap<string, File>;

// What a clock of WebKit and Firefox is behind at most, in milliseconds; each tab's is by
// itself: both its origin and what has passed since are rounded down to one.
const CLOCK_STEP = 2;

function isBefore(a: Logged, b: Logged): boolean {
  return a.end + CLOCK_STEP <= b.start;
}

/** Returns how many operations of each tab can be explained; all of them, where an order exists. */
export function explain(
  one: readonly Logged[],
  two: readonly Logged[],
): {
  readonly explained: number;
  readonly last: readonly (Logged | undefined)[];
} {
  const seen = new Set<string>();
  const open: [number, number, State][] = [[0, 0, new Map()]];
  let explained = 0;
  let last: (Logged | undefined)[] = [];
  for (let at; (at = open.pop()) !== undefined;) {
    const [i, j, state] = at;
    if (i + j > explained) [explained, last] = [i + j, [one[i], two[j]]];
    if (i === one.length && j === two.length) break;
    const mark = `${i} ${j} ${JSON.stringify([...state].sort())}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    const a = one[i];
    const b = two[j];
    // What was over before another one began comes first.
    if (b !== undefined && !(a !== undefined && isBefore(a, b))) {
      const next = step(state, b);
      if (next !== null) open.push([i, j + 1, next]);
    }
    if (a !== undefined && !(b !== undefined && isBefore(b, a))) {
      const next = step(state, a);
      if (next !== null) open.push([i + 1, j, next]);
    }
  }
  return { explained, last };
}

/** Returns the state after an operation; `null` where its outcome cannot come of the state. */
function step(state: State, logged: Logged): State | null {
  const { kind, path, code, text = "", etag = null } = logged;
  const file = state.get(path);
  const is = (wanted: string | null) => code === wanted;
  const put = (at: string, value: File) => new Map(state).set(at, value);
  switch (kind) {
    case "read":
      if (file === undefined) return is("NotFound") ? state : null;
      if (code !== null || logged.found !== file.text) return null;
      if (file.etag !== null && etag !== file.etag) return null;
      return put(path, { text: file.text, etag });
    case "create":
      if (file !== undefined) return is("AlreadyExists") ? state : null;
      return is(null) ? put(path, { text, etag }) : null;
    case "replace":
      return is(null) ? put(path, { text, etag }) : null;
    case "swap": {
      const unknown = file !== undefined && file.etag === null;
      const matches = file !== undefined && file.etag === logged.ifMatch;
      if (is(null)) {
        return matches || unknown ? put(path, { text, etag }) : null;
      }
      return is("PreconditionFailed") && !matches ? state : null;
    }
    case "delete": {
      if (file === undefined) return is("NotFound") ? state : null;
      if (!is(null)) return null;
      const next = new Map(state);
      next.delete(path);
      return next;
    }
    case "move":
    case "copy": {
      const target = logged.target ?? "";
      // The kernel looks at the source, then at the destination, before the backend
      // does both at once: a refusal can be of two moments, a success cannot.
      if (is("AlreadyExists")) {
        return state.has(target) && path !== target ? state : null;
      }
      if (file === undefined) return is("NotFound") ? state : null;
      if (path === target) return is(null) ? state : null;
      if (state.has(target) || !is(null)) return null;
      if (kind === "copy") return put(target, { text: file.text, etag: null });
      const next = put(target, file);
      next.delete(path);
      return next;
    }
  }
}
