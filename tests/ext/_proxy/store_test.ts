import { assert, assertEquals } from "@std/assert";
import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import type { Forward, StoreCall, StoreMethod } from "../../../ext/proxy.ts";
import type { CachedStore } from "../../../ext/_cache/store.ts";
import type { ObservedStore } from "../../../ext/_observe/store.ts";
import { ProxyStore } from "../../../ext/_proxy/store.ts";

/** A proxy that tells which way each call goes, and with what. */
class Told extends ProxyStore {
  readonly ways: [way: string, call: StoreCall][] = [];
  protected override forward<T>(call: StoreCall, work: Forward<Promise<T>>) {
    this.ways.push(["waits", call]);
    return super.forward(call, work);
  }
  protected override forwardListing<T>(
    call: StoreCall,
    work: Forward<AsyncIterable<T>>,
  ) {
    this.ways.push(["lists", call]);
    return work(call.options);
  }
  protected override forwardNow<T>(call: StoreCall, work: () => T): T {
    this.ways.push(["at once", call]);
    return super.forwardNow(call, work);
  }
  child(path: string): Told {
    return new Told(this.inner.child(path));
  }
}

class Other extends Told {}

const given = Object.freeze({ signal: new AbortController().signal, more: 1 });
const content = new Uint8Array([1]);

/** What each method is called with, and the way and the call that this is to be. */
const CALLS: {
  readonly [M in Exclude<StoreMethod, "child" | "equals">]: readonly [
    args: readonly unknown[],
    way: "waits" | "lists" | "at once",
    path: string,
  ];
} = {
  read: [["a", given], "waits", "a"],
  open: [["a", given], "waits", "a"],
  readBytes: [["a", given], "waits", "a"],
  readText: [["a", given], "waits", "a"],
  openBlob: [["a", given], "waits", "a"],
  write: [["a", content, given], "waits", "a"],
  writeText: [["a", "text", given], "waits", "a"],
  writeAtomic: [["a", content, given], "waits", "a"],
  openAtomic: [["a", given], "waits", "a"],
  openUpload: [["a", given], "waits", "a"],
  delete: [["a", given], "waits", "a"],
  deleteMany: [[["a", "b"], given], "waits", ""],
  deleteFolder: [["a", given], "waits", "a"],
  createFolder: [["a", given], "waits", "a"],
  exists: [["a", given], "waits", "a"],
  isFile: [["a", given], "waits", "a"],
  isFolder: [["a", given], "waits", "a"],
  listFiles: [["a", given], "lists", "a"],
  listFolders: [["a", given], "lists", "a"],
  iterChildren: [["a", given], "lists", "a"],
  glob: [["a/*", given], "lists", "a/*"],
  getFileInfo: [["a", given], "waits", "a"],
  getFolderInfo: [["a", given], "waits", "a"],
  head: [["a", given], "waits", "a"],
  move: [["a", "b", given], "waits", "a"],
  copy: [["a", "b", given], "waits", "a"],
  ping: [[given], "waits", ""],
  supports: [["READ"], "at once", ""],
  resolve: [["a"], "at once", "a"],
  nativePath: [["a"], "at once", "a"],
  toKey: [["bucket/a"], "at once", "bucket/a"],
  unwrap: [[MemoryBackend], "at once", ""],
  close: [[], "waits", ""],
};

/** A store whose every method tells what it was called with, and gives a thing of its own. */
function recording() {
  const called: [name: PropertyKey, args: unknown[], gave: unknown][] = [];
  const inner = {} as Record<PropertyKey, unknown>;
  for (const name of Reflect.ownKeys(Store.prototype)) {
    inner[name] = (...args: unknown[]) => {
      const gave = { by: name };
      called.push([name, args, gave]);
      return gave;
    };
  }
  return { called, inner: inner as unknown as StoreLike };
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** The methods that do not take exactly what a store's do. */
type TakesOther<P extends Pick<StoreLike, StoreMethod>> = {
  [M in StoreMethod]: Same<Parameters<P[M]>, Parameters<StoreLike[M]>> extends
    true ? never : M;
}[StoreMethod];

Deno.test("PROXY-001 every store takes what StoreLike does, option by option: else this does not compile", () => {
  const others: readonly (
    | TakesOther<Store>
    | TakesOther<ProxyStore>
    | TakesOther<CachedStore>
    | TakesOther<ObservedStore>
  )[] = [];
  // No method is left to put here.
  const none: readonly never[] = others;
  assertEquals(none.length, 0);
});

Deno.test("PROXY-001 the base has every method that a store has", () => {
  const methods = Reflect.ownKeys(Store.prototype)
    .filter((name) => name !== "constructor" && name !== "toString");
  const missing = methods.filter((name) =>
    name !== "child" && !Object.hasOwn(ProxyStore.prototype, name)
  );
  assertEquals(missing, []);
  const tested = [...Object.keys(CALLS), "child", "equals"];
  assertEquals(
    methods.filter((name) => typeof name === "string").sort(),
    tested.sort(),
  );
});

for (const [name, [args, way, path]] of Object.entries(CALLS)) {
  Deno.test(`PROXY-001 ${name} is forwarded once, one way, with what it was given, and gives what came`, () => {
    const { inner, called } = recording();
    const proxy = new Told(inner);
    const method = proxy[name as StoreMethod] as (...of: unknown[]) => unknown;
    const gave = method.apply(proxy, [...args]);
    assertEquals(called.length, 1);
    const [[called_, passed, given_] = []] = called;
    assertEquals(called_, name);
    assert(gave === given_, "the inner store's own result");
    args.forEach((arg, index) => assert(passed?.[index] === arg, `${index}`));
    assertEquals(
      passed?.slice(args.length).every((v) => v === undefined),
      true,
    );
    assertEquals(proxy.ways.length, 1);
    const [[taken, call] = []] = proxy.ways;
    assertEquals([taken, call?.method, call?.path], [way, name, path]);
    assert(call?.options === (args.includes(given) ? given : undefined));
    assertEquals(
      call?.target,
      name === "move" || name === "copy" ? "b" : undefined,
    );
  });
}

Deno.test("PROXY-002 a way can give other options, and what is thrown at the call stays there", async () => {
  class Impatient extends Told {
    protected override forward<T>(call: StoreCall, work: Forward<Promise<T>>) {
      return work({ ...call.options, signal: AbortSignal.abort("late") });
    }
  }
  const store = new Impatient(new Store({ backend: new MemoryBackend() }));
  const error = await store.write("a", "A").catch((error) => error);
  assertEquals(error, "late");
  const thrown = (() => {
    try {
      return store.listFiles("/../");
    } catch (error) {
      return (error as Error).name;
    }
  })();
  assertEquals(thrown, "InvalidPathError");
});

Deno.test("PROXY-003 proxies are equal where class, backend and root are, and dispose as they close", async () => {
  const inner = new Store({ backend: new MemoryBackend() });
  const one = new Told(inner);
  assert(one.equals(new Told(inner)) && one.inner === inner);
  assert(one.child("a").equals(new Told(inner.child("a"))));
  assert(!one.equals(inner) && !inner.equals(one) && !one.equals(null));
  assert(!one.equals(new Other(inner)) && !one.equals(one.child("a")));
  const { inner: closing, called } = recording();
  {
    await using store = new Told(closing);
    assert(store);
  }
  assertEquals(called.map(([name]) => name), ["close"]);
});
