import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { PreconditionFailedError, Store } from "../../mod.ts";
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
