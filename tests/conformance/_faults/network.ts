/**
 * What a network does to requests and answers, whatever the service.
 *
 * @module
 */
import { broken, type Exchange, type Fault } from "./exchange.ts";

/** The request never arrives. */
export const dropped: Fault = {
  name: "dropped",
  happen: () => Promise.reject(broken("on the way there")),
};

/** The service does what it is asked for, and its answer never arrives. */
export const lost: Fault = {
  name: "lost",
  async happen({ send }) {
    await (await send()).body?.cancel();
    throw broken("on the way back");
  },
};

/** The most requests that a delayed one arrives behind. */
const MAX_BEHIND = 4;

/**
 * The connection breaks, and the request arrives nevertheless: behind up to four later ones,
 * its own repetition among them, or when everything else is done.
 */
export const delayed: Fault = {
  name: "delayed",
  happen({ sendLater, random, exchange }) {
    const behind = random(MAX_BEHIND) + 1;
    exchange.note = `arrives behind ${behind}`;
    sendLater(behind);
    return Promise.reject(broken("it seems"));
  },
};

/** The answer's body breaks off: with an error, or as if it were whole where no length was announced. */
export const cutAnswer: Fault = {
  name: "cut answer",
  fits: ({ method }) => method !== "HEAD",
  async happen({ send, cut, random, exchange }) {
    const response = await send();
    const told = Number(response.headers.get("content-length") ?? NaN);
    const at = random(Number.isNaN(told) ? MAX_CUT : Math.max(told, 1));
    const silently = Number.isNaN(told) && random(2) === 0;
    exchange.note = `after ${at} bytes${silently ? ", silently" : ""}`;
    return response.body === null ? response : cut(response, at, silently);
  },
};

/** Where a body of unknown length is cut, at most. */
const MAX_CUT = 600;

/**
 * The request's body breaks off, so that the service does nothing: it says so (408, RFC 9110
 * §15.5.9), or the connection just breaks.
 */
export const cutRequest: Fault = {
  name: "cut request",
  fits: ({ body }) => body !== null,
  happen: ({ random }) =>
    random(2) === 0
      ? Promise.reject(broken("within the request"))
      : Promise.resolve(
        new Response("Request Timeout", {
          status: 408,
          headers: { "content-type": "text/plain" },
        }),
      ),
};

/**
 * A page of a portal or a wrong host, with the status of a success. The service gets nothing.
 * From a plain web server it is a file like any other.
 */
export const page: Fault = {
  name: "page",
  happen: () =>
    Promise.resolve(
      new Response(
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>",
        { headers: { "content-type": "text/html; charset=utf-8" } },
      ),
    ),
};

/**
 * A 404 of somebody who is not the service: a proxy, a wrong host. It says nothing of what the
 * service holds, which gets nothing. Not for HEAD, whose 404 has no words in any case.
 */
export const foreign404: Fault = {
  name: "foreign 404",
  fits: ({ method }) => method !== "HEAD",
  happen: ({ random }) =>
    Promise.resolve(
      random(2) === 0
        ? new Response(null, { status: 404 })
        : new Response("<html><body><h1>Not Found</h1></body></html>", {
          status: 404,
          headers: { "content-type": "text/html" },
        }),
    ),
};

/** A gateway gives up: the service may have got the request, or not (RFC 9110 §15.6.3, §15.6.5). */
export const gateway: Fault = {
  name: "gateway",
  async happen({ send, random, exchange }) {
    const status = [502, 504][random(2)];
    if (random(2) === 0) {
      await (await send()).body?.cancel();
      exchange.note = "behind the service's back";
    }
    return new Response("<html><body>Bad gateway</body></html>", {
      status: status ?? 502,
      headers: { "content-type": "text/html" },
    });
  },
};

/** Values of `Retry-After` (RFC 9110 §10.2.3): none, seconds, more than anybody waits for. */
const RETRY_AFTER: readonly (string | null)[] = [null, "0", "1", "3", "900"];

/** Returns the header fields of an answer that says "later". */
export function retryAfter(
  random: (limit: number) => number,
): Record<string, string> {
  const value = RETRY_AFTER[random(RETRY_AFTER.length)] ?? null;
  return value === null ? {} : { "retry-after": value };
}

/** The service has too much to do, says so, and does nothing: 429 or 503, with or without `Retry-After`. */
export const busy: Fault = {
  name: "busy",
  happen: ({ random }) =>
    Promise.resolve(
      new Response("later, please", {
        status: random(2) === 0 ? 429 : 503,
        headers: { ...retryAfter(random), "content-type": "text/plain" },
      }),
    ),
};

/**
 * Returns a fault in which somebody else acts right before the request arrives.
 *
 * @example Somebody takes the name away
 * ```ts
 * import { between } from "@remote-store/core/conformance/faults";
 * import { assertEquals } from "@std/assert";
 *
 * const taken: string[] = [];
 * const rival = between("rival", ({ url }) => void taken.push(url.pathname));
 * assertEquals(rival.name, "rival");
 * ```
 */
export function between(
  name: string,
  act: (exchange: Exchange, random: (limit: number) => number) => unknown,
): Fault {
  return {
    name,
    async happen({ exchange, random, send }) {
      await act(exchange, random);
      return await send();
    },
  };
}

/** What any server can be hit by. A web server's own 404 and pages look like these faults: not among them. */
export const networkFaults: readonly Fault[] = [
  dropped,
  lost,
  delayed,
  cutAnswer,
  cutRequest,
  gateway,
  busy,
];
