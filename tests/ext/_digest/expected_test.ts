import {
  ContentDigest,
  IntegrityError,
  InvalidArgumentError,
} from "../../../mod.ts";
import { requireDigest, toWanted } from "../../../ext/_digest/expected.ts";
import { assertEquals, assertThrows } from "@std/assert";

const ABC = "900150983CD24FB0D6963F7D28E17F72";

Deno.test("EW-001: the algorithm is the one named, else the expected one's, else SHA-256", () => {
  assertEquals(toWanted(undefined, undefined).algorithm, "sha256");
  assertEquals(toWanted("SHA-1", undefined).algorithm, "sha1");
  const expected = { algorithm: "MD5", value: ABC };
  for (const name of [undefined, "md5", "MD5"] as const) {
    const wanted = toWanted(name, expected);
    assertEquals(wanted.algorithm, "md5");
    assertEquals(`${wanted.expected}`, `md5:${ABC.toLowerCase()}`);
  }
});

Deno.test("EW-001: an expected digest of another algorithm, or of an unsupported one, is refused", () => {
  assertThrows(
    () => toWanted("sha256", { algorithm: "md5", value: ABC }),
    InvalidArgumentError,
    "Cannot compute a sha256 hash: a md5 digest is expected",
  );
  assertThrows(
    () => toWanted(undefined, { algorithm: "md4", value: ABC }),
    InvalidArgumentError,
    'Cannot compute a "md4" hash',
  );
  assertThrows(
    () => toWanted(undefined, { algorithm: "md5", value: "xyz" }),
    InvalidArgumentError,
    "is not hexadecimal",
  );
});

Deno.test("INT-003: other bytes are an IntegrityError that names both digests", () => {
  const digest = new ContentDigest("crc32", "00000001");
  requireDigest("read", "a", digest, new ContentDigest("CRC32", "00000001"));
  const error = assertThrows(
    () =>
      requireDigest(
        "read",
        "a",
        digest,
        new ContentDigest("crc32", "00000002"),
      ),
    IntegrityError,
    'Cannot read "a": the bytes have the digest crc32:00000001, crc32:00000002 is expected',
  );
  assertEquals(error.path, "a");
});

Deno.test("OPT-006: a text, null or half of a digest is none", () => {
  const rows: readonly (readonly [unknown, string])[] = [
    ["ab".repeat(32), "of type string"],
    [null, "null"],
    [{ algorithm: "sha256" }, "of type object"],
    [5, "of type number"],
  ];
  for (const [expected, found] of rows) {
    assertThrows(
      () => toWanted(undefined, expected as never),
      InvalidArgumentError,
      `what is expected is ${found}, a digest { algorithm, value } is needed`,
    );
  }
});
