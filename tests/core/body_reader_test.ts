import { assertEquals } from "@std/assert";
import { BodyReader, isByteStream } from "../../core/body_reader.ts";

function bytes(): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      controller.enqueue(new Uint8Array([next++, next++, next++]));
    },
  }, { highWaterMark: 0 });
}

function chunks(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array([1])),
  }, { highWaterMark: 0 });
}

Deno.test("SIO-001 isByteStream() tells the kinds apart, and leaves both unlocked", () => {
  const [byte, other] = [bytes(), chunks()];
  assertEquals([isByteStream(byte), isByteStream(other)], [true, false]);
  assertEquals([byte.locked, other.locked], [false, false]);
});

Deno.test("SIO-001 a body is read by chunk and into buffers in turn, without a loss", async () => {
  const reader = new BodyReader(bytes());
  assertEquals((await reader.read()).value, new Uint8Array([0, 1, 2]));
  const two = await reader.readInto(new Uint8Array(2));
  assertEquals(two.value, new Uint8Array([3, 4]));
  assertEquals((await reader.read()).value, new Uint8Array([5]));
  assertEquals((await reader.read()).value, new Uint8Array([6, 7, 8]));
  await reader.cancel("enough");
});

Deno.test("SIO-001 a body is cancelled with the reason, read or not", async () => {
  for (const steps of [0, 1]) {
    const reasons: unknown[] = [];
    const reader = new BodyReader(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: (reason) => void reasons.push(reason),
      }),
    );
    for (let step = 0; step < steps; step++) await reader.read();
    await reader.cancel("enough");
    assertEquals(reasons, ["enough"]);
  }
});
