/**
 * What is shared by all faults: a request on its way, and what can be done with it.
 *
 * @module
 */

/** What sends: the platform's `fetch`, a fake's. The third argument says which request it is. */
export type Send = (
  url: string,
  init: RequestInit,
  exchange: Exchange,
) => Promise<Response>;

/** Where a request is: on its way, not to arrive, to arrive later, with the service. */
export type Reach = "underway" | "never" | "later" | "arrived";

/** Parameters of a URL that are secrets, or signed ones. */
const SECRETS = /^(?:sig|x-amz-(?:signature|credential|security-token))$/i;

/** A request, and what became of it: a line of the log. */
export class Exchange {
  /** Its place in the order in which requests were made, from 0. */
  readonly number: number;
  /** The method. */
  readonly method: string;
  /** The whole URL. May hold a signature: `toString` shows none. */
  readonly url: URL;
  /** The header fields. */
  readonly headers: Headers;
  /** The content: a copy, where it is bytes. */
  readonly body: NonNullable<RequestInit["body"]> | null;
  /** The fault that it met; `null` for none. */
  fault: Fault | null = null;
  /** Where it is. One that is `"later"` becomes `"arrived"` when the service has it. */
  reach: Reach = "underway";
  /** The status that the service gave, whoever got to see it; `null` where there is none. */
  served: number | null = null;
  /** What the caller got: a status, or `"nothing"`; `null` while it waits. */
  told: number | "nothing" | null = null;
  /** What else there is to say. */
  note = "";

  /** Takes a request apart. */
  constructor(number: number, url: string, init: RequestInit) {
    this.number = number;
    this.method = init.method ?? "GET";
    this.url = new URL(url);
    this.headers = new Headers(init.headers);
    const { body = null } = init;
    // The caller may use its buffer again while the request is still to arrive.
    this.body = body instanceof Uint8Array
      ? body.slice() as Uint8Array<ArrayBuffer>
      : body instanceof Blob
      ? body.slice()
      : body;
  }

  /** Returns one line: the request without secrets, the fault, what it did. */
  toString(): string {
    const query = [...this.url.searchParams].map(([name, value]) =>
      `${name}=${SECRETS.test(name) ? "…" : value}`
    );
    const path = this.url.pathname + (query.length > 0 ? "?" : "") +
      query.join("&");
    const reach = this.reach === "arrived"
      ? `served ${this.served ?? "nothing yet"}`
      : this.reach;
    const fault = this.fault === null ? "" : ` [${this.fault.name}]`;
    const note = this.note === "" ? "" : ` (${this.note})`;
    return `#${this.number} ${this.method} ${path}${fault} ${reach}, told ${
      this.told ?? "nothing yet"
    }${note}`;
  }
}

/** What a fault can do with a request. */
export interface Course {
  /** The request, and its line in the log. */
  readonly exchange: Exchange;
  /** Returns a whole number from 0 up to, without, `limit`: from the seed. */
  random(limit: number): number;
  /** Sends the request to the service and returns its answer. Once at most. */
  send(): Promise<Response>;
  /**
   * Has the request arrive once `requests` further ones have arrived, or when the schedule is
   * settled. Nobody gets its answer.
   */
  sendLater(requests: number): void;
  /** Returns the answer with a body that breaks off after `bytes`, with an error or, `silently`, without. */
  cut(response: Response, bytes: number, silently: boolean): Response;
}

/** One way in which an exchange goes wrong. */
export interface Fault {
  /** What it is called in the log. */
  readonly name: string;
  /**
   * How often it is drawn, beside the others.
   *
   * @default {1}
   */
  readonly weight?: number;
  /** Returns whether it can happen to a request; to any one where it is missing. */
  fits?(exchange: Exchange): boolean;
  /** Happens in place of the plain sending: returns what the caller gets, or rejects. */
  happen(course: Course): Promise<Response>;
}

/** Returns the error that `fetch` rejects with where the network fails. */
export function broken(what: string): TypeError {
  return new TypeError(`the connection broke (${what})`);
}
