import { assertEquals } from "@std/assert";
import {
  sha256Base64,
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
    const all = await verifierFor(algorithm, null);
    const digest = (base64: string | null | undefined) =>
      ContentDigest.fromBase64(algorithm, base64 ?? "").value;
    assertEquals(digest(await all?.ofAll(bytes("123456789"))), hex);
    const parts = await verifierFor(algorithm, null);
    assertEquals(await parts?.ofPart(bytes("1234")), null);
    assertEquals(await parts?.ofPart(bytes("56789")), null);
    assertEquals(digest(await parts?.ofParts()), hex);
    const seen = [
      await verifierFor(algorithm, null),
      await verifierFor(algorithm, null),
    ];
    for (const one of seen) {
      one?.saw?.(bytes("12345"));
      one?.saw?.(bytes("6789"));
    }
    assertEquals(digest(await seen[0]?.ofAll(bytes("123456789"))), hex);
    assertEquals(await seen[1]?.ofPart(bytes("123456789")), null);
    assertEquals(digest(await seen[1]?.ofParts()), hex);
  });
}

Deno.test("S3-024: a SHA-256 goes with parts, and with none of the whole", async () => {
  const sha = new Verifier("sha256", null, null);
  assertEquals(
    await sha.ofPart(bytes("a")),
    await sha256Base64(bytes("a")),
  );
  assertEquals(await sha.ofParts(), null);
});

Deno.test("WR-016: a digest that the caller vouches for is sent as it is", async () => {
  const digest = new ContentDigest("crc32", "00000001");
  const check = {
    algorithm: "crc32",
    digest: () => Promise.resolve(digest),
    digestOf: () => Promise.resolve(digest),
  };
  const verifier = await verifierFor("sha256", check);
  assertEquals(verifier?.field, "x-amz-checksum-crc32");
  assertEquals(await verifier?.ofAll(bytes("x")), "AAAAAQ==");
  assertEquals(verifierFor(null, null), null);
});
