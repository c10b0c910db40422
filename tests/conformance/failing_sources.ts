import type { StoreLike } from "../../mod.ts";
import { assert, assertEquals, show, thrownBy } from "./assert.ts";
import { type Bench, bytesOf } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";
import { WRITERS } from "./write.ts";

type Writer = typeof WRITERS[number];

/** A stream that says what was done to it. */
interface Watched {
  readonly stream: ReadableStream<Uint8Array>;
  pulls: number;
  /** What it was cancelled with; `undefined` while it was not. */
  cancelled: { readonly reason: unknown } | undefined;
}

/** Returns a stream that gives `chunks` times 1 KiB, and then does as `end` says. */
export function watched(
  chunks: number,
  end: "close" | "hang" | { readonly error: unknown },
): Watched {
  const watch: Watched = {
    pulls: 0,
    cancelled: undefined,
    stream: new ReadableStream<Uint8Array>({
      pull(controller) {
        if (watch.pulls++ < chunks) {
          controller.enqueue(new Uint8Array(1024).fill(120));
        } else if (end === "close") {
          controller.close();
        } else if (end === "hang") {
          return new Promise(() => {});
        } else {
          controller.error(end.error);
        }
      },
      cancel(reason) {
        watch.cancelled = { reason };
      },
    }, { highWaterMark: 0 }),
  };
  return watch;
}

/** Fails unless the root is as empty as before the first write. */
export async function assertEmpty({ store }: Bench): Promise<void> {
  const left = [];
  for await (const { path } of store.iterChildren("")) left.push(path);
  assertEquals(left, [], "what is left in the root");
}

async function failWith(
  store: StoreLike,
  method: Writer[0],
  content: Parameters<StoreLike["write"]>[1],
  reason: unknown,
): Promise<void> {
  const options = { overwrite: true };
  const error = await thrownBy(
    () => store[method]("a/b.txt", content, options),
    method,
  );
  assert(error === reason, `got ${show(error)}, expected the source's error`);
}

function sourceTests(writer: Writer): Group[] {
  const [method, gate, id] = writer;
  const needs = [gate, "atomic_write", "list"] as const;
  const readable = [gate, "atomic_write", "read"] as const;
  return [
    behaviour(
      `AW-004, ${id}`,
      `${method}: a source that fails at once leaves nothing`,
      { needs },
      async (bench) => {
        const reason = new Error("the source failed");
        await failWith(
          bench.store,
          method,
          watched(0, { error: reason }).stream,
          reason,
        );
        await assertEmpty(bench);
      },
    ),

    behaviour(
      `AW-004, SAW-005, ${id}`,
      `${method}: a source that fails in the middle leaves nothing`,
      { needs },
      async (bench) => {
        const reason = new Error("the source failed");
        await failWith(
          bench.store,
          method,
          watched(40, { error: reason }).stream,
          reason,
        );
        await assertEmpty(bench);
        const iterable = {
          async *[Symbol.asyncIterator]() {
            yield bytesOf("some");
            await Promise.resolve();
            throw reason;
          },
        };
        await failWith(bench.store, method, iterable, reason);
        await assertEmpty(bench);
      },
    ),

    behaviour(
      `AW-003, ${id}`,
      `${method}: a source that fails leaves the old file as it was`,
      { needs: readable },
      async (bench) => {
        const { store } = bench;
        await store.write("a/b.txt", "old");
        const reason = { not: "even an Error" };
        await failWith(
          store,
          method,
          watched(3, { error: reason }).stream,
          reason,
        );
        assertEquals(await store.readText("a/b.txt"), "old", "the old file");
      },
    ),

    behaviour(
      `SIO-003, ${id}`,
      `${method}: a chunk that is no bytes ends the write and cancels the source`,
      { needs },
      async (bench) => {
        let cancelled = false;
        const stream = new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue("text" as never),
          cancel: () => void (cancelled = true),
        }, { highWaterMark: 0 });
        const call = () => bench.store[method]("a/b.txt", stream);
        await assertRefused(call, { code: "InvalidArgument" }, bench);
        assert(cancelled, "the source was not cancelled");
        await assertEmpty(bench);
      },
    ),

    behaviour(
      `AW-003, Q21, ${id}`,
      `${method}: a refused write leaves its stream unlocked and unread`,
      { needs: [gate], when: ({ namespace }) => namespace === "hierarchical" },
      async (bench) => {
        const { store } = bench;
        await bench.putAll(["file.txt", "folder/file.txt"]);
        for (
          const path of ["file.txt", "folder", "file.txt/below", "", "a/../b"]
        ) {
          const watch = watched(2, "close");
          await thrownBy(
            () => store[method](path, watch.stream),
            `${method} ${path}`,
          );
          assertEquals(
            watch.pulls,
            0,
            `chunks taken by a refused write to ${path}`,
          );
          assert(!watch.stream.locked, "the stream is locked");
          assertEquals(watch.cancelled, undefined, "the stream was cancelled");
        }
      },
    ),

    behaviour(
      `AW-003, Q21, ${id}`,
      `${method}: a write that conflicts leaves its stream untouched, or cancels it`,
      { needs: [gate] },
      async (bench) => {
        await bench.put("file.txt", "old");
        const watch = watched(20, "close");
        const call = () => bench.store[method]("file.txt", watch.stream);
        await assertRefused(call, {
          code: "AlreadyExists",
          paths: ["file.txt"],
        }, bench);
        const isDone = watch.pulls === 0 || watch.pulls > 20 ||
          watch.cancelled !== undefined;
        assert(
          isDone,
          `${watch.pulls} chunks were taken and the stream was not cancelled`,
        );
        if (bench.has("read")) {
          assertEquals(
            await bench.store.readText("file.txt"),
            "old",
            "the old file",
          );
        }
      },
    ),

    behaviour(
      `WR-010, WR-011, ${id}`,
      `${method}: bad options leave the stream untouched`,
      { needs: [gate] },
      async (bench) => {
        const watch = watched(2, "close");
        const options = { metadata: { _k: "x" } };
        const call = () => bench.store[method]("a.txt", watch.stream, options);
        await assertRefused(call, { code: "InvalidArgument" }, bench);
        assert(
          watch.pulls === 0 && !watch.stream.locked,
          "the stream was touched",
        );
      },
    ),
  ];
}

/** Writes whose content or options fail. */
export const FAILING_SOURCES: readonly Group[] = WRITERS.flatMap(sourceTests);
