import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  fromBase64,
  hmacSha256,
  toBase64,
  toHex,
  toHmacKey,
  toLongBase64,
} from "../../../backends/_http/hmac.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

// RFC 4231 §4.2, §4.3 and §4.7.
const VECTORS: readonly (readonly [
  key: Uint8Array<ArrayBuffer>,
  text: string,
  mac: string,
])[] = [
  [
    new Uint8Array(20).fill(0x0b),
    "Hi There",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    bytes("Jefe"),
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    new Uint8Array(131).fill(0xaa),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
];

Deno.test("RFC 4231 hmacSha256() gives the vectors", () => {
  for (const [key, text, mac] of VECTORS) {
    assertEquals(toHex(hmacSha256(toHmacKey(key), text)), mac);
  }
});

Deno.test("RFC 2104 hmacSha256() is the platform's, for any key and text", async () => {
  await fc.assert(fc.asyncProperty(
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.string({ unit: "binary", maxLength: 1200 }),
    async (secret, text) => {
      const key = await crypto.subtle.importKey(
        "raw",
        new Uint8Array(secret),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign"],
      );
      const expected = await crypto.subtle.sign("HMAC", key, bytes(text));
      assertEquals(
        hmacSha256(toHmacKey(secret), text),
        new Uint8Array(expected),
      );
    },
  ));
});

Deno.test("RFC 4648 base64 goes both ways, for every byte", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assertEquals(fromBase64(toBase64(all)), all);
  assertEquals(toBase64(new Uint8Array(0)), "");
});

Deno.test("RFC 4648 fromBase64() gives null for what is none", () => {
  assertEquals(fromBase64("no base64!"), null);
  assertEquals(fromBase64("é"), null);
});

Deno.test("toHex() writes two small digits a byte", () => {
  assertEquals(toHex(new Uint8Array([0, 10, 255])), "000aff");
});

Deno.test("PAGE-018 any number of bytes is base64", () => {
  for (const size of [0, 1, 2, 6143, 6144, 6145, 12_289, 2 ** 21]) {
    const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7);
    assertEquals(fromBase64(toLongBase64(bytes)), bytes);
  }
});

Deno.test("RFC 4648 toBase64() is the same where the engine does it and where not", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const without = class extends Uint8Array {};
  Object.defineProperty(without.prototype, "toBase64", { value: undefined });
  for (const length of [0, 1, 2, 3, 16, 32, 256]) {
    const some = all.subarray(0, length);
    const expected = btoa(String.fromCharCode(...some));
    assertEquals(toBase64(some), expected);
    assertEquals(toBase64(new without(some)), expected);
  }
});
