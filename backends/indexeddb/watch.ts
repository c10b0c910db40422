// This module is browser compatible.

/** How often a connection looks at what does not end. */
const TICK_MS = 1000;

/** How many looks a transaction may take to end whose last request is answered. */
export const SETTLING_TICKS = 30;

/** How many after a request has failed: nothing is left to be done then. */
export const FAILING_TICKS = 5;

/** A transaction that somebody waits for. */
export class Wait {
  /** Ends the wait with an error. */
  readonly end: (reason: unknown) => void;
  /** How many looks are left; without an end as long as the engine may be at work. */
  ticks = Infinity;
  /** Whether the engine has let it hang. */
  isStuck = false;

  constructor(end: (reason: unknown) => void) {
    this.end = end;
  }
}

/**
 * What runs on one connection, by one listener and one timer for all: the engines'
 * time for another listener grows with how many there are.
 */
export class Watch {
  readonly #waits = new Set<Wait>();
  readonly #tickMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(db: EventTarget, tickMs: number) {
    this.#tickMs = tickMs;
    // Where a site's data is cleared, Chromium tells the connection and can forget
    // what runs on it.
    db.addEventListener("close", () => {
      for (const wait of this.#waits) {
        wait.end(new DOMException("", "AbortError"));
      }
    });
  }

  /** Waits for a transaction, until {@linkcode remove}. */
  add(wait: Wait): void {
    this.#waits.add(wait);
  }

  /** Gives a transaction no more than some looks to end. */
  limit(wait: Wait, ticks: number): void {
    if (!this.#waits.has(wait)) return;
    wait.ticks = Math.min(wait.ticks, ticks);
    // Looks and not a time: a page that was frozen meanwhile has not heard yet what
    // the engine has long told.
    this.#timer ??= setInterval(() => this.#look(), this.#tickMs);
  }

  /** Waits no longer for a transaction. */
  remove(wait: Wait): void {
    this.#waits.delete(wait);
    if (this.#waits.size > 0 || this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const wait of this.#waits) {
      if (--wait.ticks > 0) continue;
      wait.isStuck = true;
      wait.end(new DOMException("", "TimeoutError"));
    }
  }
}

const watches = new WeakMap<object, Watch>();

/** Returns the watch of a connection, the same each time. */
export function watchOf(db: EventTarget, tickMs: number = TICK_MS): Watch {
  let watch = watches.get(db);
  if (watch === undefined) watches.set(db, watch = new Watch(db, tickMs));
  return watch;
}
