import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readBlob, statBlob } from "../../../backends/azure/reading.ts";
import {
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../../mod.ts";
import { createFake, once } from "./fake_store.ts";

const TEXT = "0123456789";
const bytesOf = (text: string) => new TextEncoder().encode(text);
const ALL = {
  range: null,
  ifMatch: null,
  ifNoneMatch: null,
  signal: undefined,
};

Deno.test("SEEK-001 a suffix range is computed from the size, of the version that has it", async () => {
  const { store, sent, paths } = createFake();
  const { etag } = paths.put("a", { bytes: bytesOf(TEXT) });
  const got = await store.readBytes("a", { range: { suffix: 3 } });
  assertEquals(new TextDecoder().decode(got), "789");
  assertEquals(sent.map(({ method }) => method), ["HEAD", "GET"]);
  assertEquals(sent[1]?.headers.get("x-ms-range"), "bytes=7-");
  assertEquals(sent[1]?.headers.get("if-match"), etag);
});

Deno.test("SEEK-001 a suffix range looks again where the file changes in between", async () => {
  const refusal = new Response("", { status: 412 });
  const { store, paths } = createFake(
    {},
    once(({ method }) => method === "GET", refusal),
  );
  paths.put("a", { bytes: bytesOf(TEXT) });
  const got = await store.readBytes("a", { range: { suffix: 3 } });
  assertEquals(new TextDecoder().decode(got), "789");
});

Deno.test("SEEK-001 ranges at and behind the end, and of an empty file, give nothing", async () => {
  const { store, paths } = createFake();
  paths.put("a", { bytes: bytesOf(TEXT) });
  paths.put("empty", {});
  for (const range of [{ offset: 10 }, { offset: 99, length: 5 }]) {
    assertEquals((await store.readBytes("a", { range })).byteLength, 0);
  }
  for (const range of [{ offset: 0 }, { suffix: 5 }]) {
    assertEquals((await store.readBytes("empty", { range })).byteLength, 0);
  }
});

Deno.test("SEEK-001 a range that cannot be, as the emulator answers for an empty file, is looked into", async () => {
  const headers = { "content-range": "bytes 0--1/0" };
  const odd = new Response(null, { status: 206, headers });
  const { store, paths } = createFake(
    {},
    once(({ method }) => method === "GET", odd),
  );
  paths.put("empty", {});
  const { info } = await store.open("empty", { range: { offset: 0 } });
  assertEquals(info.size, 0);
});

Deno.test("SIO-012 a body that breaks off goes on where it broke, in the same version", async () => {
  // More than what comes with its headers.
  const text = TEXT.repeat(10_000);
  const broken = new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(bytesOf("0123"));
        controller.close();
      },
    }),
    { headers: { etag: '"0x8DE1"', "content-length": "100000" } },
  );
  const { store, sent, paths } = createFake({}, once(() => true, broken));
  paths.put("a", { bytes: bytesOf(text) });
  assertEquals(await store.readText("a"), text);
  assertEquals(sent[1]?.headers.get("x-ms-range"), "bytes=4-99999");
  assertEquals(sent[1]?.headers.get("if-match"), '"0x8DE1"');
});

Deno.test("CORS-001 hidden fields are null, not errors", async () => {
  const { store } = createFake({}, () => new Response("abc"));
  const { info, body } = await store.open("a");
  assertEquals(await new Response(body).text(), "abc");
  assertEquals([info.etag, info.size, info.lastModified], [null, null, null]);
});

Deno.test("CORS-001 a 404 without a word is an absent file", async () => {
  const { settings } = createFake(
    {},
    () => new Response(null, { status: 404 }),
  );
  assertEquals(await statBlob(settings.container, "a", undefined), null);
});

Deno.test("BE-006 an absent container is not an absent file", async () => {
  const { store } = createFake({ container: "other" });
  const error = await assertRejects(() => store.readText("a"), NotFoundError);
  assertEquals(error.message.includes("container"), true);
});

Deno.test("AZ-036 what is marked as a folder is read as no file", async () => {
  const { store, paths, settings } = createFake();
  paths.put("d", { metadata: { hdi_isfolder: "true" } });
  assertEquals(await readBlob(settings.container, "d", ALL, 0), null);
  await assertRejects(() => store.readText("d"), NotFoundError);
});

Deno.test("CAS-003 ifMatch of another version is a failed condition, of an absent file its absence", async () => {
  const { store, paths } = createFake();
  paths.put("a", { bytes: bytesOf(TEXT) });
  const options = { ifMatch: '"other"' };
  await assertRejects(
    () => store.readText("a", options),
    PreconditionFailedError,
  );
  await assertRejects(() => store.readText("b", options), NotFoundError);
});

Deno.test("CAS-004 ifNoneMatch leaves the body out, and the info is complete without the emulator's help", async () => {
  const { store, paths } = createFake();
  const { etag } = paths.put("a", { bytes: bytesOf(TEXT) });
  const { info, body } = await store.open("a", { ifNoneMatch: etag });
  assertEquals(body, null);
  assertEquals([info.size, info.etag], [10, etag]);
  const changed = await store.open("a", { ifNoneMatch: '"other"' });
  assertEquals(await new Response(changed.body).text(), TEXT);
});

Deno.test("AZ-025 a refusal stays one", async () => {
  const denied = () => new Response("", { status: 403 });
  const { store } = createFake({}, denied);
  await assertRejects(() => store.readText("a"), PermissionDeniedError);
  await assertRejects(() => store.exists("a"), PermissionDeniedError);
});

Deno.test("BE-006 a body that fetch would decode is refused and released, another coding is read as it is", async () => {
  let cancelled = 0;
  const answer = (encoding: string) => () => {
    const body = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(bytesOf("stored"));
        controller.close();
      },
      cancel: () => {
        cancelled++;
      },
    }, { highWaterMark: 0 });
    const headers = { "content-encoding": encoding, etag: '"1"' };
    return new Response(body, { headers });
  };
  for (const encoding of ["gzip", "own, BR"]) {
    const { store } = createFake({}, answer(encoding));
    const error = await assertRejects(
      () => store.readText("a"),
      RemoteStoreError,
    );
    assertStringIncludes(error.message, `Content-Encoding ${encoding}`);
  }
  assertEquals(cancelled, 2);
  const { store } = createFake({}, answer("own"));
  assertEquals(await store.readText("a"), "stored");
});
