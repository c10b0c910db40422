import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ContentDigest, InvalidArgumentError } from "../../mod.ts";

Deno.test("CDG-001 algorithm and value are normalised", () => {
  const digest = new ContentDigest(" SHA-256 ", " ABcd ");
  assertEquals([digest.algorithm, digest.value], ["sha256", "abcd"]);
  assertEquals(`${digest}`, "sha256:abcd");
});

Deno.test("CDG-003 refuses what is no digest", () => {
  const bad = [
    ["", "ab"],
    [" ", "ab"],
    ["md5", ""],
    ["md5", "abc"],
    ["md5", "zz"],
    ["md5", "a b"],
    ["md5", "é0"],
  ];
  for (const [algorithm = "", value = ""] of bad) {
    assertThrows(
      () => new ContentDigest(algorithm, value),
      InvalidArgumentError,
    );
  }
});

Deno.test("CDG-002 digests are equal if both parts are", () => {
  const digest = new ContentDigest("md5", "00ff");
  assert(digest.equals(new ContentDigest("MD5", "00FF")));
  assert(!digest.equals(new ContentDigest("md5", "00fe")));
  assert(!digest.equals(new ContentDigest("crc32", "00ff")));
  assert(!digest.equals(null));
});

Deno.test("CDG a digest is frozen", () => {
  const digest = new ContentDigest("md5", "00");
  assertThrows(() => Object.assign(digest, { value: "11" }), TypeError);
});

Deno.test("CDG base64 of any bytes gives their hexadecimal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(
        "",
      );
      const base64 = btoa(String.fromCharCode(...bytes));
      assertEquals(ContentDigest.fromBase64("CRC32C", base64).value, hex);
      assertEquals(new ContentDigest("x", hex.toUpperCase()).value, hex);
    }),
    { seed: 5, numRuns: 200 },
  );
  assertThrows(
    () => ContentDigest.fromBase64("md5", "no base64!"),
    InvalidArgumentError,
    "is not base64",
  );
  assertThrows(() => ContentDigest.fromBase64("md5", ""), InvalidArgumentError);
});

Deno.test("OPT-006: what is no text makes no digest", () => {
  for (const wrong of [undefined, null, 5, {}]) {
    assertThrows(
      () => new ContentDigest("sha256", wrong as never),
      InvalidArgumentError,
      "it is made of two texts",
    );
    assertThrows(
      () => new ContentDigest(wrong as never, "ab"),
      InvalidArgumentError,
      "it is made of two texts",
    );
    assertThrows(
      () => ContentDigest.fromBase64("sha256", wrong as never),
      InvalidArgumentError,
    );
  }
});
