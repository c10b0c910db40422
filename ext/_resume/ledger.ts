// This module is browser compatible.
import type { Kept, Shelf } from "./shelf.ts";
import type { KeptPart, MadeFile, Unread, UploadToken } from "./token.ts";

/** What is known of one upload, in memory and, where there is a shelf, behind it. */
export class Ledger {
  readonly #shelf: Shelf | null;
  readonly #parts: KeptPart[];
  #token: UploadToken;
  #etag: string | null;
  #saving: Promise<void> | null = null;
  #isStale = false;

  /** @param etag The version on the shelf; `null` where it is not there yet. */
  constructor(shelf: Shelf | null, token: UploadToken, etag: string | null) {
    this.#shelf = shelf;
    this.#token = token;
    this.#parts = [...token.parts];
    this.#etag = etag;
  }

  /** What is known. */
  get token(): UploadToken {
    return { ...this.#token, parts: [...this.#parts] };
  }

  /** How many bytes the service has acknowledged. */
  get acknowledged(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0);
  }

  /** Writes what is known. */
  save(change: Partial<UploadToken> = {}): Promise<void> {
    this.#token = { ...this.#token, ...change };
    if (this.#shelf === null) return Promise.resolve();
    this.#isStale = true;
    // What is added while one is written goes with the next.
    return this.#saving ??= this.#write(this.#shelf);
  }

  /** Adds a part; resolves when it is written. */
  add(part: KeptPart): Promise<void> {
    this.#parts.push(part);
    return this.save();
  }

  /** Keeps the parts that the service has as well, and no others. */
  keep(isThere: (part: KeptPart) => boolean): void {
    this.#parts.splice(0, Infinity, ...this.#parts.filter(isThere));
  }

  /** Says what has been made, for those who wait; else nothing is left of it. */
  async done(made: MadeFile, isAwaited: boolean): Promise<void> {
    if (isAwaited) await this.save({ state: "done", made });
    else await this.#shelf?.delete(this.#token.key);
  }

  /** Reads what is on the shelf by now: `null` where it is gone. */
  async look(): Promise<Kept | Unread | null> {
    if (this.#shelf !== null) return await this.#shelf.read(this.#token.key);
    return { token: this.token, etag: "" };
  }

  /** Forgets it. */
  async drop(): Promise<void> {
    await this.#shelf?.delete(this.#token.key);
  }

  async #write(shelf: Shelf): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        const { etag } = await shelf.write(this.token, this.#etag);
        this.#etag = etag;
      }
    } finally {
      // In the turn of the last look: what is added from now on begins a write of its own.
      this.#saving = null;
    }
  }
}
