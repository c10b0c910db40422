// This module is browser compatible.
import { isRemoteStoreError, type RemoteStoreErrorCode } from "../../mod.ts";

const STATUSES: Readonly<Record<string, number>> = {
  InvalidPath: 400,
  IntegrityError: 400,
  PermissionDenied: 403,
  NotFound: 404,
  DirectoryNotEmpty: 409,
  AlreadyExists: 412,
  PreconditionFailed: 412,
  ContentTooLarge: 413,
  ResourceLocked: 423,
  CapabilityNotSupported: 501,
  BackendUnavailable: 503,
  QuotaExceeded: 507,
} satisfies {
  readonly [
    // Does not compile where a code is new.
    C in Exclude<RemoteStoreErrorCode, "RemoteStoreError">
  ]: number;
};

/**
 * Returns the HTTP status that says what an error of a store does (RFC 9110 §15, RFC 4918
 * §11); `null` for what is none: an abort, a mistake in the call, which the server's own
 * handling of errors is for. `AlreadyExists` is 412, as a failed `If-None-Match: *` is.
 *
 * @example A handler that takes uploads
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { statusOf } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * async function handle(request: Request): Promise<Response> {
 *   try {
 *     const path = new URL(request.url).pathname.slice(1);
 *     void await store.write(path, request.body ?? "", { maxSize: 1_000_000 });
 *     return new Response(null, { status: 201 });
 *   } catch (error) {
 *     const status = statusOf(error);
 *     if (status === null) throw error;
 *     return new Response(null, { status });
 *   }
 * }
 * const put = (name: string, body: string) =>
 *   handle(new Request(`https://example.com/${name}`, { method: "PUT", body }));
 * assertEquals((await put("a.txt", "A")).status, 201);
 * assertEquals((await put("a.txt", "B")).status, 412);
 * assertEquals((await put("b.txt", "x".repeat(1_000_001))).status, 413);
 * ```
 */
export function statusOf(error: unknown): number | null {
  const code = codeOf(error);
  return code === null ? null : STATUSES[code] ?? 500;
}

/** Returns the code of an error of a store; `null` for what is none. */
export function codeOf(error: unknown): RemoteStoreErrorCode | null {
  return isRemoteStoreError(error) ? error.code : null;
}
