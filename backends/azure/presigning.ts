// This module is browser compatible.
import { InvalidPathError } from "../../core/errors.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { AzureBackend } from "./backend.ts";
import type { PresignOptions } from "./delegation.ts";

/**
 * Returns a URL that lets whoever has it do to one file what `permissions` say, until it
 * expires. The file need not exist. Signed with the account's key, without a request; or
 * with a user delegation key that the service gives to a bearer. A secret.
 *
 * @example A link to a file of a child store
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { AzureBackend, presign } from "@remote-store/core/backends/azure";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new AzureBackend({
 *     container: "reports",
 *     hns: false,
 *     connectionString: "UseDevelopmentStorage=true",
 *   }),
 * });
 * const url = new URL(
 *   await presign(store.child("2026"), "q3.csv", {
 *     permissions: "r",
 *     expires: new Date(Date.now() + 600_000),
 *   }),
 * );
 * assertEquals(url.pathname, "/devstoreaccount1/reports/2026/q3.csv");
 * ```
 *
 * @param store A store over an {@linkcode AzureBackend}.
 * @throws {CapabilityNotSupportedError} If the store is over something else, or its credential cannot sign: a SAS, or none.
 * @throws {InvalidPathError} If the path names the root.
 * @throws {InvalidArgumentError} If a permission or a date is none.
 */
export async function presign(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  path: string,
  options: PresignOptions,
): Promise<string> {
  const backend = store.unwrap(AzureBackend);
  const native = store.nativePath(path);
  // The root of a store is a folder, wherever in the container it lies.
  if (native === store.nativePath("")) {
    throw new InvalidPathError("Cannot sign a URL for the root of a store", {
      path,
      backend: backend.name,
    });
  }
  return await backend.presign(backend.toKey(native), options);
}
