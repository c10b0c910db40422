// This module is browser compatible.
import type { NodeRow, Span } from "./records.ts";

/** What records are asked for by. */
export interface Asking {
  /** Returns a record; `undefined` where there is none. */
  get(key: IDBValidKey): Promise<unknown>;
  /** Returns the records of a span, in the order of their keys. */
  getAll(span: Span, limit: number): Promise<unknown[]>;
}

/** A record that is asked for, once however many want it. */
class Wanted {
  resolve: (found: unknown) => void = () => {};
  reject: (reason: unknown) => void = () => {};
  readonly found = new Promise<unknown>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** From how many nodes of one depth on they are asked for together. */
const MANY = 16;

/**
 * The nodes that the reads of one transaction begin with. Engines take longer for a
 * request than for a row: many nodes that stand near each other are asked for by one.
 */
export class GatheredNodes {
  readonly #asking: Asking;
  readonly #levels = new Map<number, Map<string, Wanted>>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** Notes that a record is wanted; `null` where it is no node, and to be asked for alone. */
  want(key: IDBValidKey): Promise<unknown> | null {
    if (!Array.isArray(key)) return null;
    const [level, name] = key;
    // The records of bytes have texts there, leases a 0.
    if (typeof level !== "number" || level < 1) return null;
    if (typeof name !== "string") return null;
    let names = this.#levels.get(level);
    if (names === undefined) this.#levels.set(level, names = new Map());
    let wanted = names.get(name);
    if (wanted === undefined) names.set(name, wanted = new Wanted());
    return wanted.found;
  }

  /** Asks for what is wanted. */
  ask(): void {
    for (const [level, names] of this.#levels) {
      if (names.size < MANY) this.#askEach(level, names);
      else this.#askTogether(level, names);
    }
  }

  #askEach(level: number, names: Iterable<[string, Wanted]>): void {
    for (const [name, { resolve, reject }] of names) {
      this.#asking.get([level, name]).then(resolve, reject);
    }
  }

  async #askTogether(
    level: number,
    names: Map<string, Wanted>,
  ): Promise<void> {
    try {
      // In the order of code units, which is IndexedDB's.
      const sorted = Array.from(names.keys()).sort();
      const limit = 2 * sorted.length;
      const rows = await this.#asking.getAll({
        lower: [level, sorted[0] ?? ""],
        upper: [level, sorted.at(-1) ?? ""],
      }, limit) as NodeRow[];
      const found = new Map(rows.map((row) => [row[0], row]));
      // Beyond the last one that was told, nothing is known.
      const end = rows.length < limit ? null : rows.at(-1)?.[0] ?? null;
      const open: [string, Wanted][] = [];
      for (const one of names) {
        const [name, { resolve }] = one;
        if (end === null || name <= end) resolve(found.get(name));
        else open.push(one);
      }
      this.#askEach(level, open);
    } catch (error) {
      for (const { reject } of names.values()) reject(error);
    }
  }
}
