/**
 * One of the two who write: a store, and its calls, one after the other.
 *
 * @module
 */
import type { Exchange } from "../conformance/faults.ts";
import { type Call, GIVEN_UP, perform, type Plan } from "./faults_calls.ts";
import type { History } from "./faults_history.ts";
import type { Connection } from "./faults_world.ts";

/** A writer. */
export class Writer {
  /** Requests that were made while no call ran. */
  readonly orphans: Exchange[] = [];
  readonly connection: Connection;
  readonly #plans: readonly Plan[];
  readonly #callOf = new Map<Exchange, Call>();
  #current: Call | null = null;
  #idle = false;

  /** `connect` is given what is called with each request of the store. */
  constructor(
    plans: readonly Plan[],
    connect: (writer: Writer) => Connection,
  ) {
    this.#plans = plans;
    this.connection = connect(this);
  }

  /** The call that a request was made for; `null` where none ran. */
  callOf(exchange: Exchange): Call | null {
    return this.#callOf.get(exchange) ?? null;
  }

  /** Writes down a request. */
  onRequest(exchange: Exchange): void {
    const call = this.#current;
    if (call !== null) {
      this.#callOf.set(exchange, call);
      call.exchanges.push(exchange);
    } else if (this.#idle) this.orphans.push(exchange);
  }

  /** Makes the calls. */
  async run(history: History, calls: Call[]): Promise<void> {
    for (const plan of this.#plans) {
      this.connection.line.reseed(plan.seed);
      const call: Call = {
        plan,
        from: history.order,
        to: Infinity,
        match: matchOf(plan, history),
        exchanges: [],
        seen: null,
        error: null,
      };
      calls.push(call);
      this.#current = call;
      await this.#make(call);
      call.to = history.order;
      this.#current = null;
      this.#idle = true;
      // Whoever sends without a call does it now.
      await new Promise((resolve) => setTimeout(resolve, plan.seed % 50));
      this.#idle = false;
    }
  }

  async #make(call: Call): Promise<void> {
    const { giveUp } = call.plan;
    const stop = new AbortController();
    const timer = giveUp === null
      ? undefined
      : setTimeout(() => stop.abort(GIVEN_UP), giveUp);
    try {
      const signal = giveUp === null ? undefined : stop.signal;
      call.seen = await perform(call, this.connection.store, signal);
    } catch (error) {
      call.error = error;
    } finally {
      clearTimeout(timer);
    }
  }
}

// A version that is there, or one that was.
function matchOf(plan: Plan, history: History): string | null {
  if (plan.kind !== "write") return null;
  if (plan.mode !== "match" && plan.mode !== "stale") return null;
  const { path, mode } = plan;
  const version = mode === "match"
    ? history.now(path)
    : history.states(path, 0, history.order).find((at) => at !== null);
  return version?.etag ?? '"none"';
}
