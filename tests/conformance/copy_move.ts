import { assert, assertEquals, show } from "./assert.ts";
import { type Bench, breath } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

const METHODS = [["copy", "BE-019"], ["move", "BE-018"]] as const;

async function both(bench: Bench): Promise<string | null> {
  return await bench.textOf("to.txt") ?? await bench.textOf("from.txt");
}

function tests([method, id]: typeof METHODS[number]): Group[] {
  const needs = [method, "write", "read"] as const;
  return [
    behaviour(
      `${id}, WR-013`,
      `${method}: metadata and type go along and replace those at the destination`,
      { needs: [...needs, "metadata", "user_metadata"] },
      async ({ store }) => {
        const metadata = {
          author: "ada",
          city: "Zürich",
          note: " two  spaces ",
        };
        await store.write("from.txt", "from", {
          metadata,
          contentType: "text/x-from",
        });
        await store.write("to/deep.txt", "to", {
          metadata: { author: "eve", old: "yes" },
        });
        await store[method]("from.txt", "to/deep.txt", { overwrite: true });
        const info = await store.getFileInfo("to/deep.txt");
        assertEquals(info.metadata, metadata, "metadata");
        assertEquals(info.contentType, "text/x-from", "contentType");
        assertEquals(info.size, 4, "size");
      },
    ),

    behaviour(
      `${id}, WR-013`,
      `${method}: a file without metadata takes that of the destination away`,
      { needs: [...needs, "metadata", "user_metadata"] },
      async ({ store }) => {
        await store.write("from.txt", "from");
        await store.write("to.txt", "to", { metadata: { old: "yes" } });
        await store[method]("from.txt", "to.txt", { overwrite: true });
        const { metadata } = await store.getFileInfo("to.txt");
        assertEquals(metadata, null, "metadata");
      },
    ),

    behaviour(
      `${id}, BE-009`,
      `${method}: creates the folders above the destination`,
      { needs: [...needs, "list"] },
      async ({ store }) => {
        await store.write("from.txt", "from");
        await store[method]("from.txt", "a/b/c.txt");
        assert(await store.isFolder("a/b"), "the folder above is missing");
        assertEquals(await store.readText("a/b/c.txt"), "from", "the content");
      },
    ),

    behaviour(
      `${id}, STORE-008a`,
      `${method}: onto itself keeps content, metadata and etag`,
      { needs: [...needs, "metadata"] },
      async ({ store }) => {
        await store.write("a/b.txt", "same", { contentType: "text/x-same" });
        const before = await store.getFileInfo("a/b.txt");
        for (const overwrite of [false, true]) {
          await store[method]("a/b.txt", "./a//b.txt", { overwrite });
        }
        assertEquals(await store.readText("a/b.txt"), "same", "the content");
        assertEquals(await store.getFileInfo("a/b.txt"), before, "getFileInfo");
      },
    ),

    behaviour(
      `${id}, BE-021`,
      `${method}: a missing source outranks every fault of the destination but the root`,
      { needs: [method, "write"] },
      async (bench) => {
        const { store } = bench;
        await bench.putAll(["file.txt", "folder/a.txt"]);
        const from = { code: "NotFound", paths: ["missing"] } as const;
        for (const to of ["folder", "file.txt/below", "file.txt"]) {
          await assertRefused(
            () => store[method]("missing", to),
            from,
            bench,
            to,
          );
        }
        const root = { code: "InvalidPath", paths: ["", "."] } as const;
        await assertRefused(() => store[method]("missing", ""), root, bench);
        assert(await store.isFile("file.txt"), "file.txt is gone");
      },
    ),

    behaviour(
      `CAS-008, ${id}`,
      `${method}: sourceIfMatch takes its version of the source and no other one`,
      { needs: [...needs, "metadata"] },
      async (bench) => {
        const { store } = bench;
        await store.write("from.txt", "first");
        const { etag } = await store.getFileInfo("from.txt");
        if (etag === null) return;
        await store.write("from.txt", "second", { overwrite: true });
        for (const to of ["to.txt", "from.txt"]) {
          await assertRefused(
            () => store[method]("from.txt", to, { sourceIfMatch: etag }),
            { code: "PreconditionFailed", paths: ["from.txt"] },
            bench,
            to,
          );
        }
        assert(!await store.exists("to.txt"), "it was put all the same");
        const again = await store.getFileInfo("from.txt");
        const sourceIfMatch = again.etag ?? "";
        await store[method]("from.txt", "to.txt", { sourceIfMatch });
        assertEquals(await store.readText("to.txt"), "second", "the content");
      },
    ),

    behaviour(
      `${id}, BE-028`,
      `${method}: of several to one destination exactly one succeeds`,
      { needs: [...needs, "conditional_write"] },
      async ({ store }) => {
        const sources = Array.from({ length: 8 }, (_, i) => `from/${i}.txt`);
        await Promise.all(sources.map((path) => store.write(path, path)));
        const calls = sources.map((path) => store[method](path, "to.txt"));
        const ends = await Promise.allSettled(calls);
        const winners = sources.filter((_, i) =>
          ends[i]?.status === "fulfilled"
        );
        assertEquals(winners.length, 1, "the calls that succeeded");
        assertEquals(await store.readText("to.txt"), winners[0], "the content");
        for (const path of sources) {
          const stays = method === "copy" || path !== winners[0];
          assertEquals(await store.isFile(path), stays, `${path} is there`);
        }
        for (const end of ends) {
          if (end.status === "fulfilled") continue;
          const { code } = end.reason as { code?: unknown };
          assertEquals(
            code,
            "AlreadyExists",
            `the code of ${show(end.reason)}`,
          );
        }
      },
    ),
  ];
}

