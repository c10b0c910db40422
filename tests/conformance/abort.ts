import { assert, assertEquals, show, thrownBy } from "./assert.ts";
import { type Bench, breath, collect } from "./bench.ts";
import { assertEmpty, watched } from "./failing_sources.ts";
import { behaviour, type Group } from "./points.ts";
import { WRITERS } from "./write.ts";

const REASON = { the: "caller's own reason" };

async function assertEndsWith(
  call: Promise<unknown>,
  reason: unknown,
  what: string,
): Promise<void> {
  const error = await thrownBy(() => call, what);
  assert(
    error === reason,
    `${what}: got ${show(error)}, expected the reason itself`,
  );
}

/** Waits until a stream was asked for more than so many chunks, or a second has passed. */
async function untilPulled(
  watch: { readonly pulls: number },
  chunks: number,
): Promise<void> {
  for (let i = 0; i < 200 && watch.pulls <= chunks; i++) {
    await breath(i < 20 ? 0 : 5);
  }
}

function writerTests([method, gate, id]: typeof WRITERS[number]): Group[] {
  const needs = [gate, "atomic_write", "list"] as const;
  return [
    behaviour(
      `SIO-005, AW-004, ${id}`,
      `${method}: an abort in the middle cancels the source and leaves nothing`,
      { needs },
      async (bench) => {
        const controller = new AbortController();
        const watch = watched(5, "hang");
        const call = bench.store[method]("a/b.txt", watch.stream, {
          signal: controller.signal,
        });
        call.catch(() => {});
        await untilPulled(watch, 5);
        controller.abort(REASON);
        await assertEndsWith(call, REASON, method);
        assert(watch.cancelled !== undefined, "the source was not cancelled");
        assert(
          watch.cancelled.reason === REASON,
          "the source was cancelled with another reason",
        );
        await assertEmpty(bench);
      },
    ),

    behaviour(
      `SIO-005, AW-003, ${id}`,
      `${method}: an abort leaves the old file as it was`,
      { needs: [...needs, "read"] },
      async (bench) => {
        const { store } = bench;
        await bench.put("a.txt", "old");
        const controller = new AbortController();
        const watch = watched(3, "hang");
        const call = store[method]("a.txt", watch.stream, {
          overwrite: true,
          signal: controller.signal,
        });
        call.catch(() => {});
        await untilPulled(watch, 3);
        controller.abort(REASON);
        await assertEndsWith(call, REASON, method);
        assertEquals(await store.readText("a.txt"), "old", "the old file");
      },
    ),

    behaviour(
      `SIO-005, ${id}`,
      `${method}: an aborted signal leaves the stream unlocked and unread`,
      { needs: [gate] },
      async ({ store }) => {
        const watch = watched(3, "close");
        const call = store[method]("a.txt", watch.stream, {
          signal: AbortSignal.abort(REASON),
        });
        await assertEndsWith(call, REASON, method);
        assert(
          watch.pulls === 0 && !watch.stream.locked,
          "the stream was touched",
        );
        assertEquals(watch.cancelled, undefined, "the stream was cancelled");
      },
    ),

    behaviour(`SIO-005, ${id}`, `${method}: an abort from onProgress ends it`, {
      needs,
    }, async (bench) => {
      const controller = new AbortController();
      const watch = watched(20, "close");
      const call = bench.store[method]("a.txt", watch.stream, {
        signal: controller.signal,
        onProgress: (bytes) => {
          if (bytes > 3000) controller.abort(REASON);
        },
      });
      await assertEndsWith(call, REASON, method);
      await assertEmpty(bench);
    }),

    behaviour(
      `SIO-005, ${id}`,
      `${method}: an abort after the end changes nothing`,
      { needs: [...needs, "read"] },
      async ({ store }) => {
        const controller = new AbortController();
        await store[method]("a.txt", watched(2, "close").stream, {
          signal: controller.signal,
        });
        controller.abort(REASON);
        assertEquals(
          (await store.readBytes("a.txt")).byteLength,
          2048,
          "the content",
        );
      },
    ),
  ];
}

async function putBig(bench: Bench): Promise<void> {
  await bench.put("big.bin", new Uint8Array(2 * 1024 * 1024).fill(7));
}

/** What an abort does while a call is under way. */
export const ABORT_TESTS: readonly Group[] = [
  ...WRITERS.flatMap(writerTests),

  behaviour(
    "SIO-005, SAW-003",
    "openAtomic: an abort of its signal discards what was written",
    { needs: ["atomic_write", "list"] },
    async (bench) => {
      const controller = new AbortController();
      const writer = await bench.store.openAtomic("a.txt", {
        signal: controller.signal,
      });
      await writer.write("half");
      controller.abort(REASON);
      await assertEndsWith(writer.close(), REASON, "close");
      assertEquals(writer.result, null, "result");
      await writer.abort();
      await assertEmpty(bench);
    },
  ),

  behaviour(
    "SIO-005, BE-006",
    "read: an abort ends the stream with its reason",
    { needs: ["read"], when: ({ seedable }) => seedable },
    async (bench) => {
      const { store } = bench;
      await putBig(bench);
      const controller = new AbortController();
      const reader =
        (await store.read("big.bin", { signal: controller.signal }))
          .getReader();
      await reader.read();
      controller.abort(REASON);
      const drained = async () => {
        while (!(await reader.read()).done);
      };
      // Bytes at hand may have ended the stream already; then it ends as it began.
      try {
        await drained();
      } catch (error) {
        assert(
          error === REASON,
          `got ${show(error)}, expected the reason itself`,
        );
      }
      await reader.cancel().catch(() => {});
      assertEquals(
        (await store.readBytes("big.bin")).byteLength,
        2 * 1024 * 1024,
        "a read afterwards",
      );
    },
  ),

  behaviour(
    "SIO-005, BE-014",
    "listFiles: an abort between two entries ends the loop with its reason",
    { needs: ["list"], when: ({ seedable }) => seedable },
    async (bench) => {
      const { store } = bench;
      await bench.putAll(["a/1", "a/2", "b/3"]);
      const controller = new AbortController();
      const iterator = store.listFolders("", {
        maxDepth: 3,
        signal: controller.signal,
      })[Symbol.asyncIterator]();
      await iterator.next();
      controller.abort(REASON);
      const rest = async () => {
        while (!(await iterator.next()).done);
      };
      // The entries of a page at hand may still come; the next request may not.
      await assertEndsWith(rest(), REASON, "listFolders");
      const files = await collect(store.listFiles("", { recursive: true }));
      assertEquals(files.length, 3, "a listing afterwards");
    },
  ),

  behaviour(
    "BE-020, Q18",
    "a terminal close ends a write in flight, and cancels its source",
    { needs: ["write"], when: ({ closeIsTerminal }) => closeIsTerminal },
    async ({ store }) => {
      const watch = watched(3, "hang");
      const call = store.write("a.txt", watch.stream);
      call.catch(() => {});
      await untilPulled(watch, 3);
      await store.close();
      const error = await thrownBy(() => call, "write");
      assertEquals(
        (error as { code?: unknown }).code,
        "BackendUnavailable",
        `the code of ${show(error)}`,
      );
      assert(watch.cancelled !== undefined, "the source was not cancelled");
    },
  ),
];
