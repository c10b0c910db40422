// This module is browser compatible.
import type { PromisedUpload } from "../../core/signing.ts";
import { toLongBase64 } from "./hmac.ts";
import type { SignedRequest, UnsignedRequest } from "./signing.ts";

/** A signature that may be used again, or is there before it is asked for. */
interface Grant {
  readonly signed: SignedRequest;
  /** By the device's clock, in milliseconds since 1970. */
  readonly until: number;
  readonly isLasting: boolean;
}

/** More than any page uses at once. */
const MAX_GRANTS = 1000;

/** A grant is not used shortly before its end. */
const MARGIN_MS = 60_000;

/** What a page may send, until it ends. */
export class Grants {
  readonly #reuse: number;
  readonly #grants = new Map<string, Grant>();
  readonly #uploads = new WeakMap<PromisedUpload, number>();
  #opened = 0;

  /** @param reuse For how long the same may be sent again, in milliseconds. */
  constructor(reuse: number) {
    this.#reuse = reuse;
  }

  /** Returns a name for a request: a signature is for one method, URL, set of fields and size. */
  nameOf(request: UnsignedRequest): string {
    const { method, url, headers, size, expiresIn, body, plan } = request;
    const fields = Object.entries(headers).sort(([a], [b]) => a < b ? -1 : 1);
    const content = body === undefined ? null : toLongBase64(body);
    // Two uploads to one file ask the same, and are not the same.
    const upload = plan === undefined ? null : this.#numberOf(plan);
    return JSON.stringify(
      [method, url, fields, size, expiresIn, content, upload],
    );
  }

  /** Whether there is one that has not been used. */
  has(name: string): boolean {
    return this.#grants.has(name);
  }

  /** Returns what may be sent, and drops what is for one time. */
  take(name: string): SignedRequest | null {
    const known = this.#grants.get(name);
    if (known === undefined) return null;
    const isOver = known.until <= Date.now();
    if (isOver || !known.isLasting) this.#grants.delete(name);
    return isOver ? null : known.signed;
  }

  /** Keeps what may be sent for so many milliseconds: once, or again and again. */
  keep(
    name: string,
    signed: SignedRequest,
    left: number,
    isLasting: boolean,
  ): void {
    if (!(left > 0)) return;
    const lasting = left - Math.min(MARGIN_MS, left / 10);
    const kept = isLasting ? Math.min(lasting, this.#reuse) : lasting;
    if (this.#grants.size >= MAX_GRANTS) this.#grants.clear();
    this.#grants.set(name, { signed, until: Date.now() + kept, isLasting });
  }

  /** Drops all. */
  clear(): void {
    this.#grants.clear();
  }

  #numberOf(plan: PromisedUpload): number {
    const known = this.#uploads.get(plan) ?? ++this.#opened;
    this.#uploads.set(plan, known);
    return known;
  }
}
