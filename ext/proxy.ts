/**
 * The base of proxies: a store that forwards every call to another one. `observe` and
 * `cache` are made of it, and so can be a store of one's own that is read-only, counts,
 * or gives each call a time.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import {
 *   type Forward,
 *   ProxyStore,
 *   type StoreCall,
 * } from "@remote-store/core/ext/proxy";
 * import { assertEquals } from "@std/assert";
 *
 * class CountedStore extends ProxyStore {
 *   readonly calls: string[] = [];
 *   protected override forward<T>(call: StoreCall, work: Forward<Promise<T>>) {
 *     this.calls.push(call.method);
 *     return super.forward(call, work);
 *   }
 *   override child(path: string): CountedStore {
 *     return new CountedStore(this.inner.child(path));
 *   }
 * }
 *
 * const store = new CountedStore(new Store({ backend: new MemoryBackend() }));
 * void await store.write("a.txt", "A");
 * await store.readText("a.txt");
 * assertEquals(store.calls, ["write", "readText"]);
 * ```
 *
 * @module
 */
export type { Forward, StoreCall, StoreMethod } from "./_proxy/call.ts";
export { ProxyStore } from "./_proxy/store.ts";
