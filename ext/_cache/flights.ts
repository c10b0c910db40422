// This module is browser compatible.

/** What is awaited where there is something to wait for. */
type Done = Promise<unknown> | null | void;

/**
 * Puts a result into the cache, if it may go there; at once, where the cache can. What
 * puts it does not fail.
 */
export type Keep = (put: () => Done) => Done;

/** Asks for what several wait for. Without a signal where nothing will end it. */
export type Asking<T> = (
  signal: AbortSignal | undefined,
  keep: Keep,
) => Promise<T>;

/** In Workers, what a request has begun may end with it, and never settle. */
const PATIENCE_MS = 5000;

/** What a wait that is given up rejects with. */
const LATE = {};

/** What answers hang on and changes touch: a path, all listings, or everything. */
interface Topic {
  /** How many requests are under way; at none it is forgotten. */
  requests: number;
  /** How often a change has ended meanwhile, or dropped what the cache had. */
  changes: number;
  /** Results on their way into the cache; `null` where none has been. */
  keeping: Set<Promise<unknown>> | null;
}

interface Flight {
  /** Ends it; `null` where who has begun it never leaves. */
  readonly stop: AbortController | null;
  readonly topics: readonly Topic[];
  /** How many changes had ended when it began. */
  readonly changes: number;
  result?: Promise<unknown>;
  waiters: number;
  running: boolean;
}

/**
 * Who is asking for what, and who is changing what. Callers that ask for the same at the
 * same time share one request; what was asked for before a change has ended is neither
 * put into the cache after it nor given to those who ask after it. A change is counted on
 * its topics and looks at no request, so that it costs the same however many there are.
 */
export class Flights {
  /** Those that a caller may still join. */
  readonly #open = new Map<unknown, Flight>();
  readonly #topics = new Map<string, Topic>();

  /**
   * Asks by `work`, or waits for who asks already, by the same id. Each caller leaves by
   * its own signal. The answer hangs on `topics`.
   */
  join<T>(
    id: unknown,
    topics: readonly string[],
    signal: AbortSignal | undefined,
    work: Asking<T>,
  ): Promise<T> {
    let known = this.#open.get(id);
    // What a change has touched since may be older than it.
    if (known?.changes !== changesOf(known?.topics)) known = undefined;
    if (known || signal) return this.#wait(id, topics, signal, work, known);
    // Who has begun it and has no signal stays, and waits for nothing else.
    const flight = this.#begin(id, topics, work, null);
    flight.waiters++;
    return flight.result as Promise<T>;
  }

  async #wait<T>(
    id: unknown,
    topics: readonly string[],
    signal: AbortSignal | undefined,
    work: Asking<T>,
    known: Flight | undefined,
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = known ??
      this.#begin(id, topics, work, new AbortController());
    flight.waiters++;
    let leave = (): void => {};
    let answer = flight.result as Promise<T>;
    if (signal) {
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal.reason);
        signal.addEventListener("abort", leave);
      });
      answer = Promise.race([answer, left]);
    }
    try {
      return await (known ? patiently(answer) : answer);
    } catch (error) {
      if (error !== LATE) throw error;
      // Whoever has begun it is gone, or slow.
      this.#shut(id, flight);
    } finally {
      signal?.removeEventListener("abort", leave);
      if (--flight.waiters === 0 && flight.running) {
        this.#shut(id, flight);
        try {
          flight.stop?.abort(signal?.reason);
        } catch {
          // Workers let no request end what another one has begun.
        }
      }
    }
    return await this.join(id, topics, signal, work);
  }

  /** Runs a change, then `invalidate`, whether it succeeded or not: a failure may hide a success. */
  async change<T>(
    topics: readonly string[],
    work: () => Promise<T>,
    invalidate: () => void | Promise<void>,
  ): Promise<T> {
    try {
      return await work();
    } finally {
      // What is on its way into the cache has to arrive before it is dropped there.
      const keeping = this.#touch(topics);
      if (keeping.length > 0) {
        await patiently(Promise.all(keeping)).catch(() => {});
      }
      await invalidate();
      // Who began meanwhile may have found what was still there.
      this.#touch(topics);
    }
  }

  /** Counts a change, and returns the results that are on their way. */
  #touch(names: readonly string[]): Promise<unknown>[] {
    return names.flatMap((name) => {
      const topic = this.#topics.get(name);
      if (topic === undefined) return [];
      topic.changes++;
      return topic.keeping === null ? [] : [...topic.keeping];
    });
  }

  #begin<T>(
    id: unknown,
    names: readonly string[],
    work: Asking<T>,
    stop: AbortController | null,
  ): Flight {
    const topics = names.map((name) => {
      const topic = this.#topics.get(name) ??
        { requests: 0, changes: 0, keeping: null };
      this.#topics.set(name, topic);
      topic.requests++;
      return topic;
    });
    const changes = changesOf(topics);
    const flight: Flight = {
      stop,
      topics,
      changes,
      waiters: 0,
      running: true,
    };
    this.#open.set(id, flight);
    const keep: Keep = (put) => {
      // The result may be older than what has changed since.
      if (changesOf(topics) !== changes) return;
      const kept = put();
      // A function that returns nothing may return anything.
      if (!kept?.then) return;
      for (const topic of topics) (topic.keeping ??= new Set()).add(kept);
      return kept.then(() => {
        for (const topic of topics) topic.keeping?.delete(kept);
      });
    };
    flight.result = work(stop?.signal, keep).finally(() => {
      flight.running = false;
      this.#shut(id, flight);
      for (const name of names) {
        const topic = this.#topics.get(name);
        if (topic && --topic.requests === 0) this.#topics.delete(name);
      }
    });
    // Told to those who wait; they may all have left.
    flight.result.then(undefined, ignore);
    return flight;
  }

  #shut(id: unknown, flight: Flight): void {
    if (this.#open.get(id) === flight) this.#open.delete(id);
  }
}

function ignore(): void {}

/** Waits for work, but not for ever: then it rejects with `LATE`. */
async function patiently<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    // A process stays for this timer, as it would not for that of AbortSignal.timeout.
    timer = setTimeout(() => reject(LATE), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function changesOf(topics: readonly Topic[] = []): number {
  return topics.reduce((total, { changes }) => total + changes, 0);
}
