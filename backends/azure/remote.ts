/**
 * The backend of a page, as the handler that signs for it says.
 *
 * @module
 */
import { connect, type RemoteKind } from "../_http/remote_backend.ts";
import type { RemoteSignerOptions } from "../_http/remote_signer.ts";
import { AzureBackend } from "./backend.ts";
import { type AzureBackendOptions, KNOWN } from "./options.ts";

/** Options of {@linkcode connectRemote}: those of the signer, and of the backend. */
export interface ConnectOptions extends RemoteSignerOptions {
  /**
   * Options of the backend, beside or in place of what the handler says: container,
   * `accountUrl` and `hns`.
   */
  readonly backend?: Partial<Omit<AzureBackendOptions, "signer">> | undefined;
  /** Ends the question. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a handler of the application's, `signHandler` of `ext/sign`, what its store is like,
 * in one request, and makes the backend that it signs for. The result is what a `Store` is
 * made of.
 *
 * @param url Where the handler is; relative ones are the page's.
 * @throws {PermissionDeniedError} If the handler refuses.
 * @throws {BackendUnavailableError} If no answer came.
 * @throws {InvalidArgumentError} If it signs for another service, or an option is wrong.
 *
 * @example
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { connectRemote } from "@remote-store/core/backends/azure";
 * import { assertEquals } from "@std/assert";
 *
 * const place = {
 *   service: "azure",
 *   container: "photos",
 *   accountUrl: "https://contoso.blob.core.windows.net",
 *   hns: false,
 * };
 * const store = new Store(
 *   await connectRemote("https://app.example.com/sign", {
 *     headers: () => ({ "x-user": "42" }),
 *     // Stands for the handler here.
 *     fetch: () =>
 *       Promise.resolve(Response.json({ v: 1, root: "users/42", ...place })),
 *   }),
 * );
 * assertEquals(store.nativePath("tom.jpg"), "photos/users/42/tom.jpg");
 * ```
 */
export async function connectRemote(
  url: string,
  options: ConnectOptions = {},
): Promise<{ readonly backend: AzureBackend; readonly root: string }> {
  return await connect(url, options, REMOTE);
}

const { signer: _, ...OPTIONS } = KNOWN;

const REMOTE: RemoteKind<Omit<AzureBackendOptions, "signer">, AzureBackend> = {
  service: "azure",
  known: OPTIONS,
  place: {
    container: "container",
    accountUrl: "https://account.blob.core.windows.net",
    hns: false,
  },
  create: (options) => new AzureBackend(options),
};
