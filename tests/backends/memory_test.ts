import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  AlreadyExistsError,
  InvalidArgumentError,
  PreconditionFailedError,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { checkSequences } from "../deep/sequences.ts";

function newStore(): Store {
  return new Store({ backend: new MemoryBackend() });
}

Deno.test("MEM Memory differs from the model in none of 300 sequences", async () => {
  await checkSequences(300, 20260101);
});

Deno.test("RET-014 a memory takes a namespace, and nothing to retry", () => {
  const Loose = MemoryBackend as unknown as new (options: unknown) => unknown;
  for (
    const [options, why] of [
      [{ retry: 3 }, "there is no option retry"],
      [{ namespace: "Flat" }, 'its namespace is "Flat"'],
      [{ namespace: "constructor" }, 'its namespace is "constructor"'],
      [{ namespace: null }, "its namespace is null"],
      ["flat", "the options are no object"],
    ] as const
  ) {
    assertThrows(() => new Loose(options), InvalidArgumentError, why);
  }
});

Deno.test("MEM-010 what the caller does to its buffer changes no file", async () => {
  const store = newStore();
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const view = bytes.subarray(1, 3);
  const run = store.write("a", view);
  bytes.fill(9);
  await run;
  assertEquals([...await store.readBytes("a")], [2, 3]);
  bytes.fill(7);
  assertEquals([...await store.readBytes("a")], [2, 3]);
});

Deno.test("MEM-011 what a reader does to its bytes changes no file", async () => {
  const store = newStore();
  await store.write("a", new Uint8Array([1, 2, 3]));
  (await store.readBytes("a")).fill(9);
  const { value } = await (await store.read("a")).getReader().read();
  value?.fill(9);
  (await store.readBytes("a", { range: { offset: 1, length: 1 } })).fill(9);
  (await (await store.openBlob("a")).bytes()).fill(9);
  assertEquals([...await store.readBytes("a")], [1, 2, 3]);
});

Deno.test("MEM-011 a stream that was handed out is a snapshot", async () => {
  const store = newStore();
  await store.write("a", new Uint8Array(600_000).fill(1));
  const reader = (await store.read("a")).getReader();
  const { value: first } = await reader.read();
  await store.write("a", "new", { overwrite: true });
  await store.delete("a");
  let bytes = first?.length ?? 0;
  for (let part; (part = await reader.read()).value !== undefined;) {
    assert(part.value.every((byte) => byte === 1));
    bytes += part.value.length;
  }
  assertEquals(bytes, 600_000);
});

for (const way of ["write", "writeAtomic"] as const) {
  const rule = way === "write" ? "MEM-012" : "MEM-013";
  Deno.test(`${rule} ${way} makes the folders above, asks before it replaces, and stamps the time`, async () => {
    const store = newStore();
    const before = Date.now();
    const { lastModified } = await store[way]("a/b/c", "1");
    const stamp = lastModified?.getTime() ?? 0;
    assert(before <= stamp && stamp <= Date.now());
    assertEquals(await store.isFolder("a/b"), true);
    await assertRejects(() => store[way]("a/b/c", "2"), AlreadyExistsError);
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error("broken")),
    });
    await assertRejects(
      () => store[way]("a/b/c", broken, { overwrite: true }),
      Error,
      "broken",
    );
    assertEquals(await store.readText("a/b/c"), "1");
  });
}

Deno.test("MEM-014 a folder outlives its last file", async () => {
  const store = newStore();
  await store.write("a/b/c", "x");
  await store.move("a/b/c", "d");
  assertEquals(await store.isFolder("a/b"), true);
  await store.deleteFolder("a/b");
  assertEquals(await store.exists("a/b"), false);
  assertEquals(await store.isFolder("a"), true);
});

