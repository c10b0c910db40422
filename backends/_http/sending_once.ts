// This module is browser compatible.
import { leavesBodies } from "./representation.ts";
import { streamedBytes, streamOf } from "./streamed_bytes.ts";

/** Whether a change that came twice could be refused because of itself. */
export function isOnce(
  method: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  return "if-none-match" in headers || "if-match" in headers ||
    method === "POST" || method === "DELETE";
}

/**
 * Keeps `fetch` from sending a request again by itself, where that can be had. Where a
 * connection ends in place of an answer, all but Node and Workers do so and tell nobody.
 * Deno sends a `Blob` once, and Bun a stream; Deno gives nothing a length that has no
 * bytes, and no browser can be kept from it.
 */
export function sendOnce(
  init: RequestInit,
  payload: Uint8Array<ArrayBuffer> | Blob | null,
): void {
  if (leavesBodies()) {
    if (payload instanceof Uint8Array && payload.byteLength > 0) {
      if (!(init.body instanceof Blob)) init.body = streamedBytes(payload);
    }
  } else if (globalThis.navigator?.userAgent?.startsWith("Bun/")) {
    const [size, body] = streamOf(payload);
    const headers = { ...init.headers, "content-length": `${size}` };
    Object.assign(init, { body, headers, duplex: "half" });
  }
}
