/**
 * Time that passes only when nothing else is left to do, so that a schedule with hours of
 * waiting takes milliseconds, and the same schedule happens the same way again.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import { seeded } from "../conformance/faults.ts";

/** What is to happen at a time. */
interface Event {
  readonly at: number;
  readonly id: number;
  readonly run: () => void;
}

/** When a schedule begins. */
const START = Date.UTC(2026, 10, 30);

/** How many turns without an event a call may take before it is looked at by the real clock. */
const PATIENT_TURNS = 50;

/** How long a call may do nothing at all, in milliseconds of the real clock. */
const STUCK_MS = 3000;

const realSetTimeout = setTimeout;
const realNow = Date.now;

/** Waits until the engine has nothing to do at once. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The clock, the timers and the dice of one schedule. */
export class VirtualTime {
  /** The time, in milliseconds since 1970. */
  now = START;
  #events: Event[] = [];
  #ids = 0;
  readonly #random: (limit: number) => number;

  /** `seed` is for what asks for random numbers: waits, and names of uploads. */
  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** Takes the place of clock, timers and dice, until what it returns is called. */
  install(): () => void {
    const saved = {
      setTimeout: globalThis.setTimeout,
      clearTimeout: globalThis.clearTimeout,
      Date: globalThis.Date,
      random: Math.random,
      timeout: AbortSignal.timeout,
      uuid: crypto.randomUUID,
      bytes: crypto.getRandomValues,
      digest: crypto.subtle.digest,
    };
    Object.assign(globalThis, {
      setTimeout: (run: () => void, delay = 0) => this.#add(run, delay),
      clearTimeout: (id: number | undefined) => this.#remove(id),
      Date: this.#date(),
    });
    Math.random = () => this.#random(2 ** 30) / 2 ** 30;
    crypto.randomUUID = () => this.#uuid();
    crypto.getRandomValues = (array) => {
      if (array instanceof Uint8Array) {
        array.forEach((_, at) => array[at] = this.#random(256));
      }
      return array;
    };
    AbortSignal.timeout = (delay) => {
      const stop = new AbortController();
      const late = () =>
        stop.abort(new DOMException("it took too long", "TimeoutError"));
      this.#add(late, delay);
      return stop.signal;
    };
    // The engine's own goes through threads, which answer in any order.
    crypto.subtle.digest = digest;
    return () => {
      const { setTimeout, clearTimeout, Date } = saved;
      Object.assign(globalThis, { setTimeout, clearTimeout, Date });
      Math.random = saved.random;
      crypto.randomUUID = saved.uuid;
      crypto.getRandomValues = saved.bytes;
      AbortSignal.timeout = saved.timeout;
      crypto.subtle.digest = saved.digest;
    };
  }

  /**
   * Lets time pass until `work` has settled. `turns` is how many turns of the engine a
   * moment has, for work that the engine itself puts off.
   */
  async run<T>(work: Promise<T>, turns: number): Promise<T> {
    let settled = false;
    const end = () => void (settled = true);
    work.then(end, end);
    let idle = 0;
    let since = 0;
    while (!settled) {
      for (let i = 0; i < turns && !settled; i++) await turn();
      if (settled) break;
      const event = this.#events.shift();
      if (event !== undefined) {
        this.now = Math.max(this.now, event.at);
        event.run();
        idle = 0;
      } else if (++idle > PATIENT_TURNS) {
        if (idle === PATIENT_TURNS + 1) since = realNow();
        if (realNow() - since > STUCK_MS) throw new Error("nothing happens");
        await new Promise((resolve) => realSetTimeout(resolve, 1));
      }
    }
    return await work;
  }

  #add(run: () => void, delay: number): number {
    const at = this.now + Math.max(0, Number(delay) || 0);
    const id = ++this.#ids;
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > at) place--;
    this.#events.splice(place, 0, { at, id, run });
    return id;
  }

  #remove(id: number | undefined): void {
    const place = this.#events.findIndex((event) => event.id === id);
    if (place >= 0) this.#events.splice(place, 1);
  }

  #date(): DateConstructor {
    const now = () => this.now;
    return class extends Date {
      constructor(...parts: [] | [number]) {
        super(...(parts.length === 0 ? [now()] as [number] : parts));
      }
      static override now = now;
    } as DateConstructor;
  }

  #uuid(): ReturnType<typeof crypto.randomUUID> {
    const digits = Array.from(
      { length: 32 },
      () => this.#random(16).toString(16),
    ).join("");
    const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(digits) ?? [];
    const [, a = "", b = "", c = "", d = "", e = ""] = parts;
    return `${a}-${b}-${c}-${d}-${e}`;
  }
}

function digest(
  algorithm: AlgorithmIdentifier,
  data: BufferSource,
): Promise<ArrayBuffer> {
  const name = typeof algorithm === "string" ? algorithm : algorithm.name;
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  const hash = createHash(name.replace("-", "").toLowerCase()).update(bytes);
  return Promise.resolve(new Uint8Array(hash.digest()).buffer);
}
