import { assertEquals } from "@std/assert";
import {
  Capability,
  Store,
  type StoreLike,
  type WriteContent,
  type WriteOptions,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { cache } from "../../ext/cache.ts";
import { observe } from "../../ext/observe.ts";
import { ProxyStore } from "../../ext/proxy.ts";

/** What a user writes: nothing but where children stand. */
class Plain extends ProxyStore {
  child(path: string): Plain {
    return new Plain(this.inner.child(path));
  }
}

/** Writes what it is told, upper case. */
class Shouting extends Plain {
  override write(path: string, content: WriteContent, options?: WriteOptions) {
    const text = typeof content === "string" ? content.toUpperCase() : content;
    return super.write(path, text, options);
  }
}

await testBackend("PROXY-004 a proxy that changes nothing", {
  test: (name, run) => Deno.test(name, run),
  namespace: "hierarchical",
  create: () => new Plain(new Store({ backend: new MemoryBackend() })),
});

Deno.test("PROXY-004 a method that is overridden changes itself, and no other", async () => {
  const store = new Shouting(new Store({ backend: new MemoryBackend() }));
  await store.write("a", "hello");
  await store.writeText("b", "hello");
  assertEquals(await store.readText("a"), "HELLO");
  assertEquals(await store.readText("b"), "hello");
  assertEquals(store.supports(Capability.READ), true);
});

/** Every call with options, on a file `a` that is there. */
const CALLS: Readonly<
  Record<string, (s: StoreLike, options: object) => unknown>
> = {
  read: (s, o) => s.read("a", o).then((body) => body.cancel()),
  open: (s, o) => s.open("a", o).then(({ body }) => body?.cancel()),
  readBytes: (s, o) => s.readBytes("a", o),
  readText: (s, o) => s.readText("a", o),
  openBlob: (s, o) => s.openBlob("a", o),
  write: (s, o) => s.write("b", "B", o),
  writeText: (s, o) => s.writeText("b", "B", o),
  writeAtomic: (s, o) => s.writeAtomic("b", "B", o),
  openAtomic: (s, o) => s.openAtomic("b", o).then((w) => w.abort()),
  openUpload: (s, o) => s.openUpload("b", { size: 1, ...o }),
  delete: (s, o) => s.delete("a", o),
  deleteMany: (s, o) => s.deleteMany(["a"], o),
  deleteFolder: (s, o) => s.deleteFolder("f", { recursive: true, ...o }),
  createFolder: (s, o) => s.createFolder("f/g", o),
  exists: (s, o) => s.exists("a", o),
  isFile: (s, o) => s.isFile("a", o),
  isFolder: (s, o) => s.isFolder("a", o),
  listFiles: (s, o) => Array.fromAsync(s.listFiles("", o)),
  listFolders: (s, o) => Array.fromAsync(s.listFolders("", o)),
  iterChildren: (s, o) => Array.fromAsync(s.iterChildren("", o)),
  getFileInfo: (s, o) => s.getFileInfo("a", o),
  getFolderInfo: (s, o) => s.getFolderInfo("", o),
  head: (s, o) => s.head("a", o),
  move: (s, o) => s.move("a", "c", o),
  copy: (s, o) => s.copy("a", "c", o),
  ping: (s, o) => s.ping(o),
};

const PROXIES: Readonly<Record<string, (inner: StoreLike) => StoreLike>> = {
  observe: (inner) =>
    observe(inner, { around: async (_, next) => await next() }),
  cache: (inner) => cache(inner),
  "cache with staleTtl": (inner) => cache(inner, { staleTtl: 1000 }),
  proxy: (inner) => new Plain(inner),
};

for (const [name, wrap] of Object.entries(PROXIES)) {
  Deno.test(`PROXY-005 an option that ${name} does not know reaches the store, on every call and each time`, async () => {
    const lost: string[] = [];
    for (const [method, call] of Object.entries(CALLS)) {
      const inner = new Store({ backend: new MemoryBackend() });
      await inner.write("a", "A");
      await inner.write("f/b", "B");
      let seen = 0;
      const asked = new Proxy(inner, {
        get(target, key) {
          const value = Reflect.get(target, key, target);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            const [options] = args.slice(-1);
            if (Object(options).novelty !== 7) return value.apply(target, args);
            seen++;
            // A store of this version refuses it, one of the next has a use for it.
            const { novelty: _, ...known } = Object(options);
            return value.apply(target, [...args.slice(0, -1), known]);
          };
        },
      });
      const store = wrap(asked);
      // The plain answer is known by then, where it is remembered.
      if (/^(read|is|exists|get|list|iter)/.test(method)) await call(store, {});
      await call(store, { novelty: 7 });
      if (seen === 0) lost.push(method);
    }
    assertEquals(lost, []);
  });
}
