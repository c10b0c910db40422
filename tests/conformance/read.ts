import { assert, assertEquals, isEqual, show, thrownBy } from "./assert.ts";
import { type Bench, bytesOf, drain } from "./bench.ts";
import { patternAt, patternChunks } from "./bodies.ts";
import { type Behaviour, behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

const SEEDED: Behaviour = {
  needs: ["read"],
  when: ({ seedable }) => seedable,
};

const SIZE = 300 * 1024 + 7;

/** Returns the pattern's bytes between two positions. */
function pattern(from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from);
  for (let i = 0; i < bytes.byteLength; i++) bytes[i] = patternAt(from + i);
  return bytes;
}

async function putPattern(bench: Bench, path: string): Promise<void> {
  const [bytes] = patternChunks(SIZE, SIZE);
  if (bytes !== undefined) await bench.put(path, bytes);
}

/** What read, readBytes, readText and openBlob do with bytes. */
export const READ: readonly Group[] = [
  behaviour(
    "SIO-001, BE-006",
    "read gives non-empty chunks from byte 0 on",
    SEEDED,
    async (bench) => {
      await putPattern(bench, "big.bin");
      const reader = (await bench.store.read("big.bin")).getReader();
      let at = 0;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        assert(value instanceof Uint8Array, `a chunk is ${show(value)}`);
        assert(value.byteLength > 0, "a chunk is empty");
        const wanted = pattern(at, at + value.byteLength);
        assert(isEqual(value, wanted), `the chunk at ${at} has other bytes`);
        at += value.byteLength;
      }
      assertEquals(at, SIZE, "the bytes read");
    },
  ),

  behaviour(
    "SIO-005",
    "a stream can be cancelled: unread, half read, twice",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      await putPattern(bench, "big.bin");
      const unread = await store.read("big.bin");
      await unread.cancel("no longer wanted");
      await unread.cancel("twice");
      const reader = (await store.read("big.bin")).getReader();
      await reader.read();
      await reader.cancel(new Error("no longer wanted"));
      await reader.cancel();
      const { done } = await reader.read();
      assert(done, "a cancelled stream goes on");
      const whole = await store.readBytes("big.bin");
      assertEquals(whole.byteLength, SIZE, "a read after a cancelled one");
    },
  ),

  behaviour("SIO-004", "an absent file is a rejection, not a broken stream", {
    needs: ["read"],
  }, async (bench) => {
    const { store } = bench;
    const refusal = { code: "NotFound", paths: ["absent.bin"] } as const;
    await assertRefused(() => store.read("absent.bin"), refusal, bench);
    await assertRefused(() => store.readBytes("absent.bin"), refusal, bench);
    await assertRefused(() => store.readText("absent.bin"), refusal, bench);
  }),

  behaviour(
    "BE-028",
    "readers of one file do not disturb each other",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      await putPattern(bench, "big.bin");
      const streams = await Promise.all([
        store.read("big.bin"),
        store.read("big.bin", { range: { offset: 100_000 } }),
        store.read("big.bin", { range: { suffix: 1000 } }),
      ]);
      const [whole, rest, last] = await Promise.all(streams.map(drain));
      assert(isEqual(whole, pattern(0, SIZE)), "the whole file");
      assert(isEqual(rest, pattern(100_000, SIZE)), "the rest of the file");
      assert(isEqual(last, pattern(SIZE - 1000, SIZE)), "the end of the file");
    },
  ),

  behaviour(
    "SEEK-002",
    "ranges of a larger file are exactly its bytes",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      await putPattern(bench, "big.bin");
      const ranges = [[0, 1], [1, 65_536], [65_535, 65_538], [131_071, SIZE], [
        SIZE - 1,
        SIZE,
      ]];
      for (const [from = 0, to = 0] of ranges) {
        const range = { offset: from, length: to - from };
        const bytes = await store.readBytes("big.bin", { range });
        assert(isEqual(bytes, pattern(from, to)), `the bytes ${from} to ${to}`);
        const streamed = await drain(await store.read("big.bin", { range }));
        assert(
          isEqual(streamed, pattern(from, to)),
          `the stream ${from} to ${to}`,
        );
      }
    },
  ),

  behaviour(
    "MEM-011",
    "changing bytes that were read changes nothing stored",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      await bench.put("a.txt", "untouched");
      (await store.readBytes("a.txt")).fill(0);
      (await drain(await store.read("a.txt"))).fill(0);
      const reader = (await store.read("a.txt")).getReader();
      (await reader.read()).value?.fill(0);
      await reader.cancel();
      (await store.readBytes("a.txt", { range: { offset: 2 } })).fill(0);
      assertEquals(await store.readText("a.txt"), "untouched", "the file");
    },
  ),

  behaviour(
    "MEM-010",
    "a stream in flight is of one version: the old one, or an error",
    { needs: ["read", "write"] },
    async (bench) => {
      const { store } = bench;
      await putPattern(bench, "big.bin");
      const reader = (await store.read("big.bin")).getReader();
      const first = (await reader.read()).value;
      assert(first !== undefined, "the first chunk is missing");
      await store.write("big.bin", new Uint8Array(SIZE).fill(9), {
        overwrite: true,
      });
      let at = first.byteLength;
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const wanted = pattern(at, at + value.byteLength);
          assert(
            isEqual(value, wanted),
            `the chunk at ${at} is of another version`,
          );
          at += value.byteLength;
        }
      } catch (error) {
        const isOurs = error instanceof Error && "code" in error;
        if (!isOurs || bench.target.namespace === "hierarchical") throw error;
        return;
      }
      assertEquals(at, SIZE, "the bytes of the old version");
    },
  ),

  behaviour(
    "RTXT-001",
    "readText keeps a byte order mark and refuses ill-formed bytes",
    SEEDED,
    async (bench) => {
      const { store } = bench;
      const text = "\ufeffZürich – 日本 🙂\u0000\r\n";
      await bench.put("text.txt", bytesOf(text));
      assertEquals(await store.readText("text.txt"), text, "the text");
      for (const bytes of [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80]]) {
        await bench.put("bad.txt", new Uint8Array(bytes));
        const error = await thrownBy(
          () => store.readText("bad.txt"),
          "ill-formed",
        );
        assert(
          error instanceof TypeError,
          `got ${show(error)}, expected TypeError`,
        );
        assert(
          !("code" in error && error.code === "NotFound"),
          "a remapped error",
        );
      }
    },
  ),

  behaviour(
    "SEEK-001, Q1",
    "openBlob slices as Blob does, without reading ahead",
    { ...SEEDED, needs: ["read", "metadata"] },
    async (bench) => {
      const { store } = bench;
      const text = "0123456789abcdef";
      await bench.put("a.txt", text);
      const blob = await store.openBlob("a.txt");
      const twin = new Blob([text]);
      const cuts: readonly (readonly [number?, number?])[] = [
        [],
        [3],
        [3, 7],
        [-4],
        [-4, -2],
        [0, 0],
        [7, 3],
        [100],
        [0, 100],
        [-100, 2],
      ];
      for (const [from, to] of cuts) {
        const mine = blob.slice(from, to);
        const theirs = twin.slice(from, to);
        assertEquals(
          mine.size,
          theirs.size,
          `the size of slice(${from}, ${to})`,
        );
        assertEquals(
          await mine.text(),
          await theirs.text(),
          `slice(${from}, ${to})`,
        );
      }
      const inner = blob.slice(2, 12, "text/x-part").slice(3, -2);
      assertEquals(await inner.text(), "56789", "a slice of a slice");
      assertEquals(blob.slice(1, 2, "text/x-part").type, "text/x-part", "type");
      assertEquals((await blob.arrayBuffer()).byteLength, 16, "arrayBuffer");
      await blob.stream().cancel();
      assertEquals(bytesOf(text), await drain(blob.stream()), "stream");
    },
  ),

  behaviour("SEEK-002, MEM-010", "openBlob gives no byte of a later version", {
    needs: ["read", "metadata", "write"],
  }, async (bench) => {
    const { store } = bench;
    await bench.put("a.txt", "the first version");
    const blob = await store.openBlob("a.txt");
    await bench.put("a.txt", "another text, longer than before");
    const refusal = { code: "PreconditionFailed", paths: ["a.txt"] } as const;
    await assertRefused(() => blob.text(), refusal, bench);
    await assertRefused(() => drain(blob.slice(3, 5).stream()), refusal, bench);
  }),
];
