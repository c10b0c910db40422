// These cases run against whatever `@std/crypto` is linked: the stand-in, or
// with STD_DIR the real package. Both must agree.
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { crypto } from "@std/crypto/crypto";
import { VECTORS } from "../ext/vectors.ts";

const NAMES = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
} as const;

type Chunks = AsyncIterable<Uint8Array<ArrayBuffer>>;

async function* cut(bytes: Uint8Array<ArrayBuffer>, size: number): Chunks {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

const hex = (buffer: ArrayBuffer) =>
  Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0"))
    .join("");

for (const [algorithm, name] of Object.entries(NAMES)) {
  Deno.test(`digest() of chunks gives the official ${name} values`, async () => {
    for (const vector of VECTORS) {
      if (vector.algorithm !== algorithm) continue;
      const { message } = vector;
      for (const size of message.length > 9999 ? [65_521] : [1, 63, 64, 4096]) {
        const hash = await crypto.subtle.digest(name, cut(message, size));
        assertEquals(hex(hash), vector.hex, `${vector.from}, by ${size}`);
      }
    }
  });

  Deno.test(`digest() of ${name} pads every length`, async () => {
    for (let length = 0; length <= 260; length++) {
      const bytes = new Uint8Array(length).map((_, i) => i * 7);
      assertEquals(
        hex(await crypto.subtle.digest(name, cut(bytes, 100))),
        hex(await crypto.subtle.digest(name, bytes)),
        `${length} bytes`,
      );
    }
  });
}

Deno.test("digest() gives an ArrayBuffer and takes any view", async () => {
  const view = new Uint16Array([0x6161, 0x6262, 0x6363]).subarray(1, 2);
  const hash = await crypto.subtle.digest("SHA-256", cutView(view));
  assertInstanceOf(hash, ArrayBuffer);
  assertEquals(
    hex(hash),
    hex(await crypto.subtle.digest("SHA-256", new Uint8Array([0x62, 0x62]))),
  );
});

async function* cutView(view: Uint16Array<ArrayBuffer>) {
  yield view;
}

Deno.test("digest() asks for a chunk only when the one before is hashed", async () => {
  const buffer = new Uint8Array(3);
  async function* reused() {
    for (const letter of "abc") {
      await Promise.resolve();
      buffer.fill(letter.charCodeAt(0));
      yield buffer.subarray(0, 1);
    }
  }
  assertEquals(
    hex(await crypto.subtle.digest("SHA-1", reused())),
    "a9993e364706816aba3e25717850c26c9cd0d89d",
  );
});

Deno.test("digest() rejects with the chunks' own error", async () => {
  const reason = new RangeError("broken");
  // deno-lint-ignore require-yield -- fails before its first chunk
  async function* broken(): Chunks {
    throw reason;
  }
  await assertRejects(
    () => crypto.subtle.digest("SHA-1", broken()),
    RangeError,
    "broken",
  );
});

Deno.test("digest() rejects a chunk that is no bytes", async () => {
  async function* text() {
    yield "text";
  }
  await assertRejects(
    () => crypto.subtle.digest("MD5", text() as unknown as Chunks),
    TypeError,
    "A chunk is not ArrayBuffer nor ArrayBufferView",
  );
});
