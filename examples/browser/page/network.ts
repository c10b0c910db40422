/**
 * Whether there is a network, as far as a page can tell: by what the browser says, and by
 * what came of the last request.
 *
 * @module
 */
import { isRemoteStoreError } from "@remote-store/core";
import { byId } from "./dom.ts";
import { tell } from "./telling.ts";

/** How the page stands to the service. */
export type NetworkState = "starting" | "online" | "offline" | "silent";

const TEXTS: Readonly<Record<NetworkState, string>> = {
  starting: "Starting…",
  online: "Online",
  offline: "Offline: files wait on this device",
  silent: "The service does not answer",
};

/** Follows the network, and shows it. */
export class Network {
  #state: NetworkState = "starting";
  readonly #onBack: () => void;

  /** @param onBack Called whenever there is hope again. */
  constructor(onBack: () => void) {
    this.#onBack = onBack;
    addEventListener("offline", () => this.#set("offline"));
    addEventListener("online", () => {
      this.#set("online");
      this.#onBack();
    });
    if (!navigator.onLine) this.#set("offline");
  }

  /** Takes note of a request that was answered. */
  worked(): void {
    if (navigator.onLine) this.#set("online");
  }

  /** Takes note of one that failed; returns whether the network is why. */
  failed(error: unknown): boolean {
    const isSilent = isRemoteStoreError(error) &&
      error.code === "BackendUnavailable";
    if (isSilent) this.#set(navigator.onLine ? "silent" : "offline");
    return isSilent;
  }

  #set(state: NetworkState): void {
    if (state === this.#state) return;
    const before = this.#state;
    this.#state = state;
    byId("net", HTMLElement).dataset["state"] = state === "silent"
      ? "offline"
      : state;
    byId("net-text", HTMLElement).textContent = TEXTS[state];
    if (before !== "starting" || state !== "online") tell(TEXTS[state]);
  }
}
