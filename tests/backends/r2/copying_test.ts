import { assert, assertEquals, assertRejects } from "@std/assert";
import { copy } from "../../../backends/r2/copying.ts";
import { head } from "../../../backends/r2/probing.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  PreconditionFailedError,
} from "../../../mod.ts";
import {
  at,
  createFake,
  type FakeStore,
  LOST,
  numbered,
  streamOf,
} from "./setup.ts";

const MIB = 1024 * 1024;
const CREATE = { overwrite: false, ifMatch: null };
const ALWAYS = { overwrite: true, ifMatch: null };

Deno.test("R2-012: a copy has all that is stored beside the bytes, and is compared", async () => {
  const { store, fake } = createFake();
  const sha256 =
    "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  const httpMetadata = { contentType: "a/b", cacheExpiry: new Date(0) };
  await fake.put("a", new TextEncoder().encode("x"), {
    httpMetadata,
    customMetadata: { By: "ada" },
    storageClass: "InfrequentAccess",
    sha256,
  });
  await store.copy("a", "b");
  const copied = fake.objects.get("b")!.facts;
  assertEquals(copied.httpMetadata, httpMetadata);
  assertEquals(copied.customMetadata, { By: "ada" });
  assertEquals(copied.storageClass, "InfrequentAccess");
  assertEquals(`${(await store.getFileInfo("b")).digest}`, `sha256:${sha256}`);
});

Deno.test("R2-012: a move is a copy and a delete; of several to one place, one wins", async () => {
  const { store } = createFake();
  await Promise.all(["a", "b", "c"].map((path) => store.write(path, path)));
  const outcomes = await Promise.allSettled(
    ["a", "b", "c"].map((path) => store.move(path, "target")),
  );
  const lost = outcomes.filter(({ status }) => status === "rejected");
  assertEquals(lost.length, 2);
  const content = await store.readText("target");
  assertEquals(await store.exists(content), false);
  assertEquals((await Array.fromAsync(store.listFiles(""))).length, 3);
});

Deno.test("R2-012: a source that has changed since it was seen is not copied", async () => {
  const { settings, store } = createFake();
  await store.write("a", "first");
  const source = (await head(settings, "a", undefined))!;
  await store.write("a", "second", { overwrite: true });
  const request = {
    condition: CREATE,
    source,
    sourceNamed: false,
    stored: null,
    signal: undefined,
  };
  const error = await assertRejects(
    () => copy(settings, "a", "b", request),
    PreconditionFailedError,
  );
  assertEquals([error.path, await store.exists("b")], ["a", false]);
});

Deno.test("R2-006: a copy whose answer was lost is known by its content, or in doubt; one that did not get through is done again", async () => {
  const lost = createFake(at("put", 2, "lost"));
  await lost.store.write("a", "x");
  // The same content is there: for a copy that creates this is what it wanted.
  await lost.store.copy("a", "b");
  const fakeStore: FakeStore = createFake((method, number) => {
    if (method !== "put" || number !== 2) return null;
    fakeStore.fake.store("b", new Uint8Array(1), "other", {}, {});
    return new Error(LOST);
  });
  await fakeStore.store.write("a", "x");
  const error = await assertRejects(
    () => fakeStore.store.copy("a", "b"),
    BackendUnavailableError,
    "the change may have been made",
  );
  assert(error.inDoubt);
  for (
    const fault of [
      at("put", 2, numbered(10058)),
      at("get", 1, new Error(LOST)),
    ]
  ) {
    const { store } = createFake(fault);
    await store.write("a", "x");
    await store.copy("a", "b");
    assertEquals(await store.readText("b"), "x");
    await assertRejects(() => store.copy("a", "b"), AlreadyExistsError);
  }
});

Deno.test("R2-004: above what R2 puts at once a copy goes by parts, under no condition", async () => {
  const { store, fake, settings } = createFake(
    at("uploadPart", 2, new Error(LOST)),
  );
  await store.write("a", streamOf(12 * MIB, 3), {
    overwrite: true,
    metadata: { by: "ada" },
    contentType: "a/b",
  });
  const small = { ...settings, putLimit: 5 * MIB };
  const source = (await head(settings, "a", undefined))!;
  const transfer = (condition: typeof CREATE) =>
    copy(small, "a", "b", {
      condition,
      source,
      sourceNamed: false,
      stored: null,
      signal: undefined,
    });
  await assertRejects(() => transfer(CREATE), CapabilityNotSupportedError);
  await transfer(ALWAYS);
  const info = await store.getFileInfo("b");
  assertEquals([info.size, info.contentType], [12 * MIB, "a/b"]);
  assertEquals(info.metadata, { by: "ada" });
  assert((await store.readBytes("b")).every((byte) => byte === 3));
  await store.write("a", "changed", { overwrite: true });
  await assertRejects(() => transfer(ALWAYS), PreconditionFailedError);
  assertEquals(fake.uploads.size, 0);
});

