import { DECODING, inRuntime } from "../_http/runtime.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readBlob } from "../../../backends/azure/reading.ts";
import {
  BackendUnavailableError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../../mod.ts";
import { createFake, LONG_AGO, once, refusal } from "./fake_store.ts";

/** The field of a blob that no CORS rules hide. */
const VISIBLE = { "last-modified": LONG_AGO.toUTCString() };
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
  const changed = refusal(412, "ConditionNotMet");
  const { store, paths } = createFake(
    {},
    once(({ method }) => method === "GET", changed),
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
  const headers = { "content-range": "bytes 0--1/0", ...VISIBLE };
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
    {
      headers: { etag: '"0x8DE1"', "content-length": "100000", ...VISIBLE },
    },
  );
  const { store, sent, paths } = createFake({}, once(() => true, broken));
  paths.put("a", { bytes: bytesOf(text) });
  assertEquals(await store.readText("a"), text);
  assertEquals(sent[1]?.headers.get("x-ms-range"), "bytes=4-99999");
  assertEquals(sent[1]?.headers.get("if-match"), '"0x8DE1"');
});

Deno.test("CORS-001 hidden fields are null, not errors", async () => {
  // As a page sees an answer whose fields are not exposed.
  const { store } = createFake(
    {},
    () => new Response("abc", { headers: VISIBLE }),
  );
  const { info, body } = await store.open("a");
  assertEquals(await new Response(body).text(), "abc");
  assertEquals([info.etag, info.size, info.metadata], [null, null, null]);
});

Deno.test("BE-006 an absent container is not an absent file", async () => {
  const { store } = createFake({ container: "other" });
  const error = await assertRejects(() => store.readText("a"), NotFoundError);
  assertEquals(error.message.includes("container"), true);
});

Deno.test("AZ-036 what is marked as a folder says so, and is read as no file", async () => {
  const metadata = { "hdi_isfolder": "true" };
  const { store, paths, settings } = createFake();
  paths.put("d", { metadata });
  const answer = await readBlob(settings.container, "d", ALL, 0);
  assertEquals(answer?.entry.folderMark, true);
  await assertRejects(() => store.readText("d"), InvalidPathError);
  const ifMatch = '"other"';
  await assertRejects(() => store.readText("d", { ifMatch }), InvalidPathError);
  const real = createFake({ hns: true });
  real.paths.put("d", { kind: "folder" });
  const all = { ...ALL, range: { offset: 0, length: 1 } };
  assertEquals(await real.backend.read("d", all), null);
  await assertRejects(() => real.store.readText("d"), InvalidPathError);
});

Deno.test("PERF where only bytes are wanted, the entry has size, tag and mark, and the same body", async () => {
  const { paths, settings } = createFake();
  paths.put("a", { bytes: bytesOf(TEXT), metadata: { k: "v" } });
  paths.put("d", { metadata: { "hdi_isfolder": "true" } });
  const range = { offset: 2, length: 3 };
  for (const asked of [ALL, { ...ALL, range }]) {
    const full = await readBlob(settings.container, "a", asked, 0);
    const bytesOnly = { ...asked, bytesOnly: true };
    const bare = await readBlob(settings.container, "a", bytesOnly, 0);
    const { size, etag } = full!.entry;
    assertEquals(full?.entry.metadata, { k: "v" });
    assertEquals([bare?.entry.size, bare?.entry.etag], [size, etag]);
    assertEquals(bare?.entry.metadata, null);
    assertEquals({ ...bare, entry: null }, { ...full, entry: null });
  }
  const marked = { ...ALL, bytesOnly: true };
  const folder = await readBlob(settings.container, "d", marked, 0);
  assertEquals(folder?.entry.folderMark, true);
});

