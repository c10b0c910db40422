// This module is browser compatible.
import type { UploadTicket } from "../../core/signing.ts";

/** More uploads than any page has open at once. */
const MAX_UPLOADS = 1000;

/**
 * What signers keep of uploads that outlive a call, by their names: a ticket that was
 * renewed serves the next request. One that is lost is given anew.
 */
export class UploadTickets {
  readonly #tickets = new Map<string, UploadTicket>();

  /** Returns whether an upload has been asked for before. */
  has(id: string): boolean {
    return this.#tickets.has(id);
  }

  /** Returns the place of an upload's ticket; `text` is what is known of it from before. */
  of(id: string, text: string | null = null): UploadTicket {
    let ticket = this.#tickets.get(id);
    if (ticket === undefined) {
      if (this.#tickets.size >= MAX_UPLOADS) this.#tickets.clear();
      this.#tickets.set(id, ticket = { text });
    }
    return ticket;
  }
}
