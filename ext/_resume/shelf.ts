// This module is browser compatible.
import {
  Capability,
  CapabilityNotSupportedError,
  type FileInfo,
  isRemoteStoreError,
  type RemoteStoreErrorCode,
  type StoreLike,
} from "../../mod.ts";
import {
  formatToken,
  parseToken,
  type Unread,
  type UploadToken,
} from "./token.ts";

/** A store that tokens can lie in: it has to declare `CONDITIONAL_WRITE`. */
export type TokenStore = Pick<
  StoreLike,
  "open" | "write" | "delete" | "listFiles" | "supports"
>;

/** A token where it lies, with the version that was read. */
export interface Kept {
  /** What it says. */
  readonly token: UploadToken;
  /** Its version. */
  readonly etag: string;
}

/** Somebody else has written the token since it was read. */
export class Superseded extends Error {}

/** Tokens in a store, written by compare-and-swap. */
export class Shelf {
  readonly #store: TokenStore;

  constructor(store: TokenStore) {
    this.#store = store;
    if (store.supports(Capability.CONDITIONAL_WRITE)) return;
    throw new CapabilityNotSupportedError(
      "Cannot keep tokens of uploads: the store does not support conditional_write",
      { capability: Capability.CONDITIONAL_WRITE },
    );
  }

  /** Returns a token; `null` where there is none, a word where it says nothing. */
  async read(
    key: string,
    signal?: AbortSignal,
  ): Promise<Kept | Unread | null> {
    let found;
    try {
      found = await this.#store.open(key, { signal });
    } catch (error) {
      if (isCode(error, "NotFound")) return null;
      throw error;
    }
    const token = parseToken(await new Response(found.body).text(), key);
    const { etag } = found.info;
    if (typeof token === "string") return token;
    return etag === null ? "torn" : { token, etag };
  }

  /** Yields the names of tokens: of one target, or of all. */
  async *names(
    target: string | null,
    signal: AbortSignal | undefined,
  ): AsyncIterable<string> {
    const files: AsyncIterable<FileInfo> = this.#store.listFiles(
      target ?? "",
      { recursive: true, signal },
    );
    for await (const { path } of files) {
      if (NAME_REGEXP.test(path)) yield path;
    }
  }

  /**
   * Writes a token over the version that was read, `null` for a new one.
   *
   * @throws {Superseded} If it is another version by now.
   */
  async write(token: UploadToken, etag: string | null): Promise<Kept> {
    try {
      const written = await this.#store.write(token.key, formatToken(token), {
        contentType: "application/json",
        ...etag === null ? { overwrite: false } : { ifMatch: etag },
      });
      if (written.etag !== null) return { token, etag: written.etag };
    } catch (error) {
      const isLost = isCode(error, "PreconditionFailed") ||
        isCode(error, "NotFound") || isCode(error, "AlreadyExists");
      throw isLost ? new Superseded() : error;
    }
    throw new CapabilityNotSupportedError(
      "Cannot keep tokens of uploads: the store tells no etag of what it writes",
      { capability: Capability.CONDITIONAL_WRITE },
    );
  }

  /** Says in a token, if it is there, how far its upload is; whoever writes it meanwhile has lost. */
  async mark(
    key: string,
    state: UploadToken["state"],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (;;) {
      const kept = await this.read(key, signal);
      if (kept === null || typeof kept === "string") return;
      try {
        await this.write({ ...kept.token, state }, kept.etag);
        return;
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
    }
  }

  /** Deletes a token, if it is there. */
  async delete(key: string): Promise<void> {
    await this.#store.delete(key, { missingOk: true });
  }
}

const NAME_REGEXP = /^[0-9a-f]{32}\/[0-9a-f-]{36}\.json$/;

/** Returns whether an error has a code. */
export function isCode(error: unknown, code: RemoteStoreErrorCode): boolean {
  return isRemoteStoreError(error) && error.code === code;
}