Deno.test("AZ-041 a page is read as no file, and an absence needs the service's word", async () => {
  const page = () => new Response("<html>Sign in</html>");
  const { store, sent } = createFake({}, page);
  await assertRejects(() => store.readText("a"), BackendUnavailableError);
  assertEquals(sent.length, 3);
  await assertRejects(() => store.exists("a"), BackendUnavailableError);
  const absent = () => new Response("<html>Gone</html>", { status: 404 });
  for (const fault of [absent, () => refusal(404, "AccountNotFound")]) {
    const { store } = createFake({}, fault);
    const error = await store.readText("a").then(() => null, (e) => e);
    assertEquals(error instanceof RemoteStoreError, true);
    assertEquals(error instanceof NotFoundError, false);
  }
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
  const denied = () => refusal(403, "AuthorizationFailure");
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
    const headers = { "content-encoding": encoding, ...VISIBLE };
    return new Response(body, { headers });
  };
  for (const encoding of ["gzip", "own, br"]) {
    const { store } = createFake({}, answer(encoding));
    const error = await inRuntime(
      DECODING,
      () => assertRejects(() => store.readText("a"), RemoteStoreError),
    );
    assertStringIncludes(error.message, `Content-Encoding ${encoding}`);
  }
  assertEquals(cancelled, 2);
  const { store } = createFake({}, answer("own"));
  assertEquals(await store.readText("a"), "stored");
});

Deno.test("FIND-003 a miss of open with missingOk costs one request, a folder's path too", async () => {
  const { store, sent } = createFake();
  assertEquals((await store.write("folder/a", TEXT)).size, 10);
  for (const path of ["absent", "folder"]) {
    sent.length = 0;
    assertEquals(await store.open(path, { missingOk: true }), null);
    assertEquals(sent.length, 1);
  }
});

Deno.test("REP-023 a part whose length a gateway takes away has the bytes of its place, or the read is an error", async () => {
  const { service, paths } = createFake();
  paths.put("a", { bytes: bytesOf(TEXT) });
  const long = new Uint8Array(200_000).fill(7);
  paths.put("long", { bytes: long });
  /** What the gateway makes of the bytes of a part and of the place that it tells. */
  type Change = (
    bytes: Uint8Array<ArrayBuffer>,
    place: string,
  ) => [bytes: Uint8Array<ArrayBuffer>, place: string];
  const through = (change: Change) =>
    createFake({
      fetch: async (url, init) => {
        const response = await service.fetch(url, init);
        if (response.status !== 206) return response;
        const headers = new Headers(response.headers);
        const place = headers.get("content-range") ?? "";
        const bytes = new Uint8Array(await response.arrayBuffer());
        const [left, told] = change(bytes, place);
        headers.delete("content-length");
        headers.set("content-range", told);
        return new Response(left, { status: 206, headers });
      },
    }).store;
  const range = { offset: 2, length: 3 };
  const whole = through((bytes, place) => [bytes, place]);
  assertEquals(await whole.readBytes("a", { range }), bytesOf("234"));
  const behind = { offset: 100, length: 150_000 };
  const part = await whole.readBytes("long", { range: behind });
  assertEquals(part, long.subarray(0, 150_000));
  const cut = through((bytes, place) => [bytes.slice(0, -1), place]);
  const shorter = through((bytes, place) => [
    bytes.slice(0, -1),
    place.replace(/-(\d+)/, (_, end: string) => `-${Number(end) - 1}`),
  ]);
  for (const store of [cut, shorter]) {
    for (const [path, asked] of [["a", range], ["long", behind]] as const) {
      await assertRejects(
        () => store.readBytes(path, { range: asked }),
        BackendUnavailableError,
      );
      const blob = await store.openBlob(path);
      const { offset, length } = asked;
      await assertRejects(() =>
        blob.slice(offset, offset + length).arrayBuffer()
      );
    }
  }
});

Deno.test("REP-023 a part that was not asked for is no whole file", async () => {
  const { service, paths } = createFake();
  paths.put("a", { bytes: bytesOf(TEXT) });
  const { store } = createFake({
    fetch: async (url, init) => {
      const response = await service.fetch(url, init);
      const headers = new Headers(response.headers);
      headers.delete("content-length");
      headers.set("content-range", "bytes 0-3/10");
      return new Response("0123", { status: 206, headers });
    },
  });
  await assertRejects(() => store.readText("a"), BackendUnavailableError);
});
