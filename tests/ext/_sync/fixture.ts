import { assert } from "@std/assert";
import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";

/** Returns an empty store. */
export const memory = (): Store => new Store({ backend: new MemoryBackend() });

/** Returns a store with files. */
export async function filled(
  files: Readonly<Record<string, string>>,
): Promise<Store> {
  const store = memory();
  for (const [path, text] of Object.entries(files)) {
    const { size } = await store.write(path, text);
    assert(size >= 0);
  }
  return store;
}

/** Returns the text of every file, by path. */
export async function texts(store: StoreLike): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const { path } of store.listFiles("", { recursive: true })) {
    all[path] = await store.readText(path);
  }
  return all;
}
