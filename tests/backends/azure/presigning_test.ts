import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { MemoryBackend } from "../../../backends/memory.ts";
import {
  AzureBackend,
  presign,
  type PresignOptions,
  remoteSigner,
  urlSigner,
} from "../../../backends/azure/mod.ts";
import { azureSigning } from "../../../backends/azure/signing.ts";
import { signHandler } from "../../../ext/sign.ts";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  ContentDigest,
  InvalidArgumentError,
  InvalidPathError,
  PermissionDeniedError,
  Store,
} from "../../../mod.ts";
import { type Send, sendAs, statusOf } from "../presigned.ts";
import { createFake } from "./fake_store.ts";

const md5Of = (text: string) =>
  new ContentDigest("md5", createHash("md5").update(text).digest("hex"));

const permissionsOf = (url: string) => new URL(url).searchParams.get("sp");

Deno.test("AZ-044 PRESIGN-001 a request is all that it takes to read, look at, write and delete the file", async () => {
  const { store: parent, service } = createFake();
  const store = parent.child("x");
  const key = "a b";
  const send = async (options: PresignOptions, body?: string) => {
    const signed = await presign(store, key, options);
    const status = await statusOf(service.fetch as Send, signed, body);
    return [permissionsOf(signed.url), status];
  };
  const put: PresignOptions = { method: "PUT", contentType: "text/x" };
  assertEquals(await send(put, "hi"), ["c", 201]);
  assertEquals(await store.readText(key), "hi");
  assertEquals((await store.getFileInfo(key)).contentType, "text/x");
  assertEquals(await send({}), ["r", 200]);
  assertEquals(await send({ method: "HEAD" }), ["r", 200]);
  assertEquals(await send({ method: "DELETE" }), ["d", 202]);
  assertEquals(await store.exists(key), false);
});

Deno.test("AZ-044 PRESIGN-001 the result is frozen, whole, and says when it ends", async () => {
  const { store } = createFake();
  const signed = await presign(store.child("x"), "a", { expiresIn: 60 });
  assertEquals(Object.keys(signed), [
    "url",
    "method",
    "headers",
    "fields",
    "expires",
    "enforced",
  ]);
  for (const part of [signed, signed.headers, signed.enforced]) {
    assert(Object.isFrozen(part));
  }
  const { pathname, searchParams } = new URL(signed.url);
  assertEquals(pathname, "/files/x/a");
  assertEquals(
    searchParams.get("se"),
    signed.expires.toISOString().replace(".000Z", "Z"),
  );
  const left = signed.expires.getTime() - Date.now();
  assert(left > 50_000 && left <= 60_000, `${left}`);
});

Deno.test("PRESIGN-002 a write creates, unless it may overwrite", async () => {
  const { store, service } = createFake();
  const send = service.fetch as Send;
  const signed = await presign(store, "a", { method: "PUT" });
  assertEquals(signed.enforced, ["create"]);
  assertEquals(await statusOf(send, signed, "x"), 201);
  assertEquals(await statusOf(send, signed, "y"), 403);
  const over = await presign(store, "a", { method: "PUT", overwrite: true });
  assertEquals([permissionsOf(over.url), over.enforced], ["cw", []]);
  assertEquals(await statusOf(send, over, "z"), 201);
  assertEquals(await store.readText("a"), "z");
});

Deno.test("PRESIGN-003 what is to be stored is among the fields to send, and is not held", async () => {
  const { store, service } = createFake();
  const send = service.fetch as Send;
  const signed = await presign(store, "a", {
    method: "PUT",
    contentType: "text/csv",
    cacheControl: "no-cache",
    contentLanguage: "en",
    metadata: { by: "ädä" },
    digest: md5Of("abc"),
  });
  assertEquals(signed.enforced, ["create"]);
  assertEquals(await statusOf(send, signed, "abd"), 400);
  assertEquals(await statusOf(send, signed, "abc"), 201);
  const { contentType, metadata, extra } = await store.getFileInfo("a");
  assertEquals([contentType, metadata], ["text/csv", { by: "ädä" }]);
  assertEquals(extra["cacheControl"], "no-cache");
});

Deno.test("PRESIGN-003 a limit that no SAS holds is refused where it is nothing else", async () => {
  const { store, sent } = createFake();
  const sha256 = new ContentDigest("sha256", "ab".repeat(32));
  const rows: [PresignOptions, string][] = [
    [{ method: "PUT", contentLength: 3 }, "Azure holds no contentLength"],
    [{ method: "POST", overwrite: true }, "Azure takes no forms"],
    [{ method: "PUT", digest: sha256 }, "Azure checks no sha256 digests"],
  ];
  for (const [options, message] of rows) {
    await assertRejects(
      () => presign(store, "a", options),
      CapabilityNotSupportedError,
      `Cannot presign "a": ${message}`,
    );
  }
  assertEquals(sent, []);
});

