import { assert, assertEquals } from "@std/assert";
import { ContentDigest, type FileInfo, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { cache } from "../../../ext/cache.ts";
import { WebCache } from "../../../ext/_cache/web.ts";

/** The Cache API as far as Workers have it: no keys. */
function storage() {
  const answers = new Map<string, Response>();
  return {
    answers,
    match: (url: string) => Promise.resolve(answers.get(url)?.clone()),
    put: (url: string, response: Response) =>
      Promise.resolve(void answers.set(url, response)),
    delete: (url: string) => Promise.resolve(answers.delete(url)),
  };
}

const fresh = (value: Parameters<WebCache["set"]>[1]["value"]) => ({
  value,
  etag: null,
  freshUntil: 7,
});

Deno.test("CACHE-001 WebCache gives back every kind of value as it was", async () => {
  const web = new WebCache(storage(), "a");
  const info: FileInfo = Object.freeze({
    kind: "file",
    path: "é/\ud83d\ude00",
    name: "\ud83d\ude00",
    size: 1,
    lastModified: new Date(12345),
    digest: new ContentDigest("sha256", "ab".repeat(32)),
    etag: '"1"',
    contentType: null,
    metadata: Object.freeze({ "$date": "text" }),
    extra: Object.freeze({}),
  });
  for (const value of [true, false, null, info, [info], []]) {
    await web.set(["list", "x"], fresh(value), 10_000);
    assertEquals((await web.get(["list", "x"]))?.value, value);
  }
  await web.set(["list", "x"], fresh(info), 10_000);
  const back = (await web.get(["list", "x"]))?.value as FileInfo;
  assert(Object.isFrozen(back) && back.digest instanceof ContentDigest);
  const bytes = new Uint8Array([0, 255, 1]);
  const entry = { value: bytes, etag: '"é"', freshUntil: 7 };
  await web.set(["readBytes", "a/../?#b"], entry, 10_000);
  assertEquals(await web.get(["readBytes", "a/../?#b"]), entry);
});

Deno.test("CACHE-001 WebCache forgets after its time, one entry, an operation or all", async () => {
  const web = new WebCache(storage(), "a");
  const has = async (operation: string) =>
    await web.get([operation, "a"]) !== undefined;
  await web.set(["exists", "a"], fresh(true), -1);
  assert(!await has("exists"));
  for (const operation of ["exists", "list", "isFile"]) {
    await web.set([operation, "a"], fresh(true), 10_000);
  }
  await web.delete(["isFile", "a"]);
  await web.clearPrefix("list");
  assertEquals([await has("isFile"), await has("list"), await has("exists")], [
    false,
    false,
    true,
  ]);
  await web.clear();
  assertEquals([await has("exists"), web.size()], [false, null]);
});

Deno.test("CACHE-001 of two clearings at once none is lost", async () => {
  const web = new WebCache(storage(), "a");
  for (const operation of ["x", "y"]) {
    await web.set([operation, "a"], fresh(true), 10_000);
  }
  await Promise.all([web.clearPrefix("x"), web.clearPrefix("y")]);
  assertEquals([await web.get(["x", "a"]), await web.get(["y", "a"])], [
    undefined,
    undefined,
  ]);
});

Deno.test("CACHE-001 of two clearings in two isolates none is lost", async () => {
  const shared = storage();
  const [one, other] = [new WebCache(shared, "a"), new WebCache(shared, "a")];
  await one.set(["exists", "a"], fresh(true), 10_000);
  // The other one looks the names up first, and is slow to write them.
  let write = () => {};
  const { put } = shared;
  shared.put = async (url, response) => {
    await new Promise<void>((resolve) => write = resolve);
    await put(url, response);
  };
  const slow = other.clearPrefix("list");
  await new Promise((resolve) => setTimeout(resolve, 0));
  shared.put = put;
  await one.clear();
  write();
  await slow;
  assertEquals(await one.get(["exists", "a"]), undefined);
});

Deno.test("CACHE-001 what was cleared stays so where the storage loses a single answer", async () => {
  const { answers, ...shared } = storage();
  const web = new WebCache(shared, "a");
  await web.set(["exists", "a"], fresh(true), 10_000);
  await web.clear();
  // Workers drop what was not used lately, one by one: here all but the entry.
  for (const [url, answer] of answers) {
    if (!answer.headers.has("x-entry")) answers.delete(url);
  }
  assertEquals(answers.size, 1);
  assertEquals(await web.get(["exists", "a"]), undefined);
});

Deno.test("CACHE-003 what may be kept for ever is kept", async () => {
  const inner = new Store({ backend: new MemoryBackend() });
  const web = new WebCache(storage(), "a");
  const store = cache(inner, { ttl: Infinity, backend: web });
  assertEquals((await store.write("a", "A")).size, 1);
  for (let i = 0; i < 2; i++) assertEquals(await store.readText("a"), "A");
  assertEquals((await store.stats()).hits, 1);
});

Deno.test("CACHE-001 two names in one storage know nothing of each other, two caches of one name do", async () => {
  const shared = storage();
  const [a, b, again] = ["a", "b", "a"].map((name) =>
    new WebCache(shared, name)
  );
  await a?.set(["exists", "x"], fresh(true), 10_000);
  assertEquals(await b?.get(["exists", "x"]), undefined);
  assertEquals((await again?.get(["exists", "x"]))?.value, true);
  await again?.clear();
  assertEquals(await a?.get(["exists", "x"]), undefined);
});

Deno.test("CACHE-001 a store over a WebCache asks once, and again after a write", async () => {
  const inner = new Store({ backend: new MemoryBackend() });
  const store = cache(inner, { backend: new WebCache(storage(), "a") });
  assertEquals((await store.write("a/b", "AB")).size, 2);
  for (let i = 0; i < 2; i++) {
    assertEquals(await store.readText("a/b"), "AB");
    assertEquals((await Array.fromAsync(store.listFiles("a"))).length, 1);
  }
  assertEquals((await store.stats()).hits, 2);
  assertEquals((await store.write("a/c", "C")).size, 1);
  assertEquals((await Array.fromAsync(store.listFiles("a"))).length, 2);
});

Deno.test("CACHE-017 a lease is what stands there when it has been made, another tab's name too", async () => {
  const shared = storage();
  const [one, other] = [new WebCache(shared, "a"), new WebCache(shared, "a")];
  const { put } = shared;
  let theirs = "";
  shared.put = async (url, response) => {
    shared.put = put;
    await put(url, response);
    // The other tab has missed the same name, and is later.
    await put(url, new Response("theirs"));
    theirs = url;
  };
  const key = ["exists", "a"] as const;
  const lease = await one.lease(key);
  assert(theirs.includes("name=") && lease.includes("theirs"), lease);
  assertEquals(await other.lease(key), lease);
});

Deno.test("CACHE-017 what was asked for with a lease from before a change is found by nobody, however late it is kept", async () => {
  const shared = storage();
  const [slow, writer] = [new WebCache(shared, "a"), new WebCache(shared, "a")];
  for (const key of [["readBytes", "f/a"], ["list", "listFiles", "", "f"]]) {
    const at = key as [string, string];
    const before = await slow.lease(at);
    assertEquals(await writer.lease(at), before);
    await writer.revoke(["f/a", "f", ""]);
    await slow.set(at, fresh(true), 10_000, before);
    for (const web of [slow, writer]) {
      const now = await web.lease(at);
      assert(now !== before);
      assertEquals(await web.get(at, now), undefined);
    }
  }
  // Of another path nothing is lost, but for what hangs on all.
  const beside = await slow.lease(["readBytes", "g"]);
  await writer.revoke(["f/a", "f", ""]);
  assertEquals(await slow.lease(["readBytes", "g"]), beside);
  await writer.clear();
  assert(await slow.lease(["readBytes", "g"]) !== beside);
});

Deno.test("CACHE-018 what a change makes void is freed: what stands at its path, and all by clearing", async () => {
  const { answers, ...shared } = storage();
  const listed = {
    ...shared,
    keys: () => Promise.resolve([...answers.keys()].map((url) => ({ url }))),
  };
  const web = new WebCache(listed, "a");
  const store = cache(new Store({ backend: new MemoryBackend() }), {
    backend: web,
  });
  assertEquals((await store.write("f/a", "secret")).size, 6);
  await store.readText("f/a");
  const texts = async () =>
    await Promise.all([...answers.values()].map((a) => a.clone().text()));
  assert((await texts()).includes("secret"));
  await store.delete("f/a");
  assert(!(await texts()).includes("secret"));
  await store.exists("f");
  await store.clearCache();
  assertEquals(answers.size, 0);
});
