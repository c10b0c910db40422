/**
 * Pure: a signed request as those send it who have nothing else.
 *
 * @module
 */
import type { PresignedRequest } from "../../core/presigning.ts";

/** What sends. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Sends a signed request by what it says, and returns the status. */
export async function statusOf(
  send: Send,
  signed: PresignedRequest | Promise<PresignedRequest>,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<number> {
  const response = await sendAs(send, await signed, body);
  await response.body?.cancel();
  return response.status;
}

/** Sends a signed request by what it says. */
export async function sendAs(
  send: Send,
  { url, method, headers, fields }: PresignedRequest,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  if (fields === null) {
    const bytes = typeof body === "string"
      ? new TextEncoder().encode(body)
      : body;
    return await send(url, {
      method,
      headers: { ...headers },
      ...bytes === undefined ? {} : { body: bytes },
    });
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([body ?? ""]));
  return await send(url, { method, headers: { ...headers }, body: form });
}