Deno.test("MEM-016 a move keeps version and time, a copy is a new version", async () => {
  const store = newStore();
  await store.write("a", "x", { contentType: "text/x", metadata: { k: "v" } });
  const before = await store.getFileInfo("a");
  await store.copy("a", "b");
  const copied = await store.getFileInfo("b");
  assertNotEquals(copied.etag, before.etag);
  assertEquals([copied.contentType, copied.metadata], ["text/x", { k: "v" }]);
  await store.move("a", "c");
  assertEquals(
    { ...await store.getFileInfo("c"), path: "a", name: "a" },
    before,
  );
});

Deno.test("MEM every version has an etag of its own", async () => {
  const store = newStore();
  const etags = new Set<string | null>();
  for (let i = 0; i < 50; i++) {
    etags.add((await store.write("a", "same", { overwrite: true })).etag);
  }
  assertEquals(etags.size, 50);
});

Deno.test("MEM of two writes that create one file, one wins", async () => {
  const store = newStore();
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => store.write("a", new Blob([`${i}`]))),
  );
  assertEquals(results.filter((r) => r.status === "fulfilled").length, 1);
});

Deno.test("MEM of two replacements of one version, one wins", async () => {
  const store = newStore();
  const { etag } = await store.write("a", "1");
  const ifMatch = etag ?? "";
  const results = await Promise.allSettled([
    store.write("a", new Blob(["2"]), { ifMatch }),
    store.write("a", "3", { ifMatch }),
  ]);
  assertEquals(results.map((r) => r.status).sort(), ["fulfilled", "rejected"]);
  await assertRejects(
    () => store.write("absent", "x", { ifMatch }),
    PreconditionFailedError,
    "it does not exist",
  );
});

Deno.test("MEM headers come back as extra, the type as contentType", async () => {
  const store = newStore();
  await store.write("a", "x", {
    contentType: "text/plain",
    cacheControl: "no-store",
    contentLanguage: "de",
  });
  const info = await store.getFileInfo("a");
  assertEquals(info.contentType, "text/plain");
  assertEquals(info.extra, { cacheControl: "no-store", contentLanguage: "de" });
});

Deno.test("MEM-025 a loop that adds to the folder it lists comes to an end", async () => {
  const store = newStore();
  for (let i = 0; i < 1500; i++) await store.write(`f${i}`, "x");
  let seen = 0;
  for await (const file of store.listFiles("")) {
    if (++seen > 4000) break;
    await store.copy(file.path, `${file.path}.${seen}`);
  }
  assert(seen <= 3000, `it saw ${seen} files of 1500`);
});

Deno.test("MEM a loop that deletes what it lists misses nothing", async () => {
  const store = newStore();
  for (let i = 0; i < 2500; i++) await store.write(`d/${i % 7}/f${i}`, "x");
  for await (const file of store.listFiles("", { recursive: true })) {
    await store.delete(file.path);
  }
  assertEquals((await store.getFolderInfo("")).fileCount, 0);
});

Deno.test("MEM a listing has pages, and each goes on where the last one ended", async () => {
  const store = newStore();
  for (let i = 0; i < 2001; i++) await store.write(`d/f${i}`, "x");
  const paths = [];
  for await (const file of store.listFiles("d")) paths.push(file.path);
  assertEquals(new Set(paths).size, 2001);
});

Deno.test("MEM-026: no two memories give the same tag, and so no condition of one holds in another", async () => {
  const stores = [1, 2, 3].map(() =>
    new Store({ backend: new MemoryBackend() })
  );
  const tags = new Set<string | null>();
  for (const store of stores) {
    for (const path of ["a", "b"]) {
      tags.add((await store.write(path, "x")).etag);
    }
  }
  assertEquals(tags.size, 6);
  const [one, two] = stores as [Store, Store];
  const { etag } = await one.getFileInfo("a");
  const ifMatch = etag ?? undefined;
  await assertRejects(() => two.write("a", "y", { ifMatch }));
  assert((await two.open("a", { ifNoneMatch: ifMatch })).body !== null);
});
