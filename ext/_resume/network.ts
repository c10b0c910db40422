// This module is browser compatible.
import {
  BackendUnavailableError,
  isRemoteStoreError,
  type RemoteStoreError,
} from "../../mod.ts";

/** What a page knows of its network; runtimes without a page know nothing, and are online. */
interface Page {
  readonly navigator?: { readonly onLine?: boolean };
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/** The network as the device sees it, while an upload lasts. */
export class Network {
  readonly #page: Page = globalThis as Page;
  readonly #waits: boolean;
  /** How often it was lost. */
  #losses = 0;
  readonly #lost = () => this.#losses++;

  /** @param waits Whether to wait for it to come back. */
  constructor(waits: boolean) {
    this.#waits = waits;
    this.#page.addEventListener?.("offline", this.#lost);
  }

  /** Lets go of the page. */
  release(): void {
    this.#page.removeEventListener?.("offline", this.#lost);
  }

  /**
   * Does what needs the network, when there is one. Where it was lost meanwhile it is done
   * again as soon as it is back: that is no failure of the service, and counts as none.
   */
  async use<T>(
    work: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (;;) {
      await this.#online(signal);
      signal?.throwIfAborted();
      const losses = this.#losses;
      try {
        return await work();
      } catch (error) {
        signal?.throwIfAborted();
        const isLost = this.#isOffline || this.#losses > losses;
        const isOut = isRemoteStoreError(error) &&
          error.code === "BackendUnavailable";
        if (!this.#waits || !isLost || !isOut) throw error;
      }
    }
  }

  /**
   * Does a change that nothing tells apart from another's. What was in doubt when the network
   * was lost stays so, whatever the next time is answered: a conflict may be with itself.
   */
  async change<T>(
    work: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    let isDoubted = false;
    return await this.use(async () => {
      try {
        return await work();
      } catch (error) {
        if (!isRemoteStoreError(error)) throw error;
        const isOut = error.code === "BackendUnavailable";
        if (!isOut && isDoubted) throw stillInDoubt(error);
        isDoubted ||= isOut && error.inDoubt;
        throw error;
      }
    }, signal);
  }

  get #isOffline(): boolean {
    return this.#page.navigator?.onLine === false;
  }

  #online(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#waits || !this.#isOffline) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#page.removeEventListener?.("online", end);
        signal?.removeEventListener("abort", end);
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      this.#page.addEventListener?.("online", end);
      signal?.addEventListener("abort", end);
      if (signal?.aborted) end();
    });
  }
}

function stillInDoubt(
  cause: RemoteStoreError,
): BackendUnavailableError {
  const { path, backend } = cause;
  return new BackendUnavailableError(
    `Cannot upload ${
      JSON.stringify(path)
    }: the answer was lost, so the change may have been made`,
    { cause, path, backend, inDoubt: true },
  );
}
