import { assertEquals } from "@std/assert";
import { toHex } from "../../digest/hex.ts";

Deno.test("STR-004: toHex() writes each byte with two digits", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(toHex(bytes).slice(0, 8), "00010203");
  assertEquals(toHex(bytes).slice(-4), "feff");
  assertEquals(toHex(bytes).length, 512);
  assertEquals(toHex(new Uint8Array(0)), "");
});
