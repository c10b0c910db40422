import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { InvalidArgumentError, type WriteContent } from "../../mod.ts";
import { toContent } from "../../core/content.ts";
import { openSource, type Source } from "../../core/source.ts";

function newSource(
  content: unknown,
  given: {
    progress?: (bytes: number) => void;
    signal?: AbortSignal;
    size?: number;
  } = {},
): Source {
  const found = toContent("write", "a", content as WriteContent);
  const sized = given.size === undefined
    ? found
    : { ...found, size: given.size };
  return openSource("a", sized, given.progress, given.signal);
}

const drain = async (source: Source) =>
  await new Response(source.stream).text();

Deno.test("WR-003 bytes are counted as they pass", async () => {
  const source = newSource(new Blob(["héllo"]));
  assertEquals([source.bytes, source.ended], [0, false]);
  assertEquals(await drain(source), "héllo");
  assertEquals([source.bytes, source.ended, source.failure], [6, true, null]);
});

Deno.test("SIO-009 nothing is read ahead", async () => {
  let pulls = 0;
  const content = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++;
      controller.enqueue(new Uint8Array(1));
    },
  }, { highWaterMark: 0 });
  const reader = newSource(content).stream.getReader();
  assertEquals([pulls, content.locked], [0, false]);
  await reader.read();
  await reader.read();
  assertEquals(pulls, 2);
});

Deno.test("SIO-003 empty chunks are dropped, views and buffers become bytes", async () => {
  const chunks = [
    new Uint8Array(0),
    new Uint16Array([1]),
    new ArrayBuffer(3),
    new DataView(new ArrayBuffer(4), 1),
  ];
  const source = newSource(ReadableStream.from(chunks));
  const lengths = [];
  for await (const chunk of source.stream) lengths.push(chunk.length);
  assertEquals(lengths, [2, 3, 3]);
});

Deno.test("SIO-003 a chunk that is no bytes is the caller's mistake", async () => {
  for (const chunk of ["text", 5, null, undefined, {}, [1]]) {
    const source = newSource(ReadableStream.from([chunk]));
    const error = await assertRejects(
      () => drain(source),
      InvalidArgumentError,
      "bytes are needed",
    );
    assertStrictEquals(source.failure?.reason, error);
  }
});

Deno.test("WR-003 content that is not as long as it says is refused", async () => {
  for (
    const [size, why] of [[4, "it ended after 3 of 4 bytes"], [
      2,
      "it has more than its 2 bytes",
    ]] as const
  ) {
    const source = newSource(new Blob(["abc"]).stream(), { size });
    await assertRejects(() => drain(source), InvalidArgumentError, why);
    assertEquals(source.ended, false);
  }
});

Deno.test("STR progress is told after each chunk, the last time with the size", async () => {
  const told: number[] = [];
  const content = ReadableStream.from(["a", "", "bc"]).pipeThrough(
    new TextEncoderStream(),
  );
  await drain(newSource(content, { progress: (bytes) => told.push(bytes) }));
  assertEquals(told, [1, 3]);
});

Deno.test("STR what progress throws is remembered and cancels the content", async () => {
  const mine = { thrown: "by the caller" };
  let cancelled: unknown;
  const content = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel(reason) {
      cancelled = reason;
    },
  });
  const source = newSource(content, {
    progress() {
      throw mine;
    },
  });
  const reader = source.stream.getReader();
  assertStrictEquals(await reader.read().catch((error) => error), mine);
  assertStrictEquals(source.failure?.reason, mine);
  assertStrictEquals(cancelled, mine);
});

Deno.test("SIO-005 an abort errors the stream with the reason, before or after the start", async () => {
  for (const reason of [null, "stop", new Error("x")]) {
    const early = newSource(new Blob(["x"]), {
      signal: AbortSignal.abort(reason),
    });
    assertStrictEquals(
      await early.stream.getReader().read().catch((e) => e),
      reason,
    );
    const controller = new AbortController();
    const late = newSource(new Blob(["x"]), { signal: controller.signal });
    const reader = late.stream.getReader();
    controller.abort(reason);
    assertStrictEquals(await reader.read().catch((e) => e), reason);
    assertEquals(late.failure, null);
  }
});

Deno.test("SIO-005 abandoning cancels what was touched and nothing else", async () => {
  const reasons: unknown[] = [];
  const content = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: (reason) => void reasons.push(reason),
    }, { highWaterMark: 0 });
  const untouched = content();
  newSource(untouched).abandon("one");
  assertEquals([untouched.locked, reasons.length], [false, 0]);
  const source = newSource(content());
  await source.stream.getReader().read();
  source.abandon("two");
  source.abandon("three");
  await Promise.resolve();
  assertEquals(reasons, ["two"]);
});
