import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  InvalidArgumentError,
  isRemoteStoreError,
  PreconditionFailedError,
  readAll,
  Store,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const A = "data/a.txt";

Deno.test("Q1 a blob fetches nothing before its bytes are asked for", async () => {
  const { store, backend } = await fixture();
  const blob = await store.openBlob(A);
  blob.slice(2, 4).slice(1);
  const stream = blob.stream();
  assertEquals([blob.size, blob.type, backend.calls], [10, "", ["stat"]]);
  await stream.cancel();
  assertEquals(await blob.text(), "0123456789");
  assertEquals(await blob.slice(5, 5).text(), "");
});

Deno.test("Q1 a slice is what Blob's slice is", async () => {
  const bound = fc.oneof(
    fc.integer({ min: -15, max: 15 }),
    fc.constantFrom(undefined, 1.7, -1.2, NaN, Infinity, -Infinity),
  );
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const ours = await store.openBlob(A);
    const theirs = new Blob(["0123456789"]);
    await fc.assert(
      fc.asyncProperty(bound, bound, bound, bound, async (a, b, c, d) => {
        // Web IDL clamps what has no 64-bit integer to 0; ours takes infinity as the end.
        const clamp = (n: number | undefined) =>
          n === Infinity ? 99 : n === -Infinity ? -99 : n;
        const [x, y, z, w] = [a, b, c, d].map(clamp);
        const expected = theirs.slice(x, y).slice(z, w);
        const part = ours.slice(a, b).slice(c, d);
        assertEquals([part.size, await part.text()], [
          expected.size,
          await expected.text(),
        ]);
      }),
      { seed: 11, numRuns: 300 },
    );
  }
});

Deno.test("Q1 every way to read a blob gives the same bytes", async () => {
  for (const atHand of [true, false]) {
    const { store } = await fixture({ atHand });
    await store.write("t", "héllo", { contentType: "text/x" });
    const blob = await store.openBlob("t");
    assertEquals([
      blob.type,
      blob.slice(0, 1).type,
      blob.slice(0, 1, "text/y").type,
    ], ["text/x", "", "text/y"]);
    const bytes = new TextEncoder().encode("héllo");
    assertEquals(await blob.text(), "héllo");
    assertEquals(await blob.bytes(), bytes);
    assertEquals(new Uint8Array(await blob.arrayBuffer()), bytes);
    assertEquals(await new Response(blob.stream()).bytes(), bytes);
  }
});

Deno.test("Q1 all bytes are of one version, or it is an error", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const blob = await store.openBlob(A);
    assertEquals(await blob.slice(0, 2).text(), "01");
    await store.write(A, "9876543210", { overwrite: true });
    const reads = [
      () => blob.text(),
      () => blob.slice(3, 4).bytes(),
      () => blob.stream().getReader().read(),
    ];
    for (const read of reads) {
      const error = await assertRejects(read, PreconditionFailedError);
      assertEquals([error.path, error.backend], [A, "failing"]);
    }
  }
});

Deno.test("REP-021 a blob of which more comes than its size was told to be is an error, and no start of a file", async () => {
  for (const chunkBytes of [null, 4]) {
    const backend = new FlatBackend({ chunkBytes });
    const store = new Store({ backend });
    await store.write(A, "0123456789");
    const [stat, read] = [
      backend.stat.bind(backend),
      backend.read.bind(backend),
    ];
    // The size of another form, of which the answers to reads say nothing.
    backend.stat = async (key) => {
      const entry = await stat(key);
      return entry && { ...entry, size: 3 };
    };
    backend.read = async (key, request) => {
      const answer = await read(key, request);
      const entry = answer && { ...answer.entry, size: null };
      return answer && entry && { ...answer, length: null, entry };
    };
    const blob = await store.openBlob(A);
    assertEquals(blob.size, 3);
    for (
      const reading of [
        () => blob.text(),
        () => blob.bytes(),
        () => readAll(blob.stream()),
      ]
    ) {
      const error = await assertRejects(reading);
      assert(isRemoteStoreError(error), `${error}`);
      assertEquals(error.path, A);
    }
    assertEquals(await blob.slice(1, 3).text(), "12");
    assertEquals(backend.openBodies.size, 0);
  }
});

Deno.test("Q1 without a strong etag a change is seen by size or time, and the body let go", async () => {
  for (const etag of [null, 'W/"1"']) {
    const { backend } = await fixture({ namespace: "flat" });
    const [stat, read] = [
      backend.stat.bind(backend),
      backend.read.bind(backend),
    ];
    backend.stat = async (key, request) => {
      const entry = await stat(key, request);
      return entry?.kind === "file" ? { ...entry, etag } : entry;
    };
    backend.read = async (key, request) => {
      const answer = await read(key, request);
      return answer && { ...answer, entry: { ...answer.entry, etag } };
    };
    const store = new Store({ backend });
    const blob = await store.openBlob(A);
    assertEquals(await blob.text(), "0123456789");
    await new Store({ backend: backend.inner }).write(A, "9876543210", {
      overwrite: true,
    });
    await assertRejects(
      () => blob.text(),
      PreconditionFailedError,
      "it has changed since it was opened",
    );
    assertEquals(backend.bodies.at(-1)?.state, "cancelled");
  }
});

