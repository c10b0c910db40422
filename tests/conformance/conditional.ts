import type { StoreLike } from "../../mod.ts";
import { assert, assertEquals } from "./assert.ts";
import { type Bench, collect, drain } from "./bench.ts";
import { pieces, streamOf } from "./bodies.ts";
import { watched } from "./failing_sources.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused, type Refusal, unsupported } from "./refusals.ts";
import { WRITERS } from "./write.ts";

const FAILED: Refusal = { code: "PreconditionFailed", paths: ["a.txt"] };
const CAS = ["write", "metadata", "conditional_write"] as const;

async function etagOf(store: StoreLike, path: string): Promise<string> {
  const { etag } = await store.getFileInfo(path);
  assert(etag !== null, "no etag, although CONDITIONAL_WRITE is declared");
  return etag;
}

async function casTest(
  [method]: typeof WRITERS[number],
  bench: Bench,
): Promise<void> {
  const { store } = bench;
  await store.write("a.txt", "first");
  const old = await etagOf(store, "a.txt");
  const second = await store[method]("a.txt", streamOf(pieces("second")), {
    ifMatch: old,
  });
  const current = await etagOf(store, "a.txt");
  assert(current !== old, "the etag has not changed with the content");
  if (second.etag !== null) {
    assertEquals(second.etag, current, "the result's etag");
  }
  await assertRefused(
    () => store[method]("a.txt", "third", { ifMatch: old }),
    FAILED,
    bench,
    "bytes",
  );
  const late = () =>
    store[method]("a.txt", streamOf(pieces("third")), { ifMatch: old });
  await assertRefused(late, FAILED, bench, "a stream");
  const weak = () =>
    store[method]("a.txt", "third", { ifMatch: `W/${current}` });
  await assertRefused(weak, FAILED, bench, "a weak tag");
  if (bench.has("read")) {
    assertEquals(await store.readText("a.txt"), "second", "the content");
  }
  await store[method]("a.txt", "third", { ifMatch: current, overwrite: true });
}

async function countUp(store: StoreLike, path: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const etag = await etagOf(store, path);
    const count = Number(await drainText(store, path, etag));
    if (Number.isNaN(count)) continue;
    try {
      await store.write(path, `${count + 1}`, { ifMatch: etag });
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "PreconditionFailed") {
        throw error;
      }
    }
  }
  throw new Error("a compare-and-swap loop does not come to an end");
}

/** Returns the text of one version; `null` if there is another one by now. */
async function drainText(
  store: StoreLike,
  path: string,
  ifMatch: string,
): Promise<string> {
  try {
    return await store.readText(path, { ifMatch });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "PreconditionFailed") {
      throw error;
    }
    return "NaN";
  }
}

function writerTests(writer: typeof WRITERS[number]): Group[] {
  const [method, gate, id] = writer;
  return [
    behaviour(
      `CAS-001, ${id}`,
      `${method}: ifMatch replaces the version that it names, and no other`,
      { needs: [gate, ...CAS] },
      (bench) => casTest(writer, bench),
    ),

    behaviour(
      `CAS-001, ${id}`,
      `${method}: ifMatch on an absent file, or on one that was deleted, fails`,
      { needs: [gate, ...CAS, "delete"] },
      async (bench) => {
        const { store } = bench;
        await store.write("a.txt", "a");
        const etag = await etagOf(store, "a.txt");
        await store.delete("a.txt");
        for (const content of [() => "b", () => streamOf(pieces("b"))]) {
          await assertRefused(
            () => store[method]("a.txt", content(), { ifMatch: etag }),
            FAILED,
            bench,
          );
        }
        assert(!await store.exists("a.txt"), "a file is left");
      },
    ),

    behaviour(
      `CAS-002, ${id}`,
      `${method}: of 16 parallel creates exactly one succeeds`,
      { needs: [gate, "read", "write", "conditional_write"] },
      async ({ store }) => {
        for (
          const make of [
            (text: string) => text,
            (text: string) => streamOf(pieces(text)),
          ]
        ) {
          const path = typeof make("") === "string" ? "a.txt" : "b.txt";
          const calls = Array.from(
            { length: 16 },
            (_, i) => store[method](path, make(`writer ${i}`)),
          );
          const ends = await Promise.allSettled(calls);
          const winners = ends.flatMap(({ status }, i) =>
            status === "fulfilled" ? [i] : []
          );
          assertEquals(winners.length, 1, "the creates that succeeded");
          assertEquals(
            await store.readText(path),
            `writer ${winners[0]}`,
            "the content",
          );
          for (const end of ends) {
            if (end.status === "fulfilled") continue;
            const { code } = end.reason as { code?: unknown };
            assertEquals(code, "AlreadyExists", "the code of the others");
          }
        }
      },
    ),

    behaviour(
      `CAS-001, CAP-007, ${id}`,
      `${method}: ifMatch without CONDITIONAL_WRITE is refused, never ignored`,
      { needs: [gate], lacks: ["conditional_write"] },
      async (bench) => {
        const { store } = bench;
        await bench.put("a.txt", "old");
        const watch = watched(1, "close");
        const call = () =>
          store[method]("a.txt", watch.stream, { ifMatch: '"1"' });
        await assertRefused(call, unsupported("conditional_write"), bench);
        assertEquals(watch.pulls, 0, "the chunks taken");
        if (bench.has("read")) {
          assertEquals(
            await store.readText("a.txt"),
            "old",
            "the content",
          );
        }
      },
    ),
  ];
}

