import { assert, assertEquals, assertRejects } from "@std/assert";
import { R2Backend, type R2BucketBinding } from "../../../backends/r2/mod.ts";
import { hasBody } from "../../../backends/r2/reading.ts";
import {
  BackendUnavailableError,
  NotFoundError,
  PreconditionFailedError,
  RetryPolicy,
  Store,
} from "../../../mod.ts";
import { at, createFake, numbered } from "./setup.ts";

const LARGE = new Uint8Array(300 * 1024).map((_, i) => i % 251);

/** Breaks the first body off after some bytes. */
function breaking(
  inner: R2BucketBinding,
  after: number,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Store {
  let broken = false;
  const bucket: R2BucketBinding = {
    head: (key) => inner.head(key),
    put: (key, value, options) => inner.put(key, value, options),
    delete: (keys) => inner.delete(keys),
    list: (options) => inner.list(options),
    createMultipartUpload: (key) => inner.createMultipartUpload(key),
    async get(key, options) {
      const object = await inner.get(key, options);
      if (broken || !hasBody(object)) return object;
      broken = true;
      let left = after;
      const body = object.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          async transform(chunk, controller) {
            if (left > 0) controller.enqueue(chunk.slice(0, left));
            left -= chunk.byteLength;
            if (left > 0) return;
            await meanwhile();
            controller.error(new Error("Network connection lost."));
          },
        }),
      );
      return { ...object, body };
    },
  };
  const retry = new RetryPolicy({ attempts: 3, minDelay: 0 });
  return new Store({ backend: new R2Backend({ bucket, retry }) });
}

Deno.test("R2-009: a range at or behind the end is empty, on an empty file too", async () => {
  const { store } = createFake();
  await store.write("a", "hello");
  await store.write("empty", "");
  const read = async (
    path: string,
    range: { offset: number; length?: number } | { suffix: number },
  ) => new TextDecoder().decode(await store.readBytes(path, { range }));
  assertEquals(await read("a", { offset: 3, length: 100 }), "lo");
  assertEquals(await read("a", { suffix: 100 }), "hello");
  assertEquals(await read("a", { offset: 5 }), "");
  assertEquals(await read("a", { offset: 99, length: 3 }), "");
  assertEquals(await read("a", { offset: 2, length: 0 }), "");
  for (
    const range of [{ offset: 0 }, { offset: 0, length: 1 }, { suffix: 1 }, {
      offset: 7,
    }]
  ) {
    assertEquals(await read("empty", range), "", JSON.stringify(range));
  }
  await assertRejects(() => read("absent", { offset: 1 }), NotFoundError);
});

Deno.test("R2-009: an error without a number is no end of a file that goes on", async () => {
  const { store } = createFake(at("get", 1, numbered(0)));
  await store.write("a", "hello");
  const bytes = await store.readBytes("a", { range: { offset: 1 } });
  assertEquals(new TextDecoder().decode(bytes), "ello");
  const other = createFake((method) =>
    method === "get" ? numbered(10039) : null
  );
  await other.store.write("a", "hello");
  await assertRejects(() =>
    other.store.readBytes("a", { range: { offset: 1 } })
  );
});

Deno.test("R2-010: a body that breaks off is read on, small and large", async () => {
  const { store, bucket } = createFake();
  await store.write("small", "hello");
  await store.write("large", LARGE);
  assertEquals(await breaking(bucket, 2).readText("small"), "hello");
  for (const after of [0, 70_000, LARGE.byteLength - 1]) {
    assertEquals(await breaking(bucket, after).readBytes("large"), LARGE);
  }
  const range = { offset: 1000, length: 200_000 };
  assertEquals(
    await breaking(bucket, 100_000).readBytes("large", { range }),
    LARGE.slice(1000, 201_000),
  );
});

Deno.test("R2-010: a file that has changed meanwhile is never mixed", async () => {
  const { store, bucket } = createFake();
  await store.write("a", LARGE);
  const change = () => store.write("a", "other", { overwrite: true });
  const error = await assertRejects(
    () => breaking(bucket, 100_000, change).readBytes("a"),
    PreconditionFailedError,
  );
  assertEquals(error.path, "a");
  await store.write("a", LARGE, { overwrite: true });
  await assertRejects(
    () => breaking(bucket, 100_000, () => store.delete("a")).readBytes("a"),
    PreconditionFailedError,
  );
});

Deno.test("R2-008: conditions of reads, with tags that R2 cannot have", async () => {
  const { store } = createFake();
  const { etag } = await store.write("a", "hello");
  assertEquals(await store.readText("a", { ifMatch: etag! }), "hello");
  for (const ifMatch of ['"*"', '"other"', `W/${etag}`, '""']) {
    await assertRejects(
      () => store.readText("a", { ifMatch }),
      PreconditionFailedError,
    );
  }
  for (const ifNoneMatch of [etag!, `W/${etag}`]) {
    const { body, info } = await store.open("a", { ifNoneMatch });
    assertEquals([body, info.etag], [null, etag]);
  }
  for (const ifNoneMatch of ['"*"', '"other"']) {
    const { body } = await store.open("a", { ifNoneMatch });
    assertEquals(await new Response(body).text(), "hello");
  }
  await assertRejects(
    () => store.open("a", { ifMatch: '"other"', ifNoneMatch: etag! }),
    PreconditionFailedError,
  );
});

Deno.test("R2-015: a body that comes after an abort is released", async () => {
  const { bucket, store } = createFake();
  await store.write("a", LARGE);
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const late: R2BucketBinding = Object.create(bucket);
  late.get = async (key, options) => {
    const object = await bucket.get(key, options);
    assert(hasBody(object));
    const { body } = object;
    stop.abort("enough");
    body.cancel = (reason) => {
      resolve(reason);
      return Promise.resolve();
    };
    return object;
  };
  const backend = new R2Backend({ bucket: late });
  const reading = new Store({ backend }).read("a", { signal: stop.signal });
  assertEquals(await reading.catch((reason) => reason), "enough");
  await promise;
});

Deno.test("R2-007: a read that fails for good says why", async () => {
  const { store } = createFake((method) =>
    method === "get" ? numbered(10043) : null
  );
  await store.write("a", "hello");
  await assertRejects(
    () => store.readText("a"),
    BackendUnavailableError,
    "(10043)",
  );
});
