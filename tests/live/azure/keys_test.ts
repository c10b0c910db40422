import { assert, assertEquals } from "@std/assert";
import { isRemoteStoreError, normalizePath, Store } from "../../../mod.ts";
import { createContainer, openBackend } from "./account.ts";
import { KEYS } from "./keys.ts";
import { ORIGIN } from "./origin.ts";

/** What became of a name: its canonical form, or refused before any request. */
async function tryKey(
  path: string,
): Promise<{ kept: string } | { refused: true }> {
  let requests = 0;
  const container = await createContainer(ORIGIN);
  const fetch = (url: string, init: RequestInit) => {
    requests++;
    return globalThis.fetch(url, init);
  };
  const backend = openBackend(ORIGIN, container, { fetch });
  await using store = new Store({ backend });
  try {
    await store.write(path, path.isWellFormed() ? path : "");
  } catch (error) {
    assert(isRemoteStoreError(error), `${error}`);
    assertEquals([error.code, requests], ["InvalidPath", 0], `${error}`);
    return { refused: true };
  }
  // What the path grammar makes of it is the name; no other may come up.
  const key = normalizePath(path);
  assertEquals(await store.readText(key), path);
  const names = async () =>
    (await Array.fromAsync(store.listFiles("", { recursive: true })))
      .map((file) => file.path).sort();
  assertEquals(await names(), [key]);
  const copy = key.length > 1020 ? "copy" : `${key}_2`;
  await store.copy(key, copy);
  assertEquals(await store.readText(copy), path);
  assertEquals(await names(), [copy, key].sort());
  await store.delete(key);
  assertEquals(await names(), [copy]);
  await store.deleteMany([copy]);
  assertEquals(await names(), []);
  return { kept: key };
}

Deno.test("KEY-001 each of 200 names and more is byte-exact on the service, or refused with no request", async () => {
  assert(KEYS.length >= 200, `${KEYS.length}`);
  const refused: string[] = [];
  const changed: string[] = [];
  for (const path of KEYS) {
    const outcome = await tryKey(path).catch((error) => {
      throw new Error(JSON.stringify(path), { cause: error });
    });
    if ("refused" in outcome) refused.push(path);
    else if (outcome.kept !== path) changed.push(path);
  }
  assertEquals(changed, [
    // The path grammar's own doing, the same on every backend (PATH-002).
    "a\\b",
    "a//b",
    "/a",
    "a/",
    "a/./b",
    "./a",
  ]);
  assertEquals(refused.length, KEYS.filter(mustBeRefused).length);
  assertEquals(refused.filter((path) => !mustBeRefused(path)), []);
});

function mustBeRefused(path: string): boolean {
  return path === "\\" || path.split("/").includes("..") ||
    // deno-lint-ignore no-control-regex -- they are what is refused
    /[\x00-\x1f\x7f-\x9f\ufffe\uffff]/.test(path) || !path.isWellFormed() ||
    path.length > 1024 || path.split("/").length > 254;
}

Deno.test("KEY-002 a backslash is refused by the backend itself: the service would store a slash", async () => {
  const container = await createContainer(ORIGIN);
  const backend = openBackend(ORIGIN, container);
  for (const key of ["a\\b", "\\", "a/b\\"]) {
    try {
      await backend.stat(key, { signal: undefined });
      assert(false, key);
    } catch (error) {
      assert(isRemoteStoreError(error) && error.code === "InvalidPath");
    }
  }
});
