import type { Fault } from "./fault.ts";

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
  readonly body: BodyInit | null;
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