/** Writes and reads that name a version. */
export const CONDITIONAL_TESTS: readonly Group[] = [
  ...WRITERS.flatMap(writerTests),

  behaviour(
    "CAS-001, SAW-001",
    "openAtomic: ifMatch holds when it opens and when it commits",
    { needs: [...CAS, "atomic_write"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "first");
      const etag = await etagOf(store, "a.txt");
      const writer = await store.openAtomic("a.txt", { ifMatch: etag });
      await writer.write("from the writer");
      await store.write("a.txt", "in between", { overwrite: true });
      await assertRefused(() => writer.close(), FAILED, bench, "close");
      assertEquals(writer.result, null, "result (EW-004)");
      await writer.abort();
      if (bench.has("read")) {
        assertEquals(
          await store.readText("a.txt"),
          "in between",
          "the content",
        );
      }
    },
  ),

  behaviour("CAS-002", "16 parallel counters that retry count to 16", {
    needs: [...CAS, "read"],
  }, async ({ store }) => {
    await store.write("counter.txt", "0");
    await Promise.all(
      Array.from({ length: 16 }, () => countUp(store, "counter.txt")),
    );
    assertEquals(await store.readText("counter.txt"), "16", "the count");
  }),

  behaviour(
    "CAS-001, WR-001a",
    "the etag of a write, an info, a head and a listing fit into ifMatch",
    { needs: [...CAS, "list"] },
    async ({ store }) => {
      const path = "a.txt";
      await store.write(path, "0");
      const sources = [
        async () => (await store.write(path, "w", { overwrite: true })).etag,
        async () => (await store.getFileInfo(path)).etag,
        async () => (await store.head(path)).etag,
        async () => (await collect(store.listFiles("")))[0]?.etag ?? null,
      ];
      for (const [i, source] of sources.entries()) {
        const etag = await source();
        if (etag === null && i !== 1) continue;
        assert(etag !== null, "getFileInfo has no etag");
        await store.write(path, `after ${i}`, { ifMatch: etag });
      }
    },
  ),

  behaviour(
    "CAS-003, BE-006",
    "a read with ifMatch gives that version or fails",
    { needs: ["read", "write", "metadata"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "first version");
      const { etag } = await store.getFileInfo("a.txt");
      if (etag === null) return;
      assertEquals(
        await store.readText("a.txt", { ifMatch: etag }),
        "first version",
        "readText",
      );
      const range = { offset: 6 };
      const part = await drain(
        await store.read("a.txt", { ifMatch: etag, range }),
      );
      assertEquals(part.byteLength, 7, "read with a range");
      await store.write("a.txt", "second", { overwrite: true });
      for (const read of ["read", "readBytes", "readText"] as const) {
        await assertRefused(
          () => store[read]("a.txt", { ifMatch: etag }),
          FAILED,
          bench,
          read,
        );
      }
      await assertRefused(
        () => store.readBytes("a.txt", { ifMatch: etag, range }),
        FAILED,
        bench,
        "range",
      );
    },
  ),

  behaviour(
    "CAS-003, BE-006",
    "open with ifNoneMatch leaves out the body of that version, and of no other",
    { needs: ["read", "write", "metadata"] },
    async ({ store }) => {
      await store.write("a.txt", "first");
      const { etag } = await store.getFileInfo("a.txt");
      if (etag === null) return;
      const same = await store.open("a.txt", { ifNoneMatch: etag });
      assertEquals(same.body, null, "the body of the same version");
      assertEquals(
        [same.info.path, same.info.etag],
        ["a.txt", etag],
        "its info",
      );
      // A 304 carries no length (RFC 9110 §15.4.5).
      assert(same.info.size === null || same.info.size === 5, "its size");
      const weak = await store.open("a.txt", { ifNoneMatch: `W/${etag}` });
      assertEquals(weak.body, null, "the body by a weak tag");
      await store.write("a.txt", "second", { overwrite: true });
      const { info, body } = await store.open("a.txt", { ifNoneMatch: etag });
      assert(body !== null, "the body of another version is left out");
      assertEquals(
        (await drain(body)).byteLength,
        6,
        "the bytes of another version",
      );
      assertEquals(info.size, 6, "the size of another version");
      assert(info.etag !== etag, "the etag is the old one");
    },
  ),
];
