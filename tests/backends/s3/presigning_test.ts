import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../../backends/memory.ts";
import {
  presign,
  type PresignOptions,
  type RequestSigner,
  S3Backend,
  type UnsignedRequest,
  urlSigner,
} from "../../../backends/s3/mod.ts";
import { type RemoteStoreError, Store } from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, storeOf } from "./setup.ts";

Deno.test("PRESIGN: a URL reads, writes and deletes the file that it is for", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake).child("x");
  const key = "a b+ü.txt";
  const put = await presign(store, key, {
    method: "PUT",
    contentType: "text/x",
  });
  const sent = {
    method: "PUT",
    body: "hello",
    headers: { "content-type": "text/x" },
  };
  assertEquals((await fake.fetch(put, sent)).status, 200);
  assertEquals(await store.readText(key), "hello");
  const get = await presign(store, key, {
    responseContentDisposition: "a b; c",
  });
  assertEquals(await (await fake.fetch(get)).text(), "hello");
  const remove = await presign(store, key, { method: "DELETE" });
  assertEquals((await fake.fetch(get, { method: "DELETE" })).status, 403);
  assertEquals((await fake.fetch(remove, { method: "DELETE" })).status, 204);
  const wrong = { ...sent, headers: { "content-type": "text/y" } };
  assertEquals((await fake.fetch(put, wrong)).status, 403);
});

Deno.test("PRESIGN: overwrite: false makes the condition part of the signature", async () => {
  const fake = new FakeS3();
  const url = await presign(storeOf(fake), "a", {
    method: "PUT",
    overwrite: false,
  });
  const send = (headers: Record<string, string>) =>
    fake.fetch(url, { method: "PUT", body: "x", headers });
  assertEquals((await send({})).status, 403);
  assertEquals((await send({ "if-none-match": "*" })).status, 200);
  assertEquals((await send({ "if-none-match": "*" })).status, 412);
});

Deno.test("PRESIGN: nothing is sent, and wrong arguments are refused", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  for (
    const options of [{ expiresIn: 0 }, { expiresIn: 604_801 }, {
      method: "POST",
    }]
  ) {
    await assertRejects(
      () => presign(store, "a", options as PresignOptions),
      TypeError,
    );
  }
  const root = await assertRejects(() => presign(store, ""));
  assertEquals((root as RemoteStoreError).code, "InvalidPath");
  const other = new Store({ backend: new MemoryBackend() });
  const error = await assertRejects(() => presign(other, "a"));
  assertEquals((error as RemoteStoreError).code, "CapabilityNotSupported");
  assertEquals(fake.log, []);
});

Deno.test("PRESIGN: who cannot sign does not declare it, and refuses", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { credentials: "anonymous" });
  assert(!store.supports("presign"));
  const error = await assertRejects(() => presign(store, "a"));
  assertEquals((error as RemoteStoreError).code, "CapabilityNotSupported");
  assertEquals(fake.log, []);
});

Deno.test("PRESIGN: headers of the options are signed, what is not stored in the URL itself", async () => {
  const fake = new FakeS3();
  const customer = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": "a2V5LW9mLXRoZS1jYWxsZXI=",
  };
  const store = storeOf(fake, {
    headers: {
      ...customer,
      "x-amz-request-payer": "requester",
      "x-amz-storage-class": "STANDARD_IA",
      "cache-control": "no-store",
    },
  });
  const put = await presign(store, "a", { method: "PUT" });
  const get = await presign(store, "a");
  for (const url of [put, get]) {
    assertEquals(
      new URL(url).searchParams.get("x-amz-request-payer"),
      "requester",
    );
    assert(!decodeURIComponent(url).includes("a2V5"), "shows a key");
  }
  const send = async (url: string, init: RequestInit) => {
    const response = await fake.fetch(url, init);
    await response.body?.cancel();
    return response.status;
  };
  const stored = { ...customer, "x-amz-storage-class": "STANDARD_IA" };
  const body = "x";
  assertEquals(await send(put, { method: "PUT", body }), 403);
  assertEquals(
    await send(put, { method: "PUT", body, headers: stored }),
    200,
  );
  assertEquals(await send(get, { headers: customer }), 200);
  assertEquals(await send(get, {}), 403);
});

