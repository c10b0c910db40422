import { assertEquals } from "@std/assert";
import {
  fromBase64,
  hmacSha256,
  importHmacKey,
  toBase64,
  toHex,
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

Deno.test("RFC 4231 hmacSha256() gives the vectors", async () => {
  for (const [key, text, mac] of VECTORS) {
    assertEquals(toHex(await hmacSha256(await importHmacKey(key), text)), mac);
  }
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
