/**
 * Faults in the words of Azure Blob Storage and Data Lake Storage (REST API reference,
 * "Status and error codes").
 *
 * @module
 */
import { wrongTime } from "./clock.ts";
import type { Exchange, Fault } from "./exchange.ts";
import { foreign404, networkFaults, page, retryAfter } from "./network.ts";

function errorOf(
  { method, url }: Exchange,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): Response {
  const message = "It happened on purpose.";
  const text = url.hostname.includes(".dfs.")
    ? JSON.stringify({ error: { code, message } })
    : `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(method === "HEAD" ? null : text, {
    status,
    headers: {
      "content-type": "application/xml",
      "x-ms-error-code": code,
      "x-ms-request-id": "00000000-0000-0000-0000-000000000000",
      ...headers,
    },
  });
}

/** ServerBusy: nothing is done. */
const serverBusy: Fault = {
  name: "ServerBusy",
  happen: ({ exchange, random }) =>
    Promise.resolve(errorOf(exchange, 503, "ServerBusy", retryAfter(random))),
};

/** InternalError and OperationTimedOut: nobody can tell whether it was done. */
const internalError: Fault = {
  name: "InternalError",
  async happen({ exchange, random, send }) {
    const code = random(2) === 0 ? "InternalError" : "OperationTimedOut";
    if (random(2) === 0) {
      exchange.note = "done";
      await (await send()).body?.cancel();
    }
    return errorOf(exchange, 500, code);
  },
};

/** A conflict that says nothing of the file: its container is about to go. Nothing is done. */
const conflict: Fault = {
  name: "ContainerBeingDeleted",
  weight: 0.5,
  fits: ({ method }) => method !== "GET" && method !== "HEAD",
  happen: ({ exchange }) =>
    Promise.resolve(errorOf(exchange, 409, "ContainerBeingDeleted")),
};

/** A clock that differs by more than the service takes. */
const skew: Fault = {
  name: "AuthenticationFailed",
  weight: 0.5,
  happen({ exchange, random }) {
    const { http } = wrongTime(random);
    exchange.note = `the time is ${http}`;
    const date = { date: http };
    return Promise.resolve(
      errorOf(exchange, 403, "AuthenticationFailed", date),
    );
  },
};

const CURSOR = /<NextMarker>[^<]*<\/NextMarker>|<NextMarker ?\/>/;

/** A page names the cursor that it was asked for as the next one. */
const repeatedCursor: Fault = {
  name: "repeated cursor",
  weight: 20,
  fits: ({ url }) => url.searchParams.has("marker"),
  async happen({ exchange, send }) {
    const marker = exchange.url.searchParams.get("marker") ?? "";
    const escaped = marker.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const response = await send();
    const { status, headers } = response;
    const text = await response.text();
    return new Response(
      text.replace(CURSOR, () => `<NextMarker>${escaped}</NextMarker>`),
      { status, headers },
    );
  },
};

/** A part of a batch is answered "later", the rest is as it is. */
const busyPart: Fault = {
  name: "busy part",
  weight: 8,
  fits: ({ url }) => url.searchParams.get("comp") === "batch",
  async happen({ send }) {
    const response = await send();
    const { status, headers } = response;
    const text = await response.text();
    // One that was not done, so that what the answer says is true.
    const busy = text.replace(
      /HTTP\/1\.1 404 [^\r]*\r\n(?:x-ms-error-code: [^\r]*\r\n)?/,
      "HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\n",
    );
    return new Response(busy, { status, headers });
  },
};

/** What can go wrong with Azure: the network's faults, and the service's own. */
export const azureFaults: readonly Fault[] = [
  ...networkFaults,
  page,
  foreign404,
  serverBusy,
  internalError,
  conflict,
  skew,
  repeatedCursor,
  busyPart,
];
