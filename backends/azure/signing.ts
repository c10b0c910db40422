/**
 * Signs for pages that have no secret: what `signHandler` of `ext/sign` needs to know of
 * Azure Blob Storage. Only for servers, and for accounts with a flat namespace.
 *
 * A shared access signature (SAS) is for one blob and one permission. It holds neither the
 * size nor the type of what is written: where they have to hold, let the handler end uploads
 * (`complete: "here"`). No SAS is for a folder of a flat account, so the handler lists.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { AzureBackend } from "@remote-store/core/backends/azure";
 * import { azureSigning } from "@remote-store/core/backends/azure-signing";
 * import { signHandler } from "@remote-store/core/ext/sign";
 * import { assertEquals } from "@std/assert";
 *
 * const sign = signHandler({
 *   store: new Store({
 *     backend: new AzureBackend({
 *       container: "photos",
 *       hns: false,
 *       accountName: "contoso",
 *       accountKey: "c2VjcmV0",
 *     }),
 *   }),
 *   signing: azureSigning,
 *   root: () => "users/42",
 *   authorize: ({ operation }) => operation === "read",
 * });
 * const answer = await sign(new Request("https://app.example.com/sign"));
 * assertEquals(answer.status, 405);
 * ```
 *
 * @module
 */
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
} from "../../core/errors.ts";
import type {
  SigningCase,
  SigningQuestion,
  SigningService,
} from "../../core/signing.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { readAsked } from "./asked.ts";
import { AzureCase } from "./asked_case.ts";
import { AzureBackend, containerOf } from "./backend.ts";

/**
 * Returns what signs for a store over Azure Blob Storage.
 *
 * @throws {CapabilityNotSupportedError} If the store is over something else, or its backend can make no SAS.
 * @throws {InvalidArgumentError} If the account has a hierarchical namespace.
 */
export function azureSigning(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
): SigningService {
  const backend = store.unwrap(AzureBackend);
  if (backend.namespace === "hierarchical") {
    throw new InvalidArgumentError(
      "Cannot sign for pages: the account has a hierarchical namespace",
    );
  }
  if (!backend.capabilities.has("presign")) {
    throw new CapabilityNotSupportedError(
      "only an account's key or a bearer token can sign",
      { capability: "presign" },
    );
  }
  return new AzureSigningService(backend, store);
}

class AzureSigningService implements SigningService {
  readonly #backend: AzureBackend;
  readonly #store: Pick<StoreLike, "unwrap" | "nativePath">;

  constructor(
    backend: AzureBackend,
    store: Pick<StoreLike, "unwrap" | "nativePath">,
  ) {
    this.#backend = backend;
    this.#store = store;
  }

  describe(): Readonly<Record<string, unknown>> {
    return { service: "azure", ...this.#backend.describe() };
  }

  keyOf(path: string): string {
    return this.#backend.toKey(this.#store.nativePath(path));
  }

  // deno-lint-ignore require-await -- what is refused has to reject
  async read(question: SigningQuestion): Promise<SigningCase> {
    const asked = readAsked(question, containerOf(this.#backend));
    return new AzureCase(this.#backend, question, asked);
  }

  deriveKey(purpose: string): Uint8Array<ArrayBuffer> | null {
    return containerOf(this.#backend).credential.deriveKey?.(purpose) ?? null;
  }
}
