import { asyncDispose } from "../../mod.ts";
import { assert, assertEquals, isEqual, thrownBy } from "./assert.ts";
import { type Bench, breath } from "./bench.ts";
import { patternAt, patternChunks, pieces, streamOf } from "./bodies.ts";
import { assertEmpty } from "./failing_sources.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";
import { assertSameAsInfo } from "./write.ts";

const ATOMIC = { needs: ["atomic_write", "read"] } as const;
const LISTED = { needs: ["atomic_write", "list"] } as const;

async function assertText(
  { store }: Bench,
  path: string,
  text: string,
): Promise<void> {
  assertEquals(await store.readText(path), text, `the content of ${path}`);
}

/** What openAtomic and writeAtomic promise beside write. */
export const ATOMIC_TESTS: readonly Group[] = [
  behaviour(
    "SAW-001, EW-004",
    "openAtomic: nothing is there before close, all of it after",
    ATOMIC,
    async (bench) => {
      const { store } = bench;
      const writer = await store.openAtomic("a/b.txt", {
        contentType: "text/x-atomic",
      });
      assertEquals(
        [writer.result, writer.position],
        [null, 0],
        "result and position at first",
      );
      await writer.write("one, ");
      await writer.write(new Uint8Array([0xc3, 0xbc]));
      assertEquals(writer.position, 7, "position");
      assertEquals(writer.result, null, "result before close");
      assert(!await store.isFile("a/b.txt"), "the file is there before close");
      const result = await writer.close();
      assertEquals([result.path, result.size], ["a/b.txt", 7], "path and size");
      assert(isEqual(writer.result, result), "result after close");
      await assertText(bench, "a/b.txt", "one, ü");
      if (bench.has("metadata")) await assertSameAsInfo(result, bench);
    },
  ),

  behaviour(
    "SAW-003, SAW-004",
    "openAtomic: disposal without close discards, also by an exception",
    LISTED,
    async (bench) => {
      const { store } = bench;
      const reason = new Error("the caller's own");
      const error = await thrownBy(async () => {
        const writer = await store.openAtomic("a.txt");
        try {
          await writer.write("half of");
          throw reason;
        } finally {
          await writer[asyncDispose]();
        }
      }, "the block");
      assert(error === reason, "the caller's own error was replaced (SAW-004)");
      const writer = await store.openAtomic("b.txt");
      await writer[asyncDispose]();
      await writer[asyncDispose]();
      assertEquals(writer.result, null, "result (EW-004)");
      await assertEmpty(bench);
    },
  ),

  behaviour(
    "SAW-003, AW-003",
    "openAtomic: an abort leaves the old file as it was",
    ATOMIC,
    async (bench) => {
      const { store } = bench;
      await bench.put("a.txt", "old");
      const writer = await store.openAtomic("a.txt", { overwrite: true });
      await writer.write("new");
      await writer.abort(new Error("changed my mind"));
      await writer.abort();
      assertEquals(writer.result, null, "result");
      await assertText(bench, "a.txt", "old");
    },
  ),

  behaviour(
    "SAW-001, AW-001",
    "openAtomic: readers see the old file until close",
    ATOMIC,
    async (bench) => {
      const { store } = bench;
      await bench.put("a.txt", "old");
      const writer = await store.openAtomic("a.txt", { overwrite: true });
      await writer.write("new");
      await assertText(bench, "a.txt", "old");
      await writer.close();
      await assertText(bench, "a.txt", "new");
    },
  ),

  behaviour(
    "SAW-001",
    "openAtomic: closing twice gives one result, aborting afterwards changes nothing",
    ATOMIC,
    async (bench) => {
      const writer = await bench.store.openAtomic("a.txt");
      await writer.write("a");
      const first = await writer.close();
      const second = await writer.close();
      assertEquals(second, first, "the second result");
      await writer.abort();
      await writer[asyncDispose]();
      assertEquals(writer.result, first, "result after an abort");
      await assertRefused(
        () => writer.write("b"),
        { code: "InvalidArgument" },
        bench,
      );
      await assertText(bench, "a.txt", "a");
    },
  ),

  behaviour(
    "SAW-001",
    "openAtomic: closed at once it writes an empty file",
    ATOMIC,
    async (bench) => {
      const { size } = await (await bench.store.openAtomic("a.txt")).close();
      assertEquals(size, 0, "size");
      await assertText(bench, "a.txt", "");
    },
  ),

  behaviour(
    "SAW-001, SAW-013",
    "openAtomic: conflicts are refused when it opens",
    LISTED,
    async (bench) => {
      const { store } = bench;
      await bench.put("folder/a.txt", "old");
      const exists = {
        code: "AlreadyExists",
        paths: ["folder/a.txt"],
      } as const;
      await assertRefused(
        () => store.openAtomic("folder/a.txt"),
        exists,
        bench,
      );
      if (!bench.target.strict) return;
      for (const path of ["folder", "folder/a.txt/below"]) {
        const refusal = { code: "InvalidPath", paths: [path] } as const;
        await assertRefused(() => store.openAtomic(path), refusal, bench);
      }
    },
  ),

  behaviour(
    "SAW-001, AW-003",
    "openAtomic: a file that came in between makes close fail",
    { needs: [...ATOMIC.needs, "write", "conditional_write"] },
    async (bench) => {
      const { store } = bench;
      const writer = await store.openAtomic("a.txt");
      await writer.write("late");
      await store.write("a.txt", "earlier");
      const refusal = { code: "AlreadyExists", paths: ["a.txt"] } as const;
      await assertRefused(() => writer.close(), refusal, bench);
      assertEquals(writer.result, null, "result (EW-004)");
      await writer.abort();
      await assertText(bench, "a.txt", "earlier");
    },
  ),

  behaviour(
    "SAW-006",
    "openAtomic: piping into writable commits, a failing pipe discards",
    ATOMIC,
    async (bench) => {
      const { store } = bench;
      const writer = await store.openAtomic("a.bin");
      await streamOf(patternChunks(300_000)).pipeTo(writer.writable);
      assertEquals(writer.result?.size, 300_000, "the result's size");
      const bytes = await store.readBytes("a.bin");
      assert(bytes.every((byte, i) => byte === patternAt(i)), "other bytes");
      const failing = await store.openAtomic("b.bin");
      const reason = new Error("the source failed");
      let pulls = 0;
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pulls++ > 2) controller.error(reason);
          else controller.enqueue(new Uint8Array(10));
        },
      });
      const error = await thrownBy(
        () => source.pipeTo(failing.writable),
        "pipeTo",
      );
      assert(error === reason, "the source's error was replaced");
      assertEquals(failing.result, null, "result after a failure");
      assert(!await store.exists("b.bin"), "a part is left");
    },
  ),

  behaviour(
    "SAW-001, WR-012",
    "openAtomic: takes metadata and reports progress",
    { needs: ["atomic_write", "metadata", "user_metadata"] },
    async ({ store }) => {
      const told: number[] = [];
      const metadata = { author: "ada" };
      const writer = await store.openAtomic("a.txt", {
        metadata,
        onProgress: (bytes) => told.push(bytes),
      });
      for (const piece of pieces("0123456789", 3)) await writer.write(piece);
      const result = await writer.close();
      assertEquals(result.metadata, metadata, "the echo");
      assertEquals(
        (await store.getFileInfo("a.txt")).metadata,
        metadata,
        "what is stored",
      );
      assertEquals(told.at(-1), 10, "the last number told");
    },
  ),

  behaviour(
    "AW-001",
    "writeAtomic: a reader sees the old or the new file, never a part",
    { needs: [...ATOMIC.needs, "write"] },
    async ({ store }) => {
      const size = 50_000;
      const text = (letter: string) => letter.repeat(size);
      await store.write("a.txt", text("a"));
      let writing = true;
      const write = async () => {
        try {
          for (const letter of ["b", "c", "d"]) {
            const stream = streamOf(pieces(text(letter), 5000));
            await store.writeAtomic("a.txt", stream, { overwrite: true });
          }
        } finally {
          writing = false;
        }
      };
      const watch = async () => {
        while (writing) {
          await breath();
          const seen = await store.readText("a.txt");
          const isWhole = seen.length === size && seen === text(seen.charAt(0));
          assert(
            isWhole,
            `a reader sees ${seen.length} bytes of several versions`,
          );
        }
      };
      const ends = await Promise.allSettled([write(), watch()]);
      for (const end of ends) {
        if (end.status === "rejected") throw end.reason;
      }
    },
  ),

  behaviour(
    "AW-002, AW-007",
    "without ATOMIC_WRITE both atomic methods refuse, and never fall back",
    { needs: ["write"], lacks: ["atomic_write"] },
    async (bench) => {
      const { store } = bench;
      const refusal = {
        code: "CapabilityNotSupported",
        capability: "atomic_write",
      } as const;
      await assertRefused(
        () => store.writeAtomic("a.txt", "a"),
        refusal,
        bench,
      );
      await assertRefused(() => store.openAtomic("a.txt"), refusal, bench);
      assert(!await store.exists("a.txt"), "a file is left");
    },
  ),
];
