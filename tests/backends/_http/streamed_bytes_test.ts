import { assert, assertEquals } from "@std/assert";
import {
  asksBlobs,
  isBeingSent,
  streamedBytes,
} from "../../../backends/_http/streamed_bytes.ts";

const MIB = 1024 * 1024;

function pattern(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => at % 251);
}

Deno.test("BODY-004 bytes go out from where they lie, with their size", async () => {
  const bytes = pattern(2.5 * MIB).subarray(3, 2 * MIB + 5);
  const body = streamedBytes(bytes);
  assertEquals([body.size, body.type], [2 * MIB + 2, ""]);
  const request = new Request("http://h/", { method: "PUT", body });
  assertEquals(request.headers.get("content-type"), null);
  assertEquals(await request.bytes(), bytes);
  let held = 0;
  for await (const chunk of body.stream()) {
    assert(chunk.buffer === bytes.buffer, "a copy was made");
    held += chunk.byteLength;
  }
  assertEquals(held, bytes.byteLength);
});

Deno.test("BODY-004 it is a Blob in every other way too", async () => {
  const bytes = new TextEncoder().encode("héllo");
  const body = streamedBytes(bytes);
  assert(body instanceof Blob);
  assertEquals(await body.text(), "héllo");
  assertEquals(await body.bytes(), bytes);
  assertEquals(new Uint8Array(await body.arrayBuffer()), bytes);
  assert((await body.bytes()).buffer !== bytes.buffer);
  const slice = body.slice(1, 3, "a/b");
  assertEquals([slice.size, slice.type, await slice.text()], [2, "a/b", "é"]);
});

Deno.test("BODY-004 a runtime that looks inside of Blobs is told from one that asks them", () => {
  assert(asksBlobs());
  assert(asksBlobs(), "once and for all");
});

Deno.test("BODY-005 memory is being sent from the first body upon it to the end of the last", async () => {
  const bytes = pattern(MIB + 1);
  const body = streamedBytes(bytes);
  assertEquals(isBeingSent(bytes.buffer), false);
  const [first, second] = [body.stream(), body.stream()];
  assertEquals(isBeingSent(bytes.buffer), true);
  await new Response(first).bytes();
  assertEquals(isBeingSent(bytes.buffer), true);
  await second.cancel();
  assertEquals(isBeingSent(bytes.buffer), false);
});
