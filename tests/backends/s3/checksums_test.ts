import { assertEquals } from "@std/assert";
import {
  checksumOf,
  createCrc,
  Verifier,
  verifierFor,
} from "../../../backends/s3/checksums.ts";
import { ContentDigest } from "../../../mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

// The check values of the catalogue of parametrised CRC algorithms.
for (
  const [algorithm, hex] of [
    ["crc32", "cbf43926"],
    ["crc32c", "e3069283"],
    ["crc64nvme", "ae8b14860a799888"],
  ] as const
) {
  Deno.test(`S3-024: ${algorithm} of "123456789"`, async () => {
    const digest = ContentDigest.fromBase64(
      algorithm,
      await checksumOf(algorithm, bytes("123456789")),
    );
    assertEquals(digest.value, hex);
    const crc = createCrc(algorithm);
    crc.update(bytes("1234"));
    crc.update(bytes("56789"));
    assertEquals(ContentDigest.fromBase64(algorithm, crc.base64()), digest);
  });
}

Deno.test("S3-024: a SHA-256 goes with parts, a CRC with the whole", async () => {
  const sha = new Verifier("sha256", null);
  assertEquals(
    await sha.ofPart(bytes("a")),
    await checksumOf("sha256", bytes("a")),
  );
  assertEquals(await sha.ofParts(), null);
  const crc = new Verifier("crc32", null);
  assertEquals(await crc.ofPart(bytes("1234")), null);
  assertEquals(await crc.ofPart(bytes("56789")), null);
  assertEquals(
    await crc.ofParts(),
    await checksumOf("crc32", bytes("123456789")),
  );
});

Deno.test("WR-016: a digest that the caller vouches for is sent as it is", async () => {
  const digest = new ContentDigest("crc32", "00000001");
  const check = {
    algorithm: "crc32",
    digest: () => Promise.resolve(digest),
    digestOf: () => Promise.resolve(digest),
  };
  const verifier = verifierFor("sha256", check);
  assertEquals(verifier?.field, "x-amz-checksum-crc32");
  assertEquals(await verifier?.ofAll(bytes("x")), "AAAAAQ==");
  assertEquals(verifierFor(null, null), null);
});
