import { Buffer } from "node:buffer";
import { InvalidArgumentError } from "../../../mod.ts";
import { toBytes, toChunk } from "../../../ext/_digest/bytes.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";

Deno.test("toBytes() takes every kind of bytes, at its offset and length", () => {
  const memory = new Uint8Array([9, 1, 2, 3, 9]);
  const view = memory.subarray(1, 4);
  assertStrictEquals(toBytes(view), view);
  assertEquals(toBytes(new DataView(memory.buffer, 1, 3)), view);
  assertEquals(toBytes(view.slice().buffer), view);
  assertEquals(toBytes(new Uint8Array(0)), new Uint8Array(0));
});

Deno.test("toBytes() gives a Buffer as bytes whose slice() is a copy", () => {
  const buffer = Buffer.from("hello");
  const copy = toBytes(buffer)!.slice();
  buffer.write("later");
  assertEquals(new TextDecoder().decode(copy), "hello");
});

Deno.test("toBytes() copies shared memory, which another thread may change", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  const bytes = toBytes(shared)!;
  shared[0] = 7;
  assertEquals(bytes, new Uint8Array([0, 0]));
});

Deno.test("toBytes() copies memory that can be resized, which browsers do not hash", () => {
  const memory = new ArrayBuffer(2, { maxByteLength: 4 });
  for (const value of [memory, new Uint8Array(memory), new DataView(memory)]) {
    const bytes = toBytes(value)!;
    assertEquals([bytes.length, bytes.buffer.resizable], [2, false]);
  }
});

Deno.test("toBytes() is null for everything else", () => {
  for (const value of ["text", null, undefined, 1, {}, [1]]) {
    assertStrictEquals(toBytes(value), null);
  }
});

Deno.test("toChunk() refuses a chunk that is no bytes", () => {
  assertThrows(
    () => toChunk("text"),
    InvalidArgumentError,
    "Cannot hash a stream: it gave a chunk of type string, bytes are needed",
  );
});
