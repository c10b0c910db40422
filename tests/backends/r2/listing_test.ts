import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { toListPage } from "../../../backends/r2/listing.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import { at, createFake, numbered } from "./setup.ts";

Deno.test("R2-011: pages that come short are no end, and metadata is told", async () => {
  const { store, fake } = createFake(at("list", 2, numbered(10001)));
  for (let i = 0; i < 250; i++) {
    fake.store(`f/${1000 + i}`, new Uint8Array(i), "e", {
      customMetadata: { i: `${i}` },
    }, {});
  }
  const files = await Array.fromAsync(store.listFiles("f"));
  assertEquals(files.length, 250);
  assertEquals(
    files.map(({ metadata }) => Number(metadata?.["i"])),
    files.map(({ size }) => size!),
  );
});

Deno.test("R2-011: objects that no path can name are left out, and a slash at the end is a folder", async () => {
  const { store, fake } = createFake();
  const keys = [
    "a//b",
    "a/../b",
    "/a",
    "a\\b",
    "a/./b",
    "a\0",
    "ok/file",
    "marked/",
    "..",
    "x/",
  ];
  for (const key of keys) fake.store(key, new Uint8Array(1), "e", {}, {});
  const all = await Array.fromAsync(store.listFiles("", { recursive: true }));
  assertEquals(all.map(({ path }) => path), ["ok/file"]);
  const folders = await Array.fromAsync(store.listFolders(""));
  assertEquals(folders.map(({ path }) => path), ["a", "marked", "ok", "x"]);
});

Deno.test("R2-005: drafts are in no listing, at any depth and by any prefix", async () => {
  const { store, fake } = createFake();
  fake.store(".~tmp/draft", new Uint8Array(1), "e", {}, {});
  fake.store("a", new Uint8Array(1), "e", {}, {});
  assertEquals((await Array.fromAsync(store.iterChildren(""))).length, 1);
  const all = await Array.fromAsync(store.listFiles("", { recursive: true }));
  assertEquals(all.map(({ path }) => path), ["a"]);
  assertEquals(await Array.fromAsync(store.glob(".~t*/**")), []);
  assertEquals((await store.getFolderInfo("")).fileCount, 1);
});

Deno.test("R2-011: a page that goes on, and does not say where, is an error", async () => {
  const page = { objects: [], delimitedPrefixes: [], truncated: true };
  assertThrows(
    () => toListPage(page),
    BackendUnavailableError,
    "does not say where",
  );
  const { store } = createFake((method) =>
    method === "list" ? numbered(10006) : null
  );
  // A bucket that is not there has no files, as everywhere.
  await assertRejects(() => store.ping());
});
