import { crc32Hasher, POLYNOMIALS } from "../../digest/crc32.ts";
import { nativeHasher } from "../../digest/native.ts";
import { assertEquals } from "@std/assert";
import { assertBoundaries, assertVectors } from "../ext/_digest/hashing.ts";

const make = (algorithm: string) => () =>
  crc32Hasher(POLYNOMIALS[algorithm as keyof typeof POLYNOMIALS]);

Deno.test("STR-004: the tables give the official CRC32 and CRC32C", async () => {
  await assertVectors(["crc32", "crc32c"], make);
});

Deno.test("STR-003: chunk boundaries and alignment change no CRC32 and no CRC32C", async () => {
  await assertBoundaries(make("crc32"), 300);
  await assertBoundaries(make("crc32c"), 300);
});

Deno.test("crc32Hasher() equals the native CRC32 at every length and offset", () => {
  const bytes = new Uint8Array(100).map((_, i) => i * 37 + 1);
  for (let from = 0; from < 20; from++) {
    for (let to = from; to <= bytes.length; to++) {
      const native = nativeHasher("crc32")!();
      const ours = crc32Hasher(POLYNOMIALS.crc32);
      native.update(bytes.subarray(from, to));
      ours.update(bytes.subarray(from, to));
      assertEquals(ours.soFar?.(), native.digest());
    }
  }
});