Deno.test("S3-036: a URL is signed with credentials that last as long, or not at all", async () => {
  const fake = new FakeS3({ trusting: true });
  const lives = [61_000, 3_600_000];
  let asked = 0;
  const credentials = () =>
    Promise.resolve({
      ...ACCOUNT,
      sessionToken: `token${asked}`,
      expiration: new Date(Date.now() + (lives[asked++] ?? 61_000)),
    });
  const store = storeOf(fake, { credentials });
  await store.isFile("a");
  assertEquals(asked, 1);
  const tokenOf = (url: string) =>
    new URL(url).searchParams.get("X-Amz-Security-Token");
  assertEquals(tokenOf(await presign(store, "a")), "token1");
  assertEquals(tokenOf(await presign(store, "a")), "token1");
  assertEquals(asked, 2);
  await assertRejects(
    () => presign(store, "a", { expiresIn: 7200 }),
    TypeError,
    "the credentials end in 6",
  );
  assertEquals(asked, 3);
});

Deno.test("S3-036: credentials that have ended sign no URL", async () => {
  const expiration = new Date(Date.now() - 1000);
  const given = { ...ACCOUNT, expiration };
  for (const credentials of [given, () => Promise.resolve(given)]) {
    const store = storeOf(new FakeS3(), { credentials });
    await assertRejects(
      () => presign(store, "a", { expiresIn: 10 }),
      TypeError,
      "the credentials end already",
    );
  }
});

Deno.test("SEAM-008 a signer makes the URL, and is told for how long and for how much", async () => {
  const fake = new FakeS3();
  const asked: UnsignedRequest[] = [];
  let added: Record<string, string> = {};
  const signer: RequestSigner = (request) => {
    asked.push(request);
    return Promise.resolve({
      url: `${request.url}?signed`,
      headers: { ...request.headers, ...added },
    });
  };
  const store = storeOf(fake, { credentials: undefined, signer });
  assert(store.supports("presign"));
  assertEquals(
    await presign(store, "a", { method: "PUT", size: 3, expiresIn: 60 }),
    "http://s3.test/bucket/a?signed",
  );
  assertEquals(asked.map(({ size, expiresIn }) => [size, expiresIn]), [
    [3, 60],
  ]);
  await presign(store, "a");
  assertEquals(asked[1]?.size, null);
  // Whoever has the URL alone would be refused.
  added = { "content-type": "text/plain" };
  const error = await assertRejects(() => presign(store, "a"));
  assert(`${error}`.includes("content-type"));
  await assertRejects(() => presign(store, "a", { size: -1 }), TypeError);
});

Deno.test("SEAM-008 a size that is signed is held", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const url = await presign(store, "a", { method: "PUT", size: 3 });
  const put = async (text: string) => {
    const body = new TextEncoder().encode(text);
    const response = await fake.fetch(url, { method: "PUT", body });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals([await put("ab"), await put("abcd"), await put("abc")], [
    403,
    403,
    200,
  ]);
});

Deno.test("PRESIGN: urlSigner() signs what presign has no option for, in the backend's name", async () => {
  const fake = new FakeS3();
  const backend = new S3Backend(optionsOf(fake));
  const signer = urlSigner(backend);
  assertEquals([signer.name, signer.dialect], ["s3", backend.dialect]);
  const url = await signer.signUrl("a", {
    method: "GET",
    query: { versionId: "1", partNumber: null },
    headers: {},
    seconds: 60,
    signal: undefined,
  });
  const { searchParams } = new URL(url);
  assertEquals(searchParams.get("versionId"), "1");
  assert(!searchParams.has("partNumber"));
  assert(searchParams.has("X-Amz-Signature"));
  await assertRejects(() =>
    signer.signUrl("a".repeat(1025), {
      method: "GET",
      query: {},
      headers: {},
      seconds: 60,
      signal: undefined,
    })
  );
});
