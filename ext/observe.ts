/**
 * A store that tells what is done with it: hooks before, after and around every
 * operation, for logs, metrics and traces.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { observe } from "@remote-store/core/ext/observe";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const store = observe(new Store({ backend: new MemoryBackend() }), {
 *   onAny: ({ operation, path, status }) => lines.push(`${operation} ${path} ${status}`),
 *   onWrite: ({ metadata }) => lines.push(`${metadata.write_result?.size} bytes`),
 * });
 *
 * void await store.write("a.txt", "Hello");
 * await store.readText("b.txt").catch(() => {});
 * assertEquals(lines, ["5 bytes", "write a.txt ok", "read_text b.txt error"]);
 * ```
 *
 * @module
 */
import {
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
  type StoreLike,
} from "../mod.ts";
import type { ObserveOptions } from "./_observe/reporter.ts";
import { ObservedStore } from "./_observe/store.ts";

export {
  BufferedObserver,
  type BufferedObserverOptions,
  type EventHandler,
} from "./_observe/buffer.ts";
export type {
  EventMetadata,
  StoreEvent,
  StoreOperation,
  StoreStart,
  StreamEvent,
} from "./_observe/event.ts";
export type {
  AroundHook,
  EventHook,
  ObserveOptions,
} from "./_observe/reporter.ts";
export { ObservedStore } from "./_observe/store.ts";

/**
 * Returns a store that does what `store` does, and calls hooks. A hook that throws, at
 * once or later, changes no result; only `around` can refuse an operation. An operation
 * runs in this order: `onStart`, `around` up to its `next`, the operation, its own hook,
 * `onAny`, `onError`, the rest of `around`.
 *
 * @example Wrap operations
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { observe } from "@remote-store/core/ext/observe";
 * import { assertEquals } from "@std/assert";
 *
 * const running = new Set<string>();
 * const store = observe(new Store({ backend: new MemoryBackend() }), {
 *   async around({ path }, next) {
 *     running.add(path);
 *     await next().finally(() => running.delete(path));
 *   },
 *   onWrite: ({ path }) => assertEquals([...running], [path]),
 *   correlationId: () => "request 7",
 * });
 * const { size } = await store.write("a.txt", "A");
 * assertEquals([size, running.size], [1, 0]);
 * ```
 */
export function observe(
  store: StoreLike,
  options: ObserveOptions = {},
): ObservedStore {
  requireKnown("observe", null, options, KNOWN);
  const { correlationId: id = "" } = options;
  if (typeof id !== "string" && typeof id !== "function") {
    throw new InvalidArgumentError(
      "Cannot observe: correlationId is no string and no function",
    );
  }
  return new ObservedStore(store, options);
}

const KNOWN: KnownOptions<ObserveOptions> = {
  onStart: "function",
  onRead: "function",
  onStreamEnd: "function",
  onWrite: "function",
  onDelete: "function",
  onCopy: "function",
  onMove: "function",
  onList: "function",
  onPing: "function",
  onAny: "function",
  onError: "function",
  around: "function",
  onHookError: "function",
  correlationId: true,
};
