import type { StoreLike, WriteOptions, WriteResult } from "../../mod.ts";
import { assert, assertEquals, fail, thrownBy } from "./assert.ts";
import { type Bench, bytesOf } from "./bench.ts";
import { patternAt, patternChunks, pieces, streamOf } from "./bodies.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

const WRITE = { needs: ["write", "read"] } as const;

/** The two ways to write content in one call. */
export const WRITERS = [
  ["write", "write", "BE-008"],
  ["writeAtomic", "atomic_write", "AW-001"],
] as const;

/** Fails unless a result and a look right after it say the same. */
export async function assertSameAsInfo(
  result: WriteResult,
  { store }: Bench,
): Promise<void> {
  const info = await store.getFileInfo(result.path);
  assertEquals(info.size, result.size, "size");
  if (result.etag !== null) assertEquals(info.etag, result.etag, "etag");
  if (result.digest !== null && info.digest !== null) {
    const same = info.digest.equals(result.digest);
    assert(same, `digest: got ${info.digest}, expected ${result.digest}`);
  }
  if (result.lastModified !== null && info.lastModified !== null) {
    assertEquals(info.lastModified, result.lastModified, "lastModified");
  }
}

function sizeTest(
  [method, gate]: typeof WRITERS[number],
  title: string,
  sizeOf: (bench: Bench) => number,
  slow: boolean,
): Group {
  const name = `${method}: a result equals getFileInfo right after, ${title}`;
  const needs = [gate, "metadata", "read"] as const;
  return behaviour(`WR-001a, WR-003, ${slow ? "ASYNC-074" : "WR-002"}`, name, {
    needs,
  }, async (bench) => {
    const { store } = bench;
    const size = sizeOf(bench);
    const result = await store[method](
      "big.bin",
      streamOf(patternChunks(size)),
    );
    assertEquals(result.size, size, "the result's size");
    await assertSameAsInfo(result, bench);
    const reader = (await store.read("big.bin")).getReader();
    let at = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const byte of value) {
        if (byte !== patternAt(at)) fail(`the byte at ${at} is another one`);
        at++;
      }
    }
    assertEquals(at, size, "the bytes read back");
  });
}

function snapshotTest([method, gate]: typeof WRITERS[number]): Group {
  return behaviour(
    "MEM-011, WR-012",
    `${method}: what the caller changes after the call changes nothing`,
    { needs: [gate, "read"] },
    async (bench) => {
      const { store } = bench;
      const bytes = bytesOf("as it was at the call");
      const metadata: Record<string, string> = { author: "ada" };
      const options: WriteOptions = bench.has("user_metadata")
        ? { metadata }
        : {};
      const done = store[method]("a.txt", bytes, options);
      bytes.fill(0);
      metadata["author"] = "eve";
      metadata["late"] = "yes";
      const result = await done;
      bytes.fill(1);
      assertEquals(
        await store.readText("a.txt"),
        "as it was at the call",
        "the bytes",
      );
      if (!bench.has("user_metadata")) return;
      assertEquals(result.metadata, { author: "ada" }, "the echo");
      assert(Object.isFrozen(result.metadata), "the echo is not frozen");
      const { metadata: stored } = await store.getFileInfo("a.txt");
      assertEquals(stored, { author: "ada" }, "what is stored");
    },
  );
}

function progressTest([method, gate]: typeof WRITERS[number]): Group {
  return behaviour(
    "STR-001",
    `${method}: progress grows to the size, and what it throws ends the write`,
    { needs: [gate] },
    async (bench) => {
      const { store } = bench;
      const contents = [
        () => bytesOf("x".repeat(1000)),
        () => streamOf(pieces("x".repeat(1000), 64)),
        () => new Blob(["x".repeat(1000)]),
      ];
      for (const make of contents) {
        const told: number[] = [];
        await store[method]("a.txt", make(), {
          overwrite: true,
          onProgress: (bytes) => told.push(bytes),
        });
        const sorted = [...told].sort((a, b) => a - b);
        assertEquals(told, sorted, "the numbers told");
        assertEquals(told.at(-1), 1000, "the last number told");
      }
      const reason = new Error("enough");
      const error = await thrownBy(
        () =>
          store[method]("b.txt", streamOf(pieces("x".repeat(1000), 64)), {
            onProgress: (bytes) => {
              if (bytes > 200) throw reason;
            },
          }),
        method,
      );
      assert(
        error === reason,
        "the write did not end with what onProgress threw",
      );
      if (bench.has("atomic_write")) {
        assert(!await store.exists("b.txt"), "a part is left");
      }
    },
  );
}

/** What write and writeAtomic do with content. */
export const WRITE_TESTS: readonly Group[] = WRITERS.flatMap((writer) => [
  sizeTest(writer, "100 KiB", () => 100 * 1024, false),
  sizeTest(
    writer,
    "a large stream",
    ({ target }) => target.largeFile + 3,
    true,
  ),
  snapshotTest(writer),
  progressTest(writer),
]);

