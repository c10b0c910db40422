// This module is browser compatible.
import { Semaphore } from "./semaphore.ts";
import { isBeingSent } from "./streamed_bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * So many looks no part may be under way, until somebody is let in beyond the bound. Looks
 * and not a time: where the thread is busy, the sources have not had it either.
 */
const LOOKS = 10;
const LOOK_MS = 10;

/**
 * The buffers of the parts of all of a store's uploads. Who has one waits for its source,
 * and that may be waiting for another upload of the same store: so nobody waits but for
 * what is on its way to the service, which ends by itself.
 */
export class PartBuffers {
  readonly #places: Semaphore;
  /** Given back, and not yet taken again. */
  readonly #spare: Bytes[] = [];
  #taken = 0;
  #underWay = 0;
  #looks = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param most How many there are at once; `Infinity` for no bound. */
  constructor(most: number) {
    this.#places = new Semaphore(most);
  }

  /** Returns what takes buffers for one upload. */
  forUpload(): UploadBuffers {
    return new UploadBuffers(this);
  }

  /** Waits for a place; the first in the line gets the next one. */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    const turn = this.#places.enter(signal);
    if (turn !== null) {
      this.#watch();
      try {
        await turn;
      } finally {
        this.#rest();
      }
    }
    this.#taken++;
  }

  /** Gives a place back. */
  leave(): void {
    this.#taken--;
    this.#looks = 0;
    this.#places.leave();
    // Between uploads nothing is kept.
    if (this.#taken === 0) this.#spare.length = 0;
  }

  /** Counts the parts that are on their way. */
  sends(by: 1 | -1): void {
    this.#underWay += by;
  }

  /** Returns a buffer that was given back, or a new one. */
  take(length: number): Bytes {
    const fits = this.#spare[0]?.byteLength === length;
    return fits ? this.#spare.pop()! : new Uint8Array(length);
  }

  /** Keeps a buffer for the next part: of several sizes the largest. */
  give({ buffer }: Bytes): void {
    // Answered before it was read: what comes next must not go out in its place.
    if (isBeingSent(buffer)) return;
    const kept = this.#spare[0]?.byteLength ?? 0;
    if (buffer.byteLength > kept) this.#spare.length = 0;
    if (buffer.byteLength >= kept) this.#spare.push(new Uint8Array(buffer));
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#looks = 0;
    this.#timer = setInterval(() => {
      if (this.#underWay > 0) this.#looks = 0;
      else if (++this.#looks >= LOOKS) {
        this.#looks = 0;
        this.#places.admit();
      }
    }, LOOK_MS);
  }

  #rest(): void {
    if (this.#places.isAwaited) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Returns the buffers that all uploads of a store share; `undefined` without a bound. Then
 * each upload has its own: in Workers one may end with its request and give nothing back.
 */
export function sharedBuffers(most: number): PartBuffers | undefined {
  return most === Infinity ? undefined : new PartBuffers(most);
}

/** The places and buffers of one upload. */
export class UploadBuffers {
  readonly #all: PartBuffers;
  #places = 0;
  #isOver = false;

  constructor(all: PartBuffers) {
    this.#all = all;
  }

  /** Waits for a place. */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    await this.#all.enter(signal);
    this.#places++;
    // It came when nobody wanted it any more.
    if (this.#isOver) this.#leave();
  }

  /** Returns a buffer for a place. */
  take(length: number): Bytes {
    return this.#all.take(length);
  }

  /** Sends what is in a buffer; sent, it is the next one's, with its place. */
  async send<T>(bytes: Bytes, sending: () => Promise<T>): Promise<T> {
    this.#all.sends(1);
    try {
      const sent = await sending();
      this.#all.give(bytes);
      this.#leave();
      return sent;
    } finally {
      this.#all.sends(-1);
    }
  }

  /** Gives back all places that are left. Behind a failure nobody knows who reads the buffers. */
  end(): void {
    this.#isOver = true;
    while (this.#places > 0) this.#leave();
  }

  #leave(): void {
    this.#places--;
    this.#all.leave();
  }
}
