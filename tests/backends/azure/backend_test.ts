import { assert, assertEquals, assertRejects } from "@std/assert";
import { isContainerNotFound } from "../../../core/backend.ts";
import { AzureBackend, detectHns } from "../../../backends/azure/backend.ts";
import {
  BackendUnavailableError,
  RemoteStoreError,
  Store,
} from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

Deno.test("AZ-003 capabilities say what this instance can do", () => {
  const { backend } = createFake();
  const real = createFake({ hns: true }).backend;
  const bySas =
    createFake({ accountKey: undefined, sasToken: "sig=x" }).backend;
  assert(!backend.capabilities.has("atomic_move"));
  assert(real.capabilities.has("atomic_move"));
  assert(backend.capabilities.has("presign"));
  assert(!bySas.capabilities.has("presign"));
  assertEquals([backend.namespace, real.namespace], ["flat", "hierarchical"]);
  assertEquals([backend.move, real.deleteMany], [undefined, undefined]);
});

Deno.test("AZ-004 nothing is sent at construction", () => {
  assertEquals(createFake().sent.length, 0);
});

Deno.test("AZ-027 native paths name the container, and foreign ones stay as they are", () => {
  const { backend } = createFake();
  assertEquals(backend.nativePath("a/b"), "files/a/b");
  assertEquals(backend.nativePath(""), "files");
  assertEquals(backend.toKey("files/a/b"), "a/b");
  assertEquals([backend.toKey("files"), backend.toKey("x/y")], ["", "x/y"]);
});

Deno.test("RES-053 describe() names container and account, and no secret", () => {
  assertEquals(createFake({ connectionString: undefined }).backend.describe(), {
    container: "files",
    accountUrl: "https://fake.blob.core.windows.net",
    hns: false,
  });
});

Deno.test("PING-007 ping() looks at the container, by SAS at its listing", async () => {
  const { backend, sent } = createFake();
  await backend.ping({ signal: undefined });
  assertEquals(sent[0]?.method, "HEAD");
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  await bySas.backend.ping({ signal: undefined });
  assert(bySas.sent[0]?.url.includes("comp=list&maxresults=1"));
  const absent = createFake({ container: "other" }).backend;
  const error = await absent.ping({ signal: undefined }).catch((e) => e);
  assert(isContainerNotFound(error));
});

Deno.test("AZ-009 flat: a marker is a folder in listings, no file, and goes with deleteFolder", async () => {
  const { store, paths } = createFake();
  paths.put("d", { metadata: { hdi_isfolder: "true" } });
  paths.put("e/", {});
  const folders = await Array.fromAsync(store.listFolders(""));
  assertEquals(folders.map((folder) => folder.path).sort(), ["d", "e"]);
  assertEquals(await store.isFile("d"), false);
  assertEquals(await Array.fromAsync(store.listFiles("")), []);
  await store.deleteFolder("e");
  assertEquals([...paths.nodes.keys()], ["d"]);
});

Deno.test("AZ-029 a closed backend stays closed", async () => {
  const { store } = createFake();
  await store.close();
  await store.close();
  await assertRejects(() => store.readText("a"), BackendUnavailableError);
});

Deno.test("AZ-006 detectHns() asks once, and fails rather than guess", async () => {
  for (const told of ["true", "false", null]) {
    const headers = told === null ? {} : { "x-ms-is-hns-enabled": told };
    const { options, sent } = createFake(
      {},
      () => new Response(null, { headers }),
    );
    if (told === null) {
      await assertRejects(() => detectHns(options), RemoteStoreError);
    } else {
      assertEquals(await detectHns(options), told === "true");
    }
    assertEquals(sent.length, 1);
  }
});

Deno.test("SEC-001 no secret shows in what is printed, in errors or in plans", async () => {
  const secret = btoa("a very secret key");
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: secret,
    retry: { attempts: 1 },
    fetch: (url) =>
      Promise.reject(new TypeError(`failed: ${url}?sig=${secret}`)),
  });
  const store = new Store({ backend });
  const error = await store.readText("a").catch((reason) => reason);
  const printed = [
    Deno.inspect(backend, { depth: 9 }),
    JSON.stringify(backend),
    JSON.stringify(store.resolve("a")),
    Deno.inspect(error, { depth: 9 }),
  ].join("\n");
  assert(!printed.includes(secret), printed);
});
