import { assertEquals } from "@std/assert";
import { type RemoteStoreError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";

export async function storeWith(...paths: string[]) {
  const store = new Store({ backend: new MemoryBackend() });
  for (const path of paths) {
    assertEquals((await store.write(path, path)).path, path);
  }
  return store;
}

/** What a failure says: its item and its code. */
export const codes = (
  failed: readonly { item: unknown; error: RemoteStoreError }[],
) => failed.map(({ item, error }) => [item, error.code]);

/** A store that records what it is asked, and answers a turn later. */
export function recorder(answer: (path: string) => void = () => {}) {
  const calls: unknown[][] = [];
  let running = 0;
  const store = {
    calls,
    most: 0,
    async delete(...args: unknown[]) {
      calls.push(args);
      store.most = Math.max(store.most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 0));
      running--;
      answer(String(args[0]));
    },
    async exists(path: string) {
      await store.delete(path);
      return true;
    },
    async deleteMany(paths: Iterable<string>) {
      for (const path of paths) await store.delete(path);
      return new Map<string, unknown>();
    },
    copy: (source: string) => store.delete(source),
  };
  return store;
}