/** A bucket whose call is aborted while it reads; `next` is what it does about that. */
function abortedInGet({ fake, bucket }: FakeStore) {
  const stop = new AbortController();
  const { promise: next, resolve } = Promise.withResolvers<string>();
  return {
    stop,
    next,
    bucket: {
      ...bucket,
      get: async (key: string) => {
        const object = (await fake.get(key))!;
        stop.abort();
        return {
          ...object,
          body: new ReadableStream<Uint8Array>({
            cancel: () => resolve("released"),
          }),
        };
      },
      put: () => {
        resolve("put");
        return Promise.resolve(null);
      },
      createMultipartUpload: () =>
        Promise.resolve({
          uploadPart: () => {
            resolve("sent a part");
            return Promise.reject(new Error(LOST));
          },
          abort: () => Promise.resolve(),
          complete: () => Promise.reject(new Error("it has no parts")),
        }),
    },
  };
}

Deno.test("R2-019: a copy that is aborted while it reads puts nothing afterwards, and lets the bytes go", async () => {
  for (const putLimit of [10, 1]) {
    const all = createFake();
    const { settings, fake } = all;
    await fake.put("a", new Uint8Array(2));
    const source = (await head(settings, "a", undefined))!;
    const { bucket, stop, next } = abortedInGet(all);
    const error = await assertRejects(() =>
      copy({ ...settings, bucket, putLimit }, "a", "b", {
        condition: ALWAYS,
        source,
        sourceNamed: false,
        stored: null,
        signal: stop.signal,
      })
    );
    assertEquals(error, stop.signal.reason);
    assertEquals(await next, "released");
  }
});

Deno.test("R2-019: what the binding does not begin to read is let go, of parts too", async () => {
  for (const putLimit of [10, 1]) {
    const { settings, fake, bucket } = createFake();
    await fake.put("a", new Uint8Array(2));
    const source = (await head(settings, "a", undefined))!;
    let open = 0;
    const fail = () => Promise.reject(numbered(10001));
    const copying = copy(
      {
        ...settings,
        putLimit,
        bucket: {
          ...bucket,
          get: async (key: string) => {
            open++;
            const body = new ReadableStream<Uint8Array>({
              cancel: () => void open--,
            });
            return { ...(await fake.get(key))!, body };
          },
          put: fail,
          createMultipartUpload: () =>
            Promise.resolve({
              uploadPart: fail,
              abort: () => Promise.resolve(),
              complete: fail,
            }),
        },
      },
      "a",
      "b",
      {
        condition: ALWAYS,
        source,
        sourceNamed: false,
        stored: null,
        signal: undefined,
      },
    );
    await assertRejects(() => copying, BackendUnavailableError);
    assertEquals(open, 0);
  }
});

Deno.test("CPM-001 a copy with another type keeps its end of life, in parts too", async () => {
  const { store, fake, settings } = createFake();
  const cacheExpiry = new Date(0);
  const httpMetadata = {
    contentType: "a/b",
    contentLanguage: "de",
    cacheExpiry,
  };
  await fake.put("a", new Uint8Array(12 * MIB), {
    httpMetadata,
    customMetadata: { By: "ada" },
    storageClass: "InfrequentAccess",
  });
  await store.copy("a", "b", { contentType: "c/d" });
  const source = (await head(settings, "a", undefined))!;
  const headers = {
    contentType: "c/d",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: "de",
  };
  await copy({ ...settings, putLimit: 5 * MIB }, "a", "c", {
    condition: ALWAYS,
    source,
    sourceNamed: false,
    stored: { headers, metadata: { By: "ada" } },
    signal: undefined,
  });
  for (const key of ["b", "c"]) {
    const copied = fake.objects.get(key)!.facts;
    assertEquals(copied.httpMetadata, { ...httpMetadata, contentType: "c/d" });
    assertEquals(copied.customMetadata, { By: "ada" });
    assertEquals(copied.storageClass, "InfrequentAccess");
  }
});