Deno.test("Q1 the signal of the opening ends the reads too", async () => {
  const { store, backend } = await fixture();
  const controller = new AbortController();
  const blob = await store.openBlob(A, { signal: controller.signal });
  const reader = blob.stream().getReader();
  await reader.read();
  controller.abort("stop");
  for (const read of [() => reader.read(), () => blob.text()]) {
    assertEquals(await read().then(() => "resolved", (reason) => [reason]), [
      "stop",
    ]);
  }
  for (const body of backend.bodies) assertEquals(body.state !== "open", true);
});

Deno.test("Q1 cancelling a blob's stream releases the body", async () => {
  const { store, backend } = await fixture();
  const reader = (await store.openBlob(A)).stream().getReader();
  await reader.read();
  await reader.cancel("enough");
  assertEquals(backend.bodies, [{ state: "cancelled", reason: "enough" }]);
});

Deno.test("OPT-007: a handle never becomes text where a Blob is wanted", async () => {
  const { store } = await fixture();
  const blob = await store.openBlob(A);
  for (
    const hand of [
      () => new Response(blob as never),
      () => new Blob([blob as never]),
      () => new File([blob as never], "a.txt"),
      () => new FormData().append("file", blob as never),
      () => new Request("http://h/", { method: "POST", body: blob as never }),
      () => `${blob}`,
      () => String(blob),
    ]
  ) {
    assertThrows(
      hand,
      InvalidArgumentError,
      'Cannot turn into text "data/a.txt": it is a handle on a remote file',
    );
  }
  assert(Deno.inspect(blob).includes("size: 10"));
  assertEquals(JSON.parse(JSON.stringify(blob)).size, 10);
  assertEquals(await new Response(blob.stream()).text(), "0123456789");
});

Deno.test("BLOB-001: a slice has the type that Blob gives it", async () => {
  const { store } = await fixture();
  const ours = await store.openBlob(A);
  const theirs = new Blob(["0123456789"]);
  for (
    const type of [
      "text/PLAIN",
      "A",
      "te(xt/plain",
      "te xt/plain",
      "",
      "te\x09xt/plain",
      "te\x00xt",
      "te\x1fxt",
      "te\x7fxt",
      "\xff",
      "Ä",
      undefined,
    ]
  ) {
    assertEquals(ours.slice(0, 1, type).type, theirs.slice(0, 1, type).type);
  }
  assertEquals(ours.slice(0, 1, null as never).type, "");
});

Deno.test("BLOB-002: text() decodes as Blob does, readText() exactly", async () => {
  const { store } = await fixture();
  for (
    const bytes of [[0xef, 0xbb, 0xbf, 0x61], [0x61, 0xc3, 0x28, 0xff], []]
  ) {
    const content = new Uint8Array(bytes);
    await store.write("t", content, { overwrite: true });
    const blob = await store.openBlob("t");
    assertEquals(await blob.text(), await new Blob([content]).text());
  }
});

Deno.test("BLOB-003: blob() is a Blob of the platform, with the bytes and the type of its part", async () => {
  const { store } = await fixture();
  await store.write("t", "<p>hello</p>", { contentType: "text/html" });
  const blob = await store.openBlob("t");
  for (const one of [blob, blob.slice(3, 8, "text/plain"), blob.slice(5, 5)]) {
    const real = await one.blob();
    assert(real instanceof Blob);
    assertEquals(
      [await real.text(), real.type, real.size],
      [await one.text(), one.type, one.size],
    );
  }
});

Deno.test("LATE-001: a stream that is canceled while it opens releases what it gets", async () => {
  for (const atHand of [true, false]) {
    const { store, backend } = await fixture({ atHand });
    const blob = await store.openBlob(A);
    let go = () => {};
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    backend.fail("read", {
      run: () => {
        resolve();
        return new Promise<void>((open) => go = open);
      },
    });
    const reader = blob.stream().getReader();
    const reading = reader.read();
    await asked;
    await reader.cancel("enough");
    assertEquals((await reading).done, true);
    go();
    await new Promise((done) => setTimeout(done, 0));
    assertEquals(backend.bodies.filter(({ state }) => state === "open"), []);
  }
});

Deno.test("LATE-001: a stream whose opening hangs ends it by the cancel", async () => {
  const { store, backend } = await fixture();
  const blob = await store.openBlob(A);
  backend.fail("read", { hang: true });
  const reader = blob.stream().getReader();
  const reading = reader.read();
  await new Promise((done) => setTimeout(done, 0));
  await reader.cancel("enough");
  assertEquals((await reading).done, true);
  assertEquals(await blob.text(), "0123456789");
});

Deno.test("BYOB-002: every stream of a store can be read into a buffer", async () => {
  for (const namespace of NAMESPACES) {
    for (const atHand of [true, false]) {
      const { store } = await fixture({ namespace, atHand });
      const blob = await store.openBlob(A);
      const streams = {
        read: await store.read(A),
        range: await store.read(A, { range: { offset: 2, length: 5 } }),
        suffix: await store.read(A, { range: { suffix: 3 } }),
        open: (await store.open(A)).body!,
        blob: blob.stream(),
        slice: blob.slice(1, 4).stream(),
        none: blob.slice(0, 0).stream(),
      };
      const texts: Record<string, string> = {};
      for (const [name, stream] of Object.entries(streams)) {
        const reader = stream.getReader({ mode: "byob" });
        texts[name] = "";
        for (;;) {
          const { done, value } = await reader.read(new Uint8Array(4));
          if (done) break;
          texts[name] += new TextDecoder().decode(value);
        }
      }
      assertEquals(texts, {
        read: "0123456789",
        range: "23456",
        suffix: "789",
        open: "0123456789",
        blob: "0123456789",
        slice: "123",
        none: "",
      });
    }
  }
});
