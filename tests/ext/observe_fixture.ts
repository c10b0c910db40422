import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  observe,
  type ObserveOptions,
  type StoreEvent,
} from "../../ext/observe.ts";

export function memory() {
  return new Store({ backend: new MemoryBackend() });
}

/** An observed memory, and the events that it gave. */
export function watched(
  options: ObserveOptions = {},
  inner: StoreLike = memory(),
) {
  const events: StoreEvent[] = [];
  const onAny = (event: StoreEvent) => events.push(event);
  return { store: observe(inner, { onAny, ...options }), events, inner };
}

export const last = (events: StoreEvent[]) => events.at(-1) as StoreEvent;
