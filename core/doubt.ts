// This module is browser compatible.
import type { WriteCondition } from "./backend.ts";
import { BackendUnavailableError, isRemoteStoreError } from "./errors.ts";

/**
 * How the request that makes a change has ended. Doubt is a case of its own, so that no
 * caller can take it for a refusal by leaving out a question.
 */
export type Attempt<T> =
  | {
    /** The service says that it is made. */
    readonly outcome: "done";
    /** What its answer carried. */
    readonly value: T;
  }
  | {
    /** The service refuses it, and nothing that was sent can have made it. */
    readonly outcome: "refused";
    /** The refusal. */
    readonly error: Error;
  }
  | {
    /** Something that was sent may have made it, and its answer is lost. */
    readonly outcome: "doubtful";
    /** What the last try met: a refusal, or silence. */
    readonly error: Error;
  };

/** What a look at the store proves about a doubtful change. */
export type Verdict<T> =
  | {
    /** It is made, by evidence that nobody else can have left. */
    readonly verdict: "mine";
    /** What the answer would have carried. */
    readonly value: T;
  }
  | {
    /** It is not made, and what is on its way cannot make it any more. */
    readonly verdict: "not mine";
  }
  | {
    /** Neither can be shown. */
    readonly verdict: "unknown";
  };

/** The verdict of a look that shows nothing. */
export const UNKNOWN: Verdict<never> = { verdict: "unknown" };

/** The verdict of a look that shows that the change was not made. */
export const NOT_MINE: Verdict<never> = { verdict: "not mine" };

/** Returns the verdict of a look that shows that the change was made. */
export function mine<T>(value: T): Verdict<T> {
  return { verdict: "mine", value };
}

/**
 * Ends a change: done, refused, or in doubt. Only where an answer was lost does it look,
 * by `prove`: evidence is what was not so before and can be nobody else's work. A size, a
 * number of parts, a digest that is missing or a time that is not older are none. A look
 * that fails shows nothing.
 *
 * @throws The refusal, where nothing was changed; an error that is `inDoubt`, where
 * nobody can tell; the signal's reason, if the look is given up.
 */
export async function settle<T>(
  attempt: Attempt<T>,
  prove: (() => Promise<Verdict<T>>) | null,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (attempt.outcome === "done") return attempt.value;
  if (attempt.outcome === "refused") throw attempt.error;
  const found = prove === null ? UNKNOWN : await look(prove, signal);
  if (found.verdict === "mine") return found.value;
  throw found.verdict === "unknown" ? inDoubt(attempt.error) : attempt.error;
}

async function look<T>(
  prove: () => Promise<Verdict<T>>,
  signal: AbortSignal | undefined,
): Promise<Verdict<T>> {
  try {
    return await prove();
  } catch {
    signal?.throwIfAborted();
    return UNKNOWN;
  }
}

/** Returns the error for a change of which nobody can tell whether it was made. */
export function inDoubt(cause: unknown): BackendUnavailableError {
  return new BackendUnavailableError(
    "the answer was lost, so the change may have been made",
    { cause, inDoubt: true },
  );
}

/** Returns whether an error says that nobody can tell whether the change was made. */
export function isInDoubt(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "BackendUnavailable" &&
    error.inDoubt;
}

/**
 * Returns what a file of exactly the bytes that were sent proves: that they are there, and
 * not who has put them. For a create that is enough, as both want the same; a version that
 * replaces another one may be made twice from it.
 */
export async function byContent<T>(
  condition: WriteCondition,
  find: () => Promise<T | null>,
): Promise<Verdict<T>> {
  if (condition.overwrite || condition.ifMatch !== null) return UNKNOWN;
  const found = await find();
  return found === null ? UNKNOWN : mine(found);
}

/** How exact the times of services are: HTTP dates have no fractions. */
const EXACTNESS_MS = 2000;

/**
 * Returns whether a version is older than a call, by the service's own clock: what the
 * call has sent cannot have made it, nor stood before it. `false` where a time is unknown.
 *
 * @param lastModified When the version was made.
 * @param answered The `Date` of the answer that told it.
 * @param elapsed How many milliseconds before that answer the call began.
 */
export function isOlder(
  lastModified: number | null,
  answered: number | null,
  elapsed: number,
): boolean {
  // A device whose clock is set back meanwhile does not know when the call began.
  return lastModified !== null && answered !== null && elapsed >= 0 &&
    lastModified < answered - elapsed - EXACTNESS_MS;
}
