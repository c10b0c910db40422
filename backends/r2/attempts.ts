// This module is browser compatible.
import { untilAborted } from "../../core/signal.ts";
import { delayAfter } from "../_http/retry.ts";
import { inDoubt, judge } from "./failures.ts";
import type { Settings } from "./options.ts";

/** What came of a call that was repeated as often as it had to be. */
export interface Attempted<T> {
  /** The last answer. */
  readonly value: T;
  /** Whether an attempt before it may have done its work: a refusal then proves nothing. */
  readonly doubtful: boolean;
}

/** What a call does: one that changes something may have done so although it failed. */
export type Effect = "look" | "change";

/**
 * Calls the binding until it answers. The binding takes no signal: an abort ends the
 * wait, and what is under way ends by itself.
 *
 * @throws {BackendUnavailableError} Saying so, if it is not known whether the change was made.
 */
export async function attempt<T>(
  { retry, timing }: Pick<Settings, "retry" | "timing">,
  effect: Effect,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<Attempted<T>> {
  const started = timing.now();
  let doubtful = false;
  for (let number = 1;; number++) {
    signal?.throwIfAborted();
    try {
      return { value: await untilAborted(run(), signal), doubtful };
    } catch (thrown) {
      signal?.throwIfAborted();
      const failure = judge(thrown);
      doubtful ||= effect === "change" && failure.doubtful;
      const delay = failure.transient
        ? delayAfter(number, null, started, retry, timing)
        : null;
      if (delay === null) {
        throw doubtful ? inDoubt(failure.error) : failure.error;
      }
      await timing.sleep(delay, signal);
    }
  }
}

/** Calls the binding for what changes nothing, and returns the answer. */
export async function look<T>(
  settings: Settings,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  return (await attempt(settings, "look", signal, run)).value;
}
