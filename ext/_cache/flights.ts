// This module is browser compatible.
import type { CacheKey } from "./backend.ts";

/** Says whether a change may have changed the answer that a key stands for. */
export type Touches = (key: CacheKey) => boolean;

/** Puts a result into the cache, if it may go there. */
export type Keep = (put: () => void | Promise<void>) => Promise<void>;

/** In Workers, what a request has begun may end with it, and never settle. */
const PATIENCE_MS = 5000;

/** What a wait that is given up rejects with. */
const LATE = {};

interface Flight {
  readonly key: CacheKey;
  readonly stop: AbortController;
  result?: Promise<unknown>;
  waiters: number;
  /** False as soon as a change has begun since: the result may be older than it. */
  current: boolean;
  /** The result on its way into the cache. */
  keeping?: Promise<void>;
}

/**
 * Who is asking for what, and who is changing what. Callers that ask for the same at the
 * same time share one request; what was asked for before a change has ended is neither
 * put into the cache after it nor given to those who ask after it.
 */
export class Flights {
  /** Those that a caller may still join. */
  readonly #open = new Map<string, Flight>();
  readonly #running = new Set<Flight>();
  readonly #changes = new Set<Touches>();

  /** Asks by `work`, or waits for who asks already. Each caller leaves by its own signal. */
  async join<T>(
    key: CacheKey,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal, keep: Keep) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const id = JSON.stringify(key);
    const known = this.#open.get(id);
    const flight = known ?? this.#begin(id, key, work);
    flight.waiters++;
    let leave = (): void => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason);
      signal?.addEventListener("abort", leave);
      // A process stays for this timer, as it would not for that of AbortSignal.timeout.
      if (known) timer = setTimeout(() => reject(LATE), PATIENCE_MS);
    });
    try {
      return await Promise.race([flight.result as Promise<T>, left]);
    } catch (error) {
      if (error !== LATE) throw error;
      // Whoever has begun it is gone, or slow.
      this.#shut(id, flight);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
      if (--flight.waiters === 0 && this.#running.has(flight)) {
        this.#shut(id, flight);
        try {
          flight.stop.abort(signal?.reason);
        } catch {
          // Workers let no request end what another one has begun.
        }
      }
    }
    return await this.join(key, signal, work);
  }

  /** Runs a change, then `invalidate`, whether it succeeded or not: a failure may hide a success. */
  async change<T>(
    touches: Touches,
    work: () => Promise<T>,
    invalidate: () => void | Promise<void>,
  ): Promise<T> {
    this.#changes.add(touches);
    for (const flight of this.#touched(touches)) flight.current = false;
    try {
      return await work();
    } finally {
      // What is on its way into the cache has to arrive before it is dropped there.
      const keeping = this.#touched(touches).flatMap((one) =>
        one.keeping ?? []
      );
      if (keeping.length > 0) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise((resolve) => {
          timer = setTimeout(resolve, PATIENCE_MS);
        });
        await Promise.race([Promise.all(keeping), late])
          .finally(() => clearTimeout(timer));
      }
      await invalidate();
      this.#changes.delete(touches);
      for (const [id, { key }] of this.#open) {
        if (touches(key)) this.#open.delete(id);
      }
    }
  }

  #begin<T>(
    id: string,
    key: CacheKey,
    work: (signal: AbortSignal, keep: Keep) => Promise<T>,
  ): Flight {
    const changing = [...this.#changes].some((touches) => touches(key));
    const flight: Flight = {
      key,
      stop: new AbortController(),
      waiters: 0,
      current: !changing,
    };
    this.#open.set(id, flight);
    this.#running.add(flight);
    const keep: Keep = async (put) => {
      if (!flight.current) return;
      // A cache that fails costs a request the next time, and nothing now.
      flight.keeping = Promise.resolve().then(put).catch(() => {});
      await flight.keeping;
    };
    flight.result = work(flight.stop.signal, keep).finally(() => {
      this.#running.delete(flight);
      this.#shut(id, flight);
    });
    // Told to those who wait; they may all have left.
    flight.result.catch(() => {});
    return flight;
  }

  #shut(id: string, flight: Flight): void {
    if (this.#open.get(id) === flight) this.#open.delete(id);
  }

  #touched(touches: Touches): Flight[] {
    return [...this.#running].filter(({ key }) => touches(key));
  }
}
