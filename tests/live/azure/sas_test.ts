import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  isRemoteStoreError,
  Store,
} from "../../../mod.ts";
import {
  AzureBackend,
  createServiceSas,
  presign,
} from "../../../backends/azure/mod.ts";
import { DEVELOPMENT } from "../../../backends/azure/connection_string.ts";
import { accountUrl, createContainer, openBackend } from "./account.ts";
import { ORIGIN, TLS_ORIGIN } from "./origin.ts";
import { fakeToken } from "./token.ts";

const inAnHour = () => new Date(Date.now() + 3_600_000);
const anHourAgo = () => new Date(Date.now() - 3_600_000);

async function code(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (reason) => reason);
  return isRemoteStoreError(error) ? error.code : "none";
}

/** A store that has nothing but a SAS for a container. */
function withSas(
  container: string,
  permissions: string,
  expires = inAnHour(),
  key?: string,
): Store {
  const { accountName, accountKey } = DEVELOPMENT;
  const sasToken = createServiceSas(
    { accountName, container, key, permissions, expires, allowHttp: true },
    accountKey,
  );
  const backend = new AzureBackend({
    container,
    hns: false,
    accountUrl: accountUrl(ORIGIN),
    sasToken,
    retry: { attempts: 1 },
  });
  return new Store({ backend });
}

async function filled(): Promise<string> {
  const container = await createContainer(ORIGIN);
  await using store = new Store({ backend: openBackend(ORIGIN, container) });
  await store.write("a b+c.txt", "A");
  return container;
}

Deno.test("PRESIGN a SAS for reading reads, and does nothing else", async () => {
  const container = await filled();
  await using store = withSas(container, "r", inAnHour(), "a b+c.txt");
  assertEquals(await store.readText("a b+c.txt"), "A");
  const write = store.write("a b+c.txt", "B", { overwrite: true });
  assertEquals(await code(write), "PermissionDenied");
  assertEquals(await code(store.delete("a b+c.txt")), "PermissionDenied");
});

Deno.test("PRESIGN a SAS for creating creates, and replaces nothing", async () => {
  const container = await filled();
  await using store = withSas(container, "c");
  assertEquals((await store.write("new.txt", "N")).size, 1);
  const again = store.write("new.txt", "M", { overwrite: true });
  assertEquals(await code(again), "PermissionDenied");
});

Deno.test("PRESIGN a SAS for writing replaces, copies and deletes", async () => {
  const container = await filled();
  await using store = withSas(container, "rcwdl");
  await store.write("a b+c.txt", "B", { overwrite: true });
  await store.copy("a b+c.txt", "copy.txt");
  assertEquals(await store.readText("copy.txt"), "B");
  await store.deleteMany(["a b+c.txt", "copy.txt"]);
  assertEquals(await Array.fromAsync(store.listFiles("")), []);
});

Deno.test("PRESIGN a SAS for listing lists, and pings", async () => {
  await using store = withSas(await filled(), "l");
  await store.ping();
  const files = await Array.fromAsync(store.listFiles(""));
  assertEquals(files.map((file) => file.path), ["a b+c.txt"]);
  assertEquals(await code(store.readText("a b+c.txt")), "PermissionDenied");
});

Deno.test("PRESIGN a SAS that has expired is refused", async () => {
  await using store = withSas(await filled(), "r", anHourAgo());
  assertEquals(await code(store.readText("a b+c.txt")), "PermissionDenied");
});

Deno.test("PRESIGN a store that has only a SAS cannot sign", async () => {
  await using store = withSas(await filled(), "r");
  assert(!store.supports("presign"));
  await assertRejects(
    () => presign(store, "a b+c.txt"),
    CapabilityNotSupportedError,
  );
});

/** A backend over https that shows a bearer token. */
function withToken(container: string): AzureBackend {
  return new AzureBackend({
    container,
    hns: false,
    accountUrl: accountUrl(TLS_ORIGIN),
    token: () => fakeToken(),
    retry: { attempts: 1 },
  });
}

Deno.test("AZ-001 a bearer token does everything, a copy included", async () => {
  const container = await createContainer(TLS_ORIGIN);
  await using store = new Store({ backend: withToken(container) });
  await store.write("a.txt", "A");
  await store.copy("a.txt", "b.txt");
  await store.move("b.txt", "c.txt");
  assertEquals(await store.readText("c.txt"), "A");
  await store.deleteMany(["a.txt", "c.txt"]);
  await store.ping();
  assertEquals(await Array.fromAsync(store.listFiles("")), []);
});

Deno.test("PRESIGN a user delegation SAS, made from a bearer's key, is accepted", async () => {
  const container = await createContainer(TLS_ORIGIN);
  await using store = new Store({ backend: withToken(container) });
  await store.write("a.txt", "A");
  const { url } = await presign(store, "a.txt");
  assert(url.includes("skoid="));
  assertEquals(await (await fetch(url)).text(), "A");
  const refused = await fetch(url, { method: "DELETE" });
  assertEquals(refused.status, 403);
  await refused.body?.cancel();
});

Deno.test("PRESIGN @azure/storage-blob takes the signed URLs as they are", async () => {
  const container = await createContainer(TLS_ORIGIN);
  const backends = [openBackend(TLS_ORIGIN, container), withToken(container)];
  const path = "é/a b+c%20.txt";
  for (const backend of backends) {
    const store = new Store({ backend });
    await store.write(path, "A", { overwrite: true });
    const { url } = await presign(store, path);
    const { stdout, stderr } = await new Deno.Command("node", {
      args: ["tests/oracles/azure/download.mjs", url],
    }).output();
    const said = new TextDecoder().decode(stderr);
    const [container_, name, text] = JSON.parse(
      new TextDecoder().decode(stdout) || `["${said}"]`,
    );
    assertEquals([container_, name, text], [container, path, "A"]);
  }
});
