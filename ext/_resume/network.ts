// This module is browser compatible.
import { isRemoteStoreError } from "../../mod.ts";

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
