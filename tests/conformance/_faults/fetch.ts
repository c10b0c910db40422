import { type Cut, watched } from "./bodies.ts";
import { type Course, Exchange, type Fault, type Send } from "./exchange.ts";
import { seeded } from "./random.ts";

/** Options of {@linkcode FaultyFetch}. */
export interface FaultyFetchOptions {
  /** What sends, and answers where nothing goes wrong. */
  readonly fetch: Send;
  /** What can go wrong. */
  readonly faults: readonly Fault[];
  /** The same seed gives the same faults to the same requests. */
  readonly seed: number;
  /**
   * The share of requests that meet a fault, from 0 to 1.
   *
   * @default {0.15}
   */
  readonly rate?: number | undefined;
  /**
   * Decides in place of the dice what a request meets; `null` for nothing. The fault
   * that it names need not be one of `faults`.
   */
  readonly choose?: ((exchange: Exchange) => Fault | null) | undefined;
  /**
   * The longest wait before a request is sent, and before its answer is given, in
   * milliseconds. Drawn for each; with 0 nobody waits.
   *
   * @default {0}
   */
  readonly latency?: number | undefined;
  /** Called with each request as it is made, before anything happens to it. */
  readonly onRequest?: ((exchange: Exchange) => void) | undefined;
}

/** Dice have this many sides. */
const SIDES = 1_000_000;

/** A request that is to arrive later. */
interface Late {
  readonly run: () => Promise<void>;
  left: number;
}

/**
 * A `fetch` on which requests and answers get lost, late, cut and wrong. Its log says what
 * was done, so that a test knows what may be true.
 */
export class FaultyFetch implements AsyncDisposable {
  /** All requests, in the order in which they were made. */
  readonly log: Exchange[] = [];
  /** How many answers have a body that was neither read to its end nor canceled. */
  get openBodies(): number {
    return this.#open.size;
  }
  /** How many requests are on their way, those among them that nobody waits for any more. */
  get pending(): number {
    return this.#travels.size + this.#late.length;
  }

  /** The share of requests that meet a fault from now on. */
  rate: number;
  readonly #options: FaultyFetchOptions;
  readonly #open = new Set<Exchange>();
  readonly #travels = new Map<Exchange, Promise<Response>>();
  #late: Late[] = [];
  #random: (limit: number) => number;

  /** Creates it; sends nothing. */
  constructor(options: FaultyFetchOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
    this.rate = options.rate ?? 0.15;
  }

  /** Starts the dice anew, so that what follows does not depend on what was before. */
  reseed(seed: number): void {
    this.#random = seeded(seed);
  }

  /** The exchanges whose answer is still held by somebody. */
  holding(): readonly Exchange[] {
    return [...this.#open];
  }

  /** Sends, as `fetch` does, what the faults leave of it. Fits into the option `fetch` of a backend. */
  readonly fetch = async (
    url: string | URL,
    init: RequestInit = {},
  ): Promise<Response> => {
    const { signal = null } = init;
    signal?.throwIfAborted();
    const exchange = new Exchange(this.log.length, String(url), init);
    this.log.push(exchange);
    this.#options.onRequest?.(exchange);
    const fault = this.#choose(exchange);
    exchange.fault = fault;
    try {
      const answer = this.#travel(this.#course(exchange, init), fault);
      this.#travels.set(exchange, answer);
      const response = await untilAborted(answer, signal);
      exchange.told = response.status;
      return response;
    } catch (error) {
      exchange.told = "nothing";
      throw error;
    }
  };

  /**
   * Has arrive what is still to arrive, and waits for what its caller has given up.
   * Resolves when no request is left.
   */
  async settle(): Promise<void> {
    while (this.#travels.size > 0 || this.#late.length > 0) {
      await Promise.allSettled(this.#travels.values());
      await this.#late.shift()?.run();
    }
  }

  /** The same as {@linkcode FaultyFetch.settle}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle();
  }

  /** Returns the log as text, a line for each request. */
  toString(): string {
    return this.log.join("\n");
  }

  #choose(exchange: Exchange): Fault | null {
    const { choose, faults } = this.#options;
    if (choose !== undefined) return choose(exchange);
    // The same number of throws for each request, whatever becomes of it.
    const hit = this.#random(SIDES) < this.rate * SIDES;
    const drawn = this.#random(SIDES);
    if (!hit) return null;
    const fitting = faults.filter((fault) => fault.fits?.(exchange) ?? true);
    const weights = fitting.map((fault) => fault.weight ?? 1);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    let left = drawn / SIDES * all;
    return fitting.find((_, at) => (left -= weights[at] ?? 0) < 0) ?? null;
  }

  async #travel(course: Course, fault: Fault | null): Promise<Response> {
    const { exchange } = course;
    try {
      await this.#wait();
      const response = await (fault?.happen(course) ?? course.send());
      await this.#wait();
      return response;
    } finally {
      if (exchange.reach === "underway") exchange.reach = "never";
      this.#travels.delete(exchange);
    }
  }

  #wait(): Promise<void> | undefined {
    const { latency = 0 } = this.#options;
    if (latency === 0) return undefined;
    const delay = this.#random(latency + 1);
    return new Promise((resolve) => setTimeout(resolve, delay));
  }

  #course(exchange: Exchange, init: RequestInit): Course {
    let sent = false;
    const begin = () => {
      if (sent) throw new Error(`${exchange} is sent a second time`);
      sent = true;
    };
    return {
      exchange,
      random: (limit) => this.#random(limit),
      send: async () => {
        begin();
        // Who has given up sends nothing more.
        init.signal?.throwIfAborted();
        const response = await this.#arrive(exchange, init);
        return this.#watch(exchange, response, null);
      },
      sendLater: (left) => {
        begin();
        exchange.reach = "later";
        const { signal: _, ...rest } = init;
        const run = async () => {
          const response = await this.#arrive(exchange, rest).catch(() => null);
          await response?.body?.cancel();
        };
        this.#late.push({ left, run });
      },
      cut: (response, at, silently) => {
        this.#open.delete(exchange);
        return this.#watch(exchange, response, { at, silently });
      },
    };
  }

  async #arrive(exchange: Exchange, init: RequestInit): Promise<Response> {
    exchange.reach = "arrived";
    const { body } = exchange;
    const url = exchange.url.href;
    const response = await this.#options.fetch(
      url,
      { ...init, body },
      exchange,
    );
    exchange.served = response.status;
    await this.#releaseLate();
    return response;
  }

  // What waits for this one to arrive; what arrives thereby counts for nobody.
  async #releaseLate(): Promise<void> {
    const due = this.#late.filter((late) => --late.left === 0);
    this.#late = this.#late.filter(({ left }) => left > 0);
    for (const { run } of due) await run();
  }

  #watch(exchange: Exchange, response: Response, cut: Cut | null): Response {
    this.#open.add(exchange);
    return watched(response, cut, () => this.#open.delete(exchange));
  }
}

/** Gives up waiting for an answer when the signal is aborted, as `fetch` does. */
async function untilAborted(
  answer: Promise<Response>,
  signal: AbortSignal | null,
): Promise<Response> {
  if (signal === null) return await answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([answer, promise]);
  } catch (error) {
    // Nobody takes an answer that comes after all.
    answer.then(({ body }) => body?.cancel(), () => {}).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
