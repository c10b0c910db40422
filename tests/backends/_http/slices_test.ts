import { assert, assertEquals, assertRejects } from "@std/assert";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { createFake } from "../azure/fake_store.ts";
import { optionsOf } from "../s3/setup.ts";
import { CHROMIUM, inRuntime, LEAVING } from "./runtime.ts";

const MIB = 1024 * 1024;

/** A Blob that tells whether anybody has read it as a stream. */
function watched(size: number) {
  const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
  const blob = new Blob([bytes], { type: "x/y" });
  const state = { opened: 0 };
  const { stream } = blob;
  Object.defineProperty(blob, "stream", {
    value() {
      state.opened++;
      return stream.call(blob);
    },
  });
  return { blob, bytes, state };
}

/** Stores over both services, and the bodies of their larger requests. */
function watchedStores() {
  const bodies: unknown[] = [];
  const watch =
    (fetch: (url: string, init: RequestInit) => Promise<Response>) =>
    async (url: string, init: RequestInit) => {
      const { body } = init;
      const size = body instanceof Blob
        ? body.size
        : (body as Uint8Array | null)?.byteLength ?? 0;
      if (size > 1000) bodies.push(body);
      // What is sent is read on the way, as a network does.
      const read = body instanceof Blob
        ? new Uint8Array(await body.arrayBuffer())
        : body ?? null;
      return await fetch(url, { ...init, body: read });
    };
  const fake = new FakeS3();
  const s3 = new S3Backend(
    optionsOf(fake, { fetch: watch(fake.fetch), partSize: 5 * MIB }),
  );
  const { options } = createFake();
  const azure = new AzureBackend({
    ...options,
    blockSize: 5 * MIB,
    fetch: watch(options.fetch!),
  });
  const stores = [new Store({ backend: s3 }), new Store({ backend: azure })];
  return { stores, bodies };
}

Deno.test("BODY-002 in Chromium a Blob is sent in slices, and nobody reads it", async () => {
  const { stores, bodies } = watchedStores();
  for (const store of stores) {
    for (const size of [2000, 12 * MIB]) {
      bodies.length = 0;
      const { blob, bytes, state } = watched(size);
      const told: number[] = [];
      const result = await inRuntime(CHROMIUM, () =>
        store.write("a", blob, {
          overwrite: true,
          onProgress: (bytes) => told.push(bytes),
        }));
      assertEquals([state.opened, result.size], [0, size]);
      assert(bodies.every((body) => body instanceof Blob));
      assertEquals(bodies.length, Math.ceil(size / (5 * MIB)));
      assertEquals([told.length, told.at(-1)], [bodies.length, size]);
      assertEquals(await store.readBytes("a"), bytes);
      assertEquals((await store.getFileInfo("a")).contentType, "x/y");
    }
  }
});

Deno.test("BODY-006 a Blob that tells that it lies in memory is sent in slices, without a type that they keep", async () => {
  const { stores, bodies } = watchedStores();
  for (const store of stores) {
    for (const size of [2000, 12 * MIB]) {
      bodies.length = 0;
      const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251);
      const blob = Object.assign(new Blob([bytes], { type: "x/y" }), {
        stat: () => undefined,
        slice: (from: number, to: number) =>
          Blob.prototype.slice.call(blob, from, to, "x/y"),
      });
      const told: number[] = [];
      await store.write("c", blob, {
        overwrite: true,
        onProgress: (bytes) => told.push(bytes),
      });
      assertEquals(bodies.length, Math.ceil(size / (5 * MIB)));
      for (const body of bodies) {
        assert(body instanceof Blob && body.type === "");
        assert(body.stream === Blob.prototype.stream, "bytes that were read");
      }
      assertEquals([told.length, told.at(-1)], [bodies.length, size]);
      assertEquals(await store.readBytes("c"), bytes);
    }
  }
});

Deno.test("BODY-002 elsewhere a Blob is a stream of bytes", async () => {
  const { stores, bodies } = watchedStores();
  for (const store of stores) {
    const { blob, bytes, state } = watched(12 * MIB);
    await inRuntime(LEAVING, () => store.write("a", blob));
    assertEquals(state.opened, 1);
    assert(
      bodies.every((body) =>
        body instanceof Blob && body.stream !== Blob.prototype.stream
      ),
    );
    assertEquals(await store.readBytes("a"), bytes);
  }
});

Deno.test("BODY-003 what onProgress throws ends an upload of slices, and an abort does, and nothing is stored", async () => {
  const { stores } = watchedStores();
  const reason = new Error("enough");
  for (const store of stores) {
    for (const size of [2000, 12 * MIB]) {
      const { blob } = watched(size);
      const thrown = await inRuntime(
        CHROMIUM,
        () =>
          assertRejects(() =>
            store.write("b", blob, {
              onProgress() {
                throw reason;
              },
            })
          ),
      );
      assertEquals(thrown, reason);
      assert(!await store.exists("b"));
      const stop = new AbortController();
      stop.abort(reason);
      const aborted = await inRuntime(
        CHROMIUM,
        () =>
          assertRejects(() => store.write("b", blob, { signal: stop.signal })),
      );
      assertEquals(aborted, reason);
      assert(!await store.exists("b"));
    }
  }
});
