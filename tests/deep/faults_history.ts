/**
 * What happened to the files of a service, one change after the other: the truth that calls
 * are measured by.
 *
 * @module
 */
import type { Exchange } from "../conformance/faults.ts";
import type { Call } from "./faults_calls.ts";

/** What a service holds at a key. */
export interface Held {
  readonly etag: string | null;
  readonly bytes: Uint8Array;
  /** The service's own object, another one for each version. */
  readonly token: object;
}

/** A file as it was from one change to the next. */
export interface Version extends Held {
  /** The change that made it. */
  readonly order: number;
  /** The call that made it; `null` for what was there, or a rival's. */
  readonly by: Call | null;
}

/** A change of one key. */
export interface Effect {
  /** Its place among all changes, from 1. */
  readonly order: number;
  readonly key: string;
  readonly before: Version | null;
  readonly after: Version | null;
  /** The call whose request did it; `null` for a rival. */
  readonly call: Call | null;
  readonly exchange: Exchange | null;
}

/** All changes, in their order. */
export class History {
  readonly effects: Effect[] = [];
  readonly #current = new Map<string, Version>();
  readonly #byKey = new Map<string, Effect[]>();
  readonly #look: () => Iterable<readonly [string, Held]>;

  /** `look` returns what the service holds now. */
  constructor(look: () => Iterable<readonly [string, Held]>) {
    this.#look = look;
    this.record(null, null);
  }

  /** The place of the last change. */
  get order(): number {
    return this.effects.length;
  }

  /** Returns what stands at a key now. */
  now(key: string): Version | null {
    return this.#current.get(key) ?? null;
  }

  /** The keys at which something stands now. */
  keys(): string[] {
    return [...this.#current.keys()];
  }

  /** All keys at which something ever stood. */
  everKeys(): string[] {
    return [...this.#byKey.keys()];
  }

  /** Compares what the service holds with what it held, and writes down what changed. */
  record(call: Call | null, exchange: Exchange | null): void {
    const seen = new Set<string>();
    const gone: string[] = [];
    for (const [key, held] of this.#look()) {
      seen.add(key);
      const before = this.#current.get(key) ?? null;
      if (before?.token !== held.token) {
        this.#add(key, before, held, call, exchange);
      }
    }
    for (const key of this.#current.keys()) if (!seen.has(key)) gone.push(key);
    for (const key of gone) {
      this.#add(key, this.now(key), null, call, exchange);
    }
  }

  /** Returns every state of a key from a change on to another one, the first being what was there. */
  states(key: string, from: number, to: number): (Version | null)[] {
    const found: (Version | null)[] = [];
    let at: Version | null = null;
    for (const { order, after } of this.#byKey.get(key) ?? []) {
      if (order > to) break;
      if (order > from) found.push(after);
      else at = after;
    }
    return [at, ...found];
  }

  /** The changes that a call has made. */
  of(call: Call): Effect[] {
    return this.effects.filter((effect) => effect.call === call);
  }

  #add(
    key: string,
    before: Version | null,
    held: Held | null,
    call: Call | null,
    exchange: Exchange | null,
  ): void {
    const order = this.effects.length + 1;
    const after = held === null ? null : { ...held, order, by: call };
    const effect = { order, key, before, after, call, exchange };
    this.effects.push(effect);
    const own = this.#byKey.get(key);
    if (own === undefined) this.#byKey.set(key, [effect]);
    else own.push(effect);
    if (after === null) this.#current.delete(key);
    else this.#current.set(key, after);
  }
}

/** Returns whether two contents are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.byteLength !== b.byteLength) return false;
  if (a.byteLength <= LONG) return a.every((byte, at) => byte === b[at]);
  // Long ones differ at their ends, and where parts of two are mixed.
  for (let at = EDGE; at < a.byteLength; at += STRIDE) {
    if (a[at] !== b[at]) return false;
  }
  return sameBytes(a.subarray(0, EDGE), b.subarray(0, EDGE)) &&
    sameBytes(a.subarray(-EDGE), b.subarray(-EDGE));
}

const LONG = 4096;
const EDGE = 64;
const STRIDE = 4096;

/** Returns a content as a short text. */
export function labelOf(bytes: Uint8Array | null | undefined): string {
  if (!bytes) return "nothing";
  const text = new TextDecoder().decode(bytes.subarray(0, 16));
  const long = bytes.byteLength > 16 ? `…${bytes.byteLength}` : "";
  return JSON.stringify(text + long);
}
