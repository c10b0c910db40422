// Who signs: credentials that end, another party, nobody.
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
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  Store,
} from "../../../mod.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, storeOf } from "./setup.ts";

Deno.test("PRESIGN-007 who cannot sign does not declare it, and refuses", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { credentials: "anonymous" });
  assert(!store.supports("presign"));
  await assertRejects(
    () => presign(store, "a"),
    CapabilityNotSupportedError,
    'Cannot presign "a": the backend s3 does not support presign',
  );
  const other = new Store({ backend: new MemoryBackend() });
  await assertRejects(() => presign(other, "a"), CapabilityNotSupportedError);
  assertEquals(fake.log, []);
});

Deno.test("PRESIGN-007 a closed backend signs nothing, and closing ends who waits for a signer", async () => {
  const store = storeOf(new FakeS3());
  await store.close();
  await assertRejects(
    () => presign(store, "a"),
    BackendUnavailableError,
    'Cannot presign "a": the backend is closed',
  );
  const waiting = storeOf(new FakeS3(), {
    credentials: undefined,
    signer: () => new Promise(() => {}),
  });
  const signed = presign(waiting, "a");
  await waiting.close();
  await assertRejects(() => signed, BackendUnavailableError);
});

Deno.test("PRESIGN-007 an abort ends the wait for a signer with its reason", async () => {
  const controller = new AbortController();
  const store = storeOf(new FakeS3(), {
    credentials: undefined,
    signer: () => new Promise(() => {}),
  });
  const signed = presign(store, "a", { signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  assertEquals(await signed.catch((error) => error), reason);
});

Deno.test("S3-036: a URL is signed with credentials that last as long, or not at all", async () => {
  const fake = new FakeS3({ trusting: true });
  const lives = [65_000, 3_600_000];
  let asked = 0;
  const credentials = () =>
    Promise.resolve({
      ...ACCOUNT,
      sessionToken: `token${asked}`,
      expiration: new Date(Date.now() + (lives[asked++] ?? 65_000)),
    });
  const store = storeOf(fake, { credentials });
  await store.isFile("a");
  assertEquals(asked, 1);
  const token = async () => {
    const { url } = await presign(store, "a");
    return new URL(url).searchParams.get("X-Amz-Security-Token");
  };
  assertEquals(await token(), "token1");
  assertEquals(await token(), "token1");
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

Deno.test("SEAM-008 a signer makes the URL, is told for how long and for how much, and what it adds has to be sent", async () => {
  const asked: UnsignedRequest[] = [];
  let added: Record<string, string> = {};
  const signer: RequestSigner = (request) => {
    asked.push(request);
    return Promise.resolve({
      url: `${request.url}?signed`,
      headers: { ...request.headers, ...added },
    });
  };
  const store = storeOf(new FakeS3(), { credentials: undefined, signer });
  assert(store.supports("presign"));
  const options: PresignOptions = {
    method: "PUT",
    contentLength: 3,
    expiresIn: 60,
  };
  const put = await presign(store, "a", options);
  assertEquals(put.url, "http://s3.test/bucket/a?signed");
  assertEquals(asked.map(({ size, expiresIn }) => [size, expiresIn]), [
    [3, 60],
  ]);
  // It does not say what it has signed, so nothing counts as held.
  assertEquals(put.enforced, []);
  added = { "content-type": "text/plain" };
  const get = await presign(store, "a");
  assertEquals(asked[1]?.size, null);
  assertEquals(get.headers, added);
  const bare = urlSigner(store.unwrap(S3Backend));
  const request = { method: "GET", query: {}, headers: {}, seconds: 60 };
  const error = await assertRejects(() =>
    bare.signUrl("a", { ...request, signal: undefined })
  );
  assert(`${error}`.includes("content-type"));
  await assertRejects(
    () => presign(store, "a", { method: "POST", overwrite: true }),
    CapabilityNotSupportedError,
    "a signer signs no forms",
  );
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
