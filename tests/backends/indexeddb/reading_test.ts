import { runInNewContext } from "node:vm";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  IndexedDBBackend,
  type IndexedDBBackendOptions,
} from "../../../backends/indexeddb/mod.ts";
import { Store } from "../../../mod.ts";
import { imitate } from "./imitation.ts";

const REPRESENTATIONS = ["blob", "bytes"] as const;

function open(options: IndexedDBBackendOptions): Store {
  const backend = new IndexedDBBackend({
    chunkSize: 10,
    scope: imitate(),
    ...options,
  });
  return new Store({ backend });
}

function pattern(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, i) => i % 251);
}

for (const representation of REPRESENTATIONS) {
  Deno.test(`SEEK-001 every range is exact, with ${representation} records`, async () => {
    const store = open({ representation });
    for (const size of [0, 1, 9, 10, 11, 39, 40, 41, 159, 160, 161, 500]) {
      const bytes = pattern(size);
      await store.write("a", bytes, { overwrite: true });
      assertEquals(await store.readBytes("a"), bytes);
      const edges = [0, 1, 9, 10, 11, 40, 160, size - 1, size, size + 9];
      for (const offset of edges.filter((edge) => edge >= 0)) {
        for (const length of [0, 1, 10, 41, 500]) {
          const range = { offset, length };
          const wanted = bytes.slice(offset, offset + length);
          assertEquals(await store.readBytes("a", { range }), wanted);
        }
        const range = { suffix: offset };
        const wanted = offset === 0 ? bytes.slice(size) : bytes.slice(-offset);
        assertEquals(await store.readBytes("a", { range }), wanted);
      }
    }
    await store.close();
  });

  Deno.test(`MEM-010 a stream of ${representation} records is one version to its end, or an error`, async () => {
    const changes: Readonly<
      Record<string, (store: Store) => Promise<unknown>>
    > = {
      overwrite: (store) => store.write("a", pattern(3), { overwrite: true }),
      delete: (store) => store.delete("a"),
      move: (store) => store.move("a", "b"),
      copy: (store) => store.copy("a", "b"),
    };
    for (const [what, change] of Object.entries(changes)) {
      const store = open({ representation });
      const bytes = pattern(1000);
      await store.write("a", bytes);
      const chunks: number[] = [];
      const stream = await store.read("a");
      let failure: unknown = null;
      try {
        for await (const chunk of stream) {
          if (chunks.length === 0) await change(store);
          chunks.push(...chunk);
        }
      } catch (error) {
        failure = error;
      }
      assertEquals(chunks, [...bytes.slice(0, chunks.length)], what);
      const keeps = representation === "blob" || what === "move" ||
        what === "copy";
      assertEquals(failure === null, keeps && chunks.length === 1000, what);
      await store.close();
    }
  });
}

Deno.test("SIO-009 rows are read as they are wanted, and no row that no range needs", async () => {
  const scope = imitate();
  const store = open({ representation: "bytes", scope });
  await store.write("a", pattern(1000));
  const reader = (await store.read("a", { range: { offset: 505, length: 2 } }))
    .getReader();
  assertEquals([...(await reader.read()).value ?? []], [3, 4]);
  assertEquals((await reader.read()).done, true);
  const stream = await store.read("a");
  await stream.cancel();
  await store.close();
});

Deno.test("SIO-005 an abort ends a read between two rows", async () => {
  const store = open({ representation: "bytes" });
  await store.write("a", pattern(1000));
  const giveUp = new AbortController();
  const reader = (await store.read("a", { signal: giveUp.signal })).getReader();
  await reader.read();
  const reason = new Error("given up");
  giveUp.abort(reason);
  const error = await assertRejects(async () => {
    while (!(await reader.read()).done);
  });
  assert(error === reason);
  await store.close();
});

Deno.test("SEEK-002 a file that is the one already known is answered without its bytes", async () => {
  const backend = new IndexedDBBackend({ scope: imitate() });
  const store = new Store({ backend });
  const { etag } = await store.write("a", "A");
  const request = { range: null, ifMatch: null, signal: undefined };
  const same = await backend.read("a", { ...request, ifNoneMatch: etag });
  assertEquals(same?.body, null);
  const other = await backend.read("a", { ...request, ifNoneMatch: '"x"' });
  assert(other?.body instanceof Uint8Array);
  await store.close();
});

/** As fake-indexeddb in jsdom clones, where arrays are not those of the page. */
function toOtherRealm(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return runInNewContext("Uint8Array.from(bytes)", { bytes: [...value] });
  }
  if (Array.isArray(value)) return value.map(toOtherRealm);
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  return Object.fromEntries(
    Object.entries(value as object).map(([key, one]) => [
      key,
      toOtherRealm(one),
    ]),
  );
}

Deno.test("SEEK-001 rows of another realm are bytes, alone, as one of a pack and as a stream", async () => {
  const { structuredClone: clone } = globalThis;
  globalThis.structuredClone = <T>(value: T) => toOtherRealm(clone(value)) as T;
  try {
    const store = open({ representation: "bytes" });
    for (const size of [0, 5, 10, 500]) {
      const bytes = pattern(size);
      void await store.write("a", bytes, { overwrite: true });
      assertEquals(await store.readBytes("a"), bytes);
      const stream = await store.read("a");
      assertEquals(await new Response(stream).bytes(), bytes);
    }
    await store.close();
  } finally {
    globalThis.structuredClone = clone;
  }
});
