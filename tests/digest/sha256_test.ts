import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { toHex } from "../../digest/hex.ts";
import { absorb, BLOCK_BYTES, sha256 } from "../../digest/sha256.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function platform(content: Uint8Array): Promise<Uint8Array> {
  const copy = new Uint8Array(content);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", copy));
}

// The examples of FIPS 180-4, as NIST publishes them with their values.
const VECTORS: readonly (readonly [text: string, digest: string])[] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
];

Deno.test("FIPS 180-4 sha256() gives the vectors", () => {
  for (const [text, digest] of VECTORS) {
    assertEquals(toHex(sha256(bytes(text))), digest);
  }
});

Deno.test("FIPS 180-4 sha256() pads at every length around a block's end", async () => {
  for (let length = 0; length <= 3 * BLOCK_BYTES; length++) {
    const content = Uint8Array.from({ length }, (_, at) => at ^ 0xa5);
    assertEquals(sha256(content), await platform(content), `${length} bytes`);
  }
});

Deno.test("FIPS 180-4 sha256() is the platform's, for any bytes and any view", async () => {
  await fc.assert(fc.asyncProperty(
    fc.uint8Array({ maxLength: 2000 }),
    fc.nat({ max: 10 }),
    async (content, start) => {
      const view = content.subarray(Math.min(start, content.length));
      assertEquals(sha256(view), await platform(view));
    },
  ));
});

Deno.test("FIPS 180-4 sha256() goes on from what whole blocks have left", async () => {
  const content = Uint8Array.from({ length: 300 }, (_, at) => at);
  for (const blocks of [0, 1, 4]) {
    const at = blocks * BLOCK_BYTES;
    const state = absorb(content.subarray(0, at));
    const rest = content.subarray(at);
    // Twice: what has been absorbed is not used up.
    sha256(rest, state, at);
    assertEquals(sha256(rest, state, at), await platform(content));
  }
});