/** What copy and move do beside states. */
export const TRANSFER_TESTS: readonly Group[] = [
  ...METHODS.flatMap(tests),

  behaviour("BE-019", "copy: source and copy are two files from then on", {
    needs: ["copy", "write", "read"],
  }, async ({ store }) => {
    await store.write("from.txt", "first");
    await store.copy("from.txt", "to.txt");
    await store.write("from.txt", "second", { overwrite: true });
    assertEquals(await store.readText("to.txt"), "first", "the copy");
    await store.write("to.txt", "third", { overwrite: true });
    assertEquals(await store.readText("from.txt"), "second", "the source");
  }),

  behaviour(
    "CPM-002, BE-019",
    "copy: onto itself with another type replaces the file, under its conditions",
    {
      needs: ["copy", "copy_metadata", "write", "read", "metadata"],
    },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "same", {
        contentType: "text/x-old",
        ...bench.has("user_metadata") ? { metadata: { by: "ada" } } : {},
      });
      const before = await store.getFileInfo("a.txt");
      await assertRefused(
        () => store.copy("a.txt", "./a.txt", { contentType: "text/x-new" }),
        { code: "AlreadyExists", paths: ["a.txt"] },
        bench,
      );
      assertEquals(await store.getFileInfo("a.txt"), before, "the file");
      await store.copy("a.txt", "./a.txt", {
        contentType: "text/x-new",
        overwrite: true,
      });
      const after = await store.getFileInfo("a.txt");
      assertEquals(after.contentType, "text/x-new", "contentType");
      assertEquals(after.metadata, before.metadata, "metadata");
      assertEquals(await store.readText("a.txt"), "same", "the content");
      if (!bench.has("conditional_copy") || after.etag === null) return;
      const ifMatch = after.etag;
      await store.copy("a.txt", "a.txt", { contentType: "text/x", ifMatch });
      const last = await store.getFileInfo("a.txt");
      assertEquals(last.contentType, "text/x", "contentType");
      assertEquals(await store.readText("a.txt"), "same", "the content");
    },
  ),

  behaviour(
    "CPM-003, WR-011",
    "copy: metadata and header fields have the rules that they have in a write",
    { needs: ["copy", "copy_metadata", "write"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "a");
      const wrong = [
        { contentType: "text/plain\r\nx: y" },
        { metadata: { _k: "v" } },
        { metadata: { k: 1 as unknown as string } },
        { metadata: { k: "v".repeat(2048) } },
      ];
      for (const options of wrong) {
        await assertRefused(
          () => store.copy("a.txt", "b.txt", options),
          { code: "InvalidArgument" },
          bench,
        );
      }
      assert(!await store.exists("b.txt"), "it was copied");
    },
  ),

  behaviour("BE-018, MEM-016b", "move: the folder that it empties stays", {
    needs: ["move", "write"],
    namespace: "hierarchical",
  }, async ({ store }) => {
    await store.write("folder/a.txt", "a");
    await store.move("folder/a.txt", "b.txt");
    assert(await store.isFolder("folder"), "the folder is gone");
  }),

  behaviour(
    "BE-018, CAP-007",
    "move: with ATOMIC_MOVE a reader sees the file at one end, always",
    { needs: ["move", "write", "atomic_move"] },
    async ({ store }) => {
      for (let i = 0; i < 5; i++) {
        const [from, to] = [`from/${i}`, `to/${i}`];
        await store.write(from, "content");
        let moving = true;
        const move = async () => {
          try {
            await store.move(from, to);
          } finally {
            moving = false;
          }
        };
        const watch = async () => {
          while (moving) {
            await breath();
            // It moves one way, so once it has left it has to have arrived.
            if (await store.isFile(from)) continue;
            assert(await store.isFile(to), "the file is at neither end");
          }
        };
        const ends = await Promise.allSettled([move(), watch()]);
        for (const end of ends) {
          if (end.status === "rejected") throw end.reason;
        }
      }
    },
  ),

  behaviour(
    "BE-018, CAP-007",
    "move: without ATOMIC_MOVE the content is at one end afterwards",
    { needs: ["move", "write", "read"], lacks: ["atomic_move"] },
    async (bench) => {
      const { store } = bench;
      await store.write("from.txt", "content");
      await store.move("from.txt", "to.txt");
      assertEquals(await both(bench), "content", "the content");
      assert(!await store.exists("from.txt"), "the source is left");
    },
  ),
];
