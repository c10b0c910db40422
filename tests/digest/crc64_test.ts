import { crc64Hasher } from "../../digest/crc64.ts";
import { assertEquals } from "@std/assert";
import { assertBoundaries, assertVectors } from "../ext/_digest/hashing.ts";

Deno.test("STR-004: the tables give the official CRC64NVME", async () => {
  await assertVectors(["crc64nvme"], () => crc64Hasher);
});

Deno.test("STR-003: chunk boundaries and alignment change no CRC64NVME", async () => {
  await assertBoundaries(crc64Hasher, 300);
});

Deno.test("STR-004: a CRC64NVME tells what it is so far and goes on", () => {
  const [hasher, begun] = [crc64Hasher(), crc64Hasher()];
  const bytes = new Uint8Array(50).map((_, i) => i);
  hasher.update(bytes.subarray(0, 31));
  begun.update(bytes.subarray(0, 31));
  assertEquals(hasher.soFar?.(), begun.digest());
  hasher.update(bytes.subarray(31));
  const whole = crc64Hasher();
  whole.update(bytes);
  assertEquals(hasher.digest(), whole.digest());
});