Deno.test("PRESIGN-004 a read says of the file what was signed", async () => {
  const { store, service } = createFake();
  await store.write("a", "hi");
  const signed = await presign(store, "a", {
    response: {
      contentType: "text/y",
      contentDisposition: "attachment",
      cacheControl: "no-store",
      contentLanguage: "de",
    },
  });
  assertEquals(signed.enforced, ["response"]);
  const { headers } = await sendAs(service.fetch as Send, signed);
  assertEquals(headers.get("content-type"), "text/y");
  assertEquals(headers.get("content-disposition"), "attachment");
  assertEquals(headers.get("cache-control"), "no-store");
  assertEquals(headers.get("content-language"), "de");
});

Deno.test("PRESIGN-005 what means nothing is refused by name, as on every service", async () => {
  const { store, sent } = createFake();
  const rows: [object, string][] = [
    [{ permissions: "r" }, "there is no option permissions"],
    [{ expires: new Date() }, "there is no option expires"],
    [{ expiresIn: 0 }, "expiresIn is 0"],
    [{ contentType: "a/b" }, "contentType is for PUT and POST"],
    [{ method: "PUT", metadata: { "a-b": "1" } }, 'metadata key "a-b"'],
  ];
  for (const [options, message] of rows) {
    await assertRejects(
      () => presign(store, "a", options as PresignOptions),
      InvalidArgumentError,
      message,
    );
  }
  assertEquals(sent, []);
});

Deno.test("AZ-044 PRESIGN-006 a child's path is its own, in the URL and in errors", async () => {
  const { store } = createFake();
  for (const root of [store, store.child("x")]) {
    await assertRejects(() => presign(root, ""), InvalidPathError, "root");
  }
  const long = "a".repeat(1023);
  const error = await assertRejects(
    () => presign(store.child("x"), long),
    InvalidPathError,
    "it has 1025 characters, Azure takes 1024",
  );
  assertEquals(error.path, long);
});

Deno.test("PRESIGN-007 who cannot sign refuses, and so does a closed backend", async () => {
  const other = new Store({ backend: new MemoryBackend() });
  await assertRejects(() => presign(other, "a"), CapabilityNotSupportedError);
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  await assertRejects(
    () => presign(bySas.store.child("x"), "a"),
    CapabilityNotSupportedError,
    'Cannot presign "a": the backend azure does not support presign',
  );
  const { store } = createFake();
  await store.close();
  await assertRejects(
    () => presign(store, "a"),
    BackendUnavailableError,
    'Cannot presign "a": the backend is closed',
  );
});

Deno.test("PRESIGN urlSigner() signs what presign has no option for, in the backend's name", async () => {
  const { backend } = createFake();
  const signer = urlSigner(backend);
  assertEquals(signer.name, "azure");
  const starts = new Date("2026-01-01T00:00:00Z");
  const url = await signer.signUrl("a", {
    method: "GET",
    permissions: "drw",
    seconds: 60,
    starts,
    ip: "192.0.2.1",
  });
  const { searchParams } = new URL(url);
  assertEquals(searchParams.get("sp"), "rwd");
  assertEquals(searchParams.get("st"), "2026-01-01T00:00:00Z");
  assertEquals(searchParams.get("sip"), "192.0.2.1");
  const plain = await signer.signUrl("a", { method: "PUT", seconds: 60 });
  assertEquals(permissionsOf(plain), "cw");
  for (const method of ["PATCH", "POST"]) {
    await assertRejects(
      () => signer.signUrl("a", { method, seconds: 60 }),
      InvalidArgumentError,
      "permissions are not letters",
    );
  }
});

Deno.test("SEAM-008 a page's handler signs what is handed on, and says no more than it has signed", async () => {
  const fake = createFake();
  const sign = signHandler({
    store: fake.store,
    signing: azureSigning,
    root: "users/42",
    authorize: ({ operation, size }) => operation !== "write" || size === 3,
    maxExpires: 30,
  });
  const page = new Store({
    backend: new AzureBackend({
      ...fake.options,
      accountKey: undefined,
      signer: remoteSigner("https://app.example.com/sign", {
        fetch: (url, init) => sign(new Request(url, init)),
      }),
    }),
    root: "users/42",
  });
  assert(page.supports("presign"));
  const send = fake.service.fetch as Send;
  const put = await presign(page, "a", {
    method: "PUT",
    contentLength: 3,
    contentType: "text/csv",
    metadata: { by: "ada" },
  });
  // Told to the handler, which decides by it; the service does not hold it.
  assertEquals(put.enforced, ["create"]);
  const left = put.expires.getTime() - Date.now();
  assert(left > 20_000 && left <= 30_000, `${left}`);
  assertEquals(await statusOf(send, put, "abc"), 201);
  assert(await statusOf(send, put, "abd") >= 400);
  assertEquals(await fake.store.readText("users/42/a"), "abc");
  const { contentType, metadata } = await page.getFileInfo("a");
  assertEquals([contentType, metadata], ["text/csv", { by: "ada" }]);
  const get = await presign(page, "a");
  assertEquals(permissionsOf(get.url), "r");
  assertEquals(await (await sendAs(send, get)).text(), "abc");
  await assertRejects(
    () => presign(page, "b", { method: "PUT", contentLength: 4 }),
    PermissionDeniedError,
  );
  await assertRejects(
    () => presign(page, "a", { response: { contentType: "text/html" } }),
    CapabilityNotSupportedError,
    'Cannot presign "a": a signer signs no response fields',
  );
});
