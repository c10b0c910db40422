import { assertEquals, assertRejects } from "@std/assert";
import { hashStream } from "../../../ext/_digest/whole.ts";

Deno.test("hashStream() hashes all chunks of a stream", async () => {
  const { value } = await hashStream("md5", new Blob(["a", "bc"]).stream());
  assertEquals(value, "900150983cd24fb0d6963f7d28e17f72");
});

Deno.test("hashStream() cancels its stream at an abort, and at a chunk that is no bytes", async () => {
  const reasons: unknown[] = [];
  const stream = (chunk?: unknown) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        if (chunk !== undefined) controller.enqueue(chunk as Uint8Array);
      },
      cancel: (reason) => void reasons.push(reason),
    });
  const reason = new Error("given up");
  const controller = new AbortController();
  const hashing = hashStream("sha256", stream(), controller.signal);
  controller.abort(reason);
  assertEquals(await assertRejects(() => hashing, Error), reason);
  const before = hashStream("sha256", stream(), AbortSignal.abort(reason));
  assertEquals(await assertRejects(() => before, Error), reason);
  const wrong = await assertRejects(
    () => hashStream("md5", stream(7)),
    TypeError,
  );
  assertEquals(reasons, [reason, reason, wrong]);
});
