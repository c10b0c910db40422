// This module is browser compatible.

/**
 * Returns what a service has said of a failure, as messages do: the status and the
 * service's own word. An answer to HEAD has no body (RFC 9110 §9.3.2), so where it has no
 * word either, nothing but a GET tells why.
 *
 * @param code The service's word; empty or `null` where none came.
 */
export function saying(
  status: number,
  code: string | null,
  method: string | undefined,
): string {
  const none = method === "HEAD" ? "; HEAD answers carry no reason" : "";
  return status + (code ? ` ${code}` : none);
}