async function writeEach(
  store: StoreLike,
  paths: readonly string[],
): Promise<void> {
  await Promise.all(paths.map((path) => store.write(path, path)));
}

/** What is left of writing. */
export const WRITE_EFFECTS: readonly Group[] = [
  behaviour(
    "SIO-003",
    "a stream is written from where it stands",
    WRITE,
    async ({ store }) => {
      const stream = streamOf(pieces("0123456789", 4));
      const reader = stream.getReader();
      await reader.read();
      reader.releaseLock();
      const { size } = await store.write("rest.txt", stream);
      assertEquals(size, 6, "the result's size");
      assertEquals(await store.readText("rest.txt"), "456789", "the content");
    },
  ),

  behaviour(
    "SIO-003, WR-003",
    "empty chunks and an empty stream are fine",
    WRITE,
    async ({ store }) => {
      const none = new Uint8Array(0);
      const stream = streamOf([none, bytesOf("a"), none, bytesOf("b"), none]);
      assertEquals((await store.write("a.txt", stream)).size, 2, "size");
      assertEquals(await store.readText("a.txt"), "ab", "the content");
      assertEquals((await store.write("b.txt", streamOf([]))).size, 0, "size");
      assertEquals(await store.readText("b.txt"), "", "the empty content");
    },
  ),

  behaviour(
    "SIO-003",
    "a response or stream that was used is refused, and nothing is left",
    { needs: ["write"] },
    async (bench) => {
      const used = new Response("used");
      await used.text();
      const refusal = { code: "InvalidArgument" } as const;
      await assertRefused(
        () => bench.store.write("a.txt", used),
        refusal,
        bench,
      );
      const locked = streamOf(pieces("locked"));
      const reader = locked.getReader();
      await assertRefused(
        () => bench.store.write("a.txt", locked),
        refusal,
        bench,
      );
      assertEquals(
        (await reader.read()).value,
        bytesOf("lock"),
        "what a reader still gets",
      );
      assert(!await bench.store.exists("a.txt"), "a file is left");
    },
  ),

  behaviour(
    "BE-009, AW-005",
    "writing creates the folders above, at any depth",
    { needs: ["write", "list"] },
    async ({ store }) => {
      await store.write("a/b/c/d.txt", "d");
      for (const folder of ["a", "a/b", "a/b/c"]) {
        assert(await store.isFolder(folder), `${folder} is no folder`);
        assert(!await store.isFile(folder), `${folder} is a file`);
      }
    },
  ),

  behaviour("BE-028", "writes side by side all arrive", {
    needs: ["write", "list"],
  }, async (bench) => {
    const paths = Array.from(
      { length: 24 },
      (_, i) => `side/${i % 4}/${i}.txt`,
    );
    await writeEach(bench.store, paths);
    assertEquals(await bench.filesBelow(), paths.sort(), "the files");
  }),

  behaviour(
    "WR-001a",
    "an overwritten file has the new content, type and etag",
    { needs: ["write", "read", "metadata"] },
    async (bench) => {
      const { store } = bench;
      const first = await store.write("a.txt", "first, and longer", {
        contentType: "text/x-first",
        cacheControl: "no-store",
      });
      const before = await store.getFileInfo("a.txt");
      await store.write("a.txt", "second", { overwrite: true });
      const after = await store.getFileInfo("a.txt");
      assertEquals(await store.readText("a.txt"), "second", "the content");
      assertEquals(after.size, 6, "size");
      assert(
        after.contentType !== "text/x-first",
        "the old contentType is left",
      );
      assert(
        after.extra["cacheControl"] !== "no-store",
        "the old cacheControl is left",
      );
      assert(
        before.etag === null || before.etag !== after.etag,
        "the etag is the old one",
      );
      assert(
        first.etag === null || first.etag === before.etag,
        "the first etag",
      );
    },
  ),

  ...WRITERS.map(([method, gate]) =>
    behaviour(
      "SIZE-001, SIZE-002",
      `${method}: what is larger than maxSize is refused, before or at the byte, and nothing is left`,
      { needs: [gate, "read", "metadata"] },
      async (bench) => {
        const { store } = bench;
        const maxSize = 1000;
        const fits = patternChunks(maxSize);
        const { size } = await store[method]("a", streamOf(fits), { maxSize });
        assertEquals(size, maxSize, "the size of what fits");
        const contents = [
          new Uint8Array(maxSize + 1),
          streamOf(patternChunks(maxSize + 1)),
          streamOf(patternChunks(100_000)),
        ];
        for (const content of contents) {
          await assertRefused(
            () => store[method]("b", content, { maxSize }),
            { code: "ContentTooLarge", paths: ["b"] },
            bench,
          );
          const found = await store.getFileInfo("b", { missingOk: true });
          assertEquals(found, null, "what was left");
        }
      },
    )
  ),

  behaviour("WR-007", "a plain write is not hashed for the sake of a digest", {
    needs: ["write", "metadata"],
    lacks: ["write_result_native"],
  }, async ({ store }) => {
    assertEquals((await store.write("a.txt", "a")).digest, null, "digest");
  }),
];
