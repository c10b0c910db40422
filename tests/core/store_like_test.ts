import { assert, assertEquals } from "@std/assert";
import { Store, type StoreLike } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";

/** Compiles only where both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

const SAME_KEYS: Same<keyof Store, keyof StoreLike | "toString"> = true;

/** A proxy that forgets a method does not compile: every key must be here. */
const NAMES: Record<keyof StoreLike, true> = {
  read: true,
  readBytes: true,
  readText: true,
  openBlob: true,
  open: true,
  write: true,
  writeText: true,
  writeAtomic: true,
  openAtomic: true,
  openUpload: true,
  delete: true,
  deleteFolder: true,
  createFolder: true,
  deleteMany: true,
  exists: true,
  isFile: true,
  isFolder: true,
  listFiles: true,
  listFolders: true,
  iterChildren: true,
  glob: true,
  getFileInfo: true,
  getFolderInfo: true,
  head: true,
  move: true,
  copy: true,
  ping: true,
  supports: true,
  resolve: true,
  nativePath: true,
  toKey: true,
  unwrap: true,
  child: true,
  equals: true,
  close: true,
  [Symbol.asyncDispose]: true,
};

Deno.test("StoreLike is all of Store, and toString", () => {
  assert(SAME_KEYS);
  const methods = Reflect.ownKeys(Store.prototype)
    .filter((key) => key !== "constructor" && key !== "toString");
  assertEquals(new Set(methods), new Set(Reflect.ownKeys(NAMES)));
});

Deno.test("StoreLike is enough for a proxy made of its names alone", async () => {
  const inner = new Store({ backend: new MemoryBackend() });
  const called: PropertyKey[] = [];
  const proxy = {} as Record<PropertyKey, unknown>;
  for (const name of Reflect.ownKeys(NAMES) as (keyof StoreLike)[]) {
    const method = inner[name] as (...args: unknown[]) => unknown;
    proxy[name] = (...args: unknown[]) => {
      called.push(name);
      return method.apply(inner, args);
    };
  }
  const store = proxy as unknown as StoreLike;
  await store.write("a", "x");
  assertEquals(await store.readText("a"), "x");
  assertEquals((await Array.fromAsync(store.listFiles(""))).length, 1);
  assertEquals(called, ["write", "readText", "listFiles"]);
});
