/**
 * Faults in the words of S3 (Amazon S3 API Reference, "Error responses").
 *
 * @module
 */
import { wrongTime } from "./clock.ts";
import type { Exchange, Fault } from "./exchange.ts";
import { foreign404, networkFaults, page, retryAfter } from "./network.ts";

function errorOf(
  { method }: Exchange,
  status: number,
  code: string,
  headers: Record<string, string> = {},
  more = "",
): Response {
  const text =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>It happened on purpose.</Message>${more}<RequestId>0A49CE4060975EAC</RequestId></Error>`;
  return new Response(method === "HEAD" ? null : text, {
    status,
    headers: { "content-type": "application/xml", ...headers },
  });
}

/** SlowDown and ServiceUnavailable: nothing is done. */
const slowDown: Fault = {
  name: "SlowDown",
  happen({ exchange, random }) {
    const code = random(2) === 0 ? "SlowDown" : "ServiceUnavailable";
    return Promise.resolve(errorOf(exchange, 503, code, retryAfter(random)));
  },
};

/** InternalError: nobody can tell whether it was done. */
const internalError: Fault = {
  name: "InternalError",
  async happen({ exchange, random, send }) {
    if (random(2) === 0) {
      exchange.note = "done";
      await (await send()).body?.cancel();
    }
    return errorOf(exchange, 500, "InternalError");
  },
};

/** Requests that may fail after their 200 has gone out. */
function answersEarly({ method, url, headers }: Exchange): boolean {
  return (method === "POST" && url.searchParams.has("uploadId")) ||
    (method === "PUT" && headers.has("x-amz-copy-source"));
}

/** An error inside of a 200, as copies and the completion of uploads have it. */
const hiddenError: Fault = {
  name: "error in a 200",
  fits: answersEarly,
  async happen({ exchange, random, send }) {
    const code = random(2) === 0 ? "InternalError" : "SlowDown";
    // Only of an internal error it is not said that nothing was done.
    if (code === "InternalError" && random(2) === 0) {
      exchange.note = "done";
      await (await send()).body?.cancel();
    }
    return errorOf(exchange, 200, code);
  },
};

/** A conflict with a request under way: nothing is done (S3 User Guide, "Conditional writes"). */
const conflict: Fault = {
  name: "ConditionalRequestConflict",
  weight: 3,
  fits: ({ method, headers }) =>
    method !== "GET" && method !== "HEAD" &&
    (headers.has("if-match") || headers.has("if-none-match")),
  happen: ({ exchange }) =>
    Promise.resolve(errorOf(exchange, 409, "ConditionalRequestConflict")),
};

/** A clock that differs by more than the service takes. */
const skew: Fault = {
  name: "RequestTimeTooSkewed",
  weight: 0.5,
  happen({ exchange, random }) {
    const { http, iso } = wrongTime(random);
    exchange.note = `the time is ${iso}`;
    return Promise.resolve(
      errorOf(
        exchange,
        403,
        "RequestTimeTooSkewed",
        { date: http },
        `<ServerTime>${iso}</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>`,
      ),
    );
  },
};

/** A 403 out of a cache: it is old, and says so (RFC 9111 §5.1). */
const cachedRefusal: Fault = {
  name: "cached 403",
  weight: 0.5,
  fits: ({ method }) => method === "GET" || method === "HEAD",
  happen: ({ exchange }) =>
    Promise.resolve(
      new Response(exchange.method === "HEAD" ? null : "Forbidden", {
        status: 403,
        headers: {
          age: "10800",
          date: new Date(Date.now() - 10_800_000).toUTCString(),
        },
      }),
    ),
};

/** A listing is answered as if it were a file that is missing: no word about the bucket. */
const noSuchKey: Fault = {
  name: "NoSuchKey for a listing",
  weight: 0.5,
  fits: ({ url }) => url.searchParams.has("list-type"),
  happen: ({ exchange }) =>
    Promise.resolve(errorOf(exchange, 404, "NoSuchKey")),
};

const CURSOR = /(<NextContinuationToken>)[^<]*(<\/NextContinuationToken>)/;

/** A page names the cursor that it was asked for as the next one. */
const repeatedCursor: Fault = {
  name: "repeated cursor",
  weight: 20,
  fits: ({ url }) => url.searchParams.has("continuation-token"),
  async happen({ exchange, send }) {
    const token = exchange.url.searchParams.get("continuation-token") ?? "";
    const escaped = token.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const response = await send();
    const { status, headers } = response;
    const text = await response.text();
    const next = `<NextContinuationToken>${escaped}</NextContinuationToken>`;
    const again = CURSOR.test(text)
      ? text.replace(CURSOR, () => next)
      : text.replace(
        /<IsTruncated>false<\/IsTruncated>/,
        () => `<IsTruncated>true</IsTruncated>${next}`,
      );
    return new Response(again, { status, headers });
  },
};

/** What can go wrong with S3: the network's faults, and the service's own. */
export const s3Faults: readonly Fault[] = [
  ...networkFaults,
  page,
  foreign404,
  slowDown,
  internalError,
  hiddenError,
  conflict,
  skew,
  cachedRefusal,
  noSuchKey,
  repeatedCursor,
];
