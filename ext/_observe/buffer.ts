// This module is browser compatible.
import {
  asyncDispose,
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
} from "../../mod.ts";
import type { StoreEvent } from "./event.ts";

/** Options of {@linkcode BufferedObserver}. */
export interface BufferedObserverOptions {
  /**
   * How many events wait at most; further ones are dropped and counted.
   *
   * @default {1000}
   */
  readonly maxQueue?: number | undefined;
  /**
   * How long the first event waits before all are handed on, in milliseconds; 24 days at
   * most. `null` for no timer: a Worker calls `ctx.waitUntil(observer.flush())` instead.
   *
   * @default {5000}
   */
  readonly flushInterval?: number | null | undefined;
  /** Called with what the handler threw in a flush of the timer. */
  readonly onError?: ((error: unknown) => unknown) | undefined;
}

const KNOWN: KnownOptions<BufferedObserverOptions> = {
  maxQueue: "number",
  flushInterval: "number",
  onError: "function",
};

/** What a timer can count; beyond that it goes off at once. */
const LONGEST = 2 ** 31 - 1;

/** How long a flush waits for the one before it. */
const PATIENCE_MS = 5000;

/** Takes a batch of events. */
export type EventHandler = (events: readonly StoreEvent[]) => unknown;

/**
 * Collects events and hands them on in batches. One batch is under way at a time.
 *
 * @example Batches at the end of a request
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { BufferedObserver, observe } from "@remote-store/core/ext/observe";
 * import { assertEquals } from "@std/assert";
 *
 * const sent: string[] = [];
 * const observer = new BufferedObserver(
 *   (events) => sent.push(...events.map((event) => event.operation)),
 *   { flushInterval: null },
 * );
 * const store = observe(new Store({ backend: new MemoryBackend() }), {
 *   onAny: observer.onEvent,
 * });
 * await store.exists("a.txt");
 * // In a Worker: ctx.waitUntil(observer.flush())
 * await observer.flush();
 * assertEquals(sent, ["exists"]);
 * ```
 */
export class BufferedObserver implements AsyncDisposable {
  readonly #handler: EventHandler;
  readonly #maxQueue: number;
  readonly #interval: number | null;
  readonly #onError: ((error: unknown) => unknown) | undefined;
  #queue: StoreEvent[] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The flush under way; `null` where none is. */
  #flushing: Promise<void> | null = null;
  #closed = false;

  /** Creates an observer; starts no timer before the first event. */
  constructor(handler: EventHandler, options: BufferedObserverOptions = {}) {
    requireKnown("create a BufferedObserver", null, options, KNOWN);
    const { maxQueue = 1000, flushInterval = 5000, onError } = options;
    const why = !Number.isSafeInteger(maxQueue) || maxQueue < 1
      ? `maxQueue is ${maxQueue}, at least 1`
      : flushInterval !== null && !(flushInterval > 0)
      ? `flushInterval is ${flushInterval}, more than 0 or null`
      : null;
    if (why !== null) {
      throw new InvalidArgumentError(
        `Cannot create a BufferedObserver: ${why} is needed`,
      );
    }
    this.#handler = handler;
    this.#maxQueue = maxQueue;
    this.#interval = flushInterval;
    this.#onError = onError;
  }

  /** How many events were dropped: the queue was full, the observer closed, or the handler failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes an event: the hook to give to `observe`, as it stands. */
  readonly onEvent = (event: StoreEvent): void => {
    if (this.#closed || this.#queue.length >= this.#maxQueue) {
      this.#dropped++;
      return;
    }
    this.#queue.push(event);
    if (this.#interval !== null) this.#timer ??= this.#wait(this.#interval);
  };

  /**
   * Hands on what has been collected, and what comes while that is under way. Rejects
   * with what the handler threw; that batch is lost, and counted. Waits for a flush
   * before it, but not longer than 5 seconds.
   */
  flush(): Promise<void> {
    this.#stopTimer();
    const mine = this.#turn().then(() => this.#drain());
    const flushing = mine.catch(() => {}).then(() => {
      if (this.#flushing === flushing) this.#flushing = null;
    });
    this.#flushing = flushing;
    return mine;
  }

  // In Workers, a flush may end, unnoticed, with the request that has begun it.
  #turn(): Promise<unknown> {
    if (this.#flushing === null) return Promise.resolve();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    return Promise.race([this.#flushing, end])
      .finally(() => clearTimeout(timer));
  }

  /** Hands on the rest. Later events are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  /** Hands on the rest. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        await this.#handler(batch);
      } catch (error) {
        this.#dropped += batch.length;
        throw error;
      }
    }
    this.#stopTimer();
  }

  #wait(milliseconds: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#timer = null;
      this.flush().catch((error) => this.#onError?.(error))
        // Nobody is left to be told.
        .catch(() => {});
    }, Math.min(milliseconds, LONGEST));
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
