import type { Exchange } from "./exchange.ts";

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
