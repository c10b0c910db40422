import { assertEquals } from "@std/assert";
import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { cache, type CacheOptions } from "../../ext/cache.ts";

type Request = "read" | "write";

/** A memory that counts what it is asked, and can answer late. */
export class Counted extends MemoryBackend {
  readonly asked: string[] = [];
  pause: (what: Request, when: "before" | "after") => Promise<void> = () =>
    Promise.resolve();

  override async stat(...args: Parameters<MemoryBackend["stat"]>) {
    this.asked.push(`stat ${args[0]}`);
    return await super.stat(...args);
  }
  override async read(...args: Parameters<MemoryBackend["read"]>) {
    this.asked.push(`read ${args[0]}`);
    await this.pause("read", "before");
    const answer = await super.read(...args);
    await this.pause("read", "after");
    return answer;
  }
  override async list(...args: Parameters<MemoryBackend["list"]>) {
    this.asked.push(`list ${args[0]}`);
    return await super.list(...args);
  }
  override async write(...args: Parameters<MemoryBackend["write"]>) {
    await this.pause("write", "before");
    const facts = await super.write(...args);
    await this.pause("write", "after");
    return facts;
  }
}

/** A cached store over such a memory, with these files. */
export async function cached(options: CacheOptions = {}, ...paths: string[]) {
  const backend = new Counted();
  const inner = new Store({ backend });
  for (const path of paths) {
    assertEquals((await inner.write(path, path)).path, path);
  }
  backend.asked.length = 0;
  return { store: cache(inner, options), inner, backend };
}

/** The paths of a listing. */
export const all = (items: AsyncIterable<{ readonly path: string }>) =>
  Array.fromAsync(items, ({ path }) => path);

/** Every call whose answer is remembered. */
export const REMEMBERED: Readonly<
  Record<string, (s: StoreLike) => Promise<unknown>>
> = {
  exists: (s) => s.exists("a/b"),
  isFile: (s) => s.isFile("a/b"),
  isFolder: (s) => s.isFolder("a"),
  readBytes: (s) => s.readBytes("a/b"),
  readText: (s) => s.readText("a/b"),
  getFileInfo: (s) => s.getFileInfo("a/b"),
  getFolderInfo: (s) => s.getFolderInfo("a", { maxDepth: 1 }),
  listFiles: (s) => all(s.listFiles("a", { recursive: true })),
  listFolders: (s) => all(s.listFolders("")),
  iterChildren: (s) => all(s.iterChildren("a")),
};
