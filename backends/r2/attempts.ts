// This module is browser compatible.
import type { Attempt } from "../../core/doubt.ts";
import { untilAborted } from "../../core/signal.ts";
import { delayAfter } from "../_http/retry.ts";
import { type Failure, judge } from "./failures.ts";
import type { Settings } from "./options.ts";

type Policy = Pick<Settings, "retry" | "timing">;

/**
 * Calls the binding for what changes nothing, until it answers. The binding takes no
 * signal: an abort ends the wait, and what is under way ends by itself.
 */
export async function look<T>(
  policy: Policy,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const answer = await repeat(policy, signal, run);
  if ("value" in answer) return answer.value;
  throw answer.failure.error;
}

/**
 * Calls the binding for a change, until it answers, and tells how it has ended. `null` is
 * R2's answer where the condition did not hold: `refusal` names it.
 */
export async function change<T>(
  policy: Policy,
  signal: AbortSignal | undefined,
  run: () => Promise<T | null>,
  refusal: () => Error,
): Promise<Attempt<T>> {
  const answer = await repeat(policy, signal, run);
  if ("value" in answer && answer.value !== null) {
    return { outcome: "done", value: answer.value };
  }
  // What is in the way may be what an earlier try has stored.
  const outcome = answer.doubtful ? "doubtful" : "refused";
  const error = "value" in answer ? refusal() : answer.failure.error;
  return { outcome, error };
}

type Answer<T> =
  & {
    /** Whether a try may have done its work without saying so. */
    readonly doubtful: boolean;
  }
  & ({ readonly value: T } | { readonly failure: Failure });

async function repeat<T>(
  { retry, timing }: Policy,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<Answer<T>> {
  const started = timing.now();
  let doubtful = false;
  for (let number = 1;; number++) {
    signal?.throwIfAborted();
    try {
      return { value: await untilAborted(run(), signal), doubtful };
    } catch (thrown) {
      signal?.throwIfAborted();
      const failure = judge(thrown);
      doubtful ||= failure.doubtful;
      const delay = failure.transient
        ? delayAfter(number, 0, started, retry, timing)
        : null;
      if (delay === null) return { failure, doubtful };
      await timing.sleep(delay, signal);
    }
  }
}
