import { assertEquals } from "@std/assert";
import { createChecksum } from "../../digest/checksum.ts";
import { toHex } from "../../digest/hex.ts";

// The check values of the catalogue of parametrised CRC algorithms.
const CHECKS = {
  crc32: "cbf43926",
  crc32c: "e3069283",
  crc64nvme: "ae8b14860a799888",
} as const;

Deno.test("STR-004: a checksum is the same in one step and in two, each time a fresh one", () => {
  const bytes = new TextEncoder().encode("123456789");
  for (const [name, hex] of Object.entries(CHECKS)) {
    const algorithm = name as keyof typeof CHECKS;
    for (const cut of [0, 4, 9]) {
      const checksum = createChecksum(algorithm);
      assertEquals(checksum.sync, true);
      checksum.update(bytes.subarray(0, cut));
      checksum.update(bytes.subarray(cut));
      assertEquals(toHex(checksum.digest() as Uint8Array), hex, algorithm);
    }
  }
});
