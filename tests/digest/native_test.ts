import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { nativeHasher } from "../../digest/native.ts";
import { assert, assertEquals } from "@std/assert";
import { assertBoundaries, assertVectors } from "../ext/_digest/hashing.ts";

const NATIVE: readonly HashAlgorithm[] = [
  "sha1",
  "sha256",
  "sha384",
  "sha512",
  "md5",
  "crc32",
];

Deno.test("STR-004: the native hashes give the official values", async () => {
  await assertVectors(NATIVE, nativeHasher);
});

Deno.test("STR-003: chunk boundaries change no native hash", async () => {
  for (const algorithm of NATIVE) {
    await assertBoundaries(nativeHasher(algorithm)!, 30);
  }
});

Deno.test("STR-004: a native hash tells what it is so far and goes on", () => {
  for (const algorithm of NATIVE) {
    const make = nativeHasher(algorithm)!;
    const [hasher, begun, whole] = [make(), make(), make()];
    hasher.update(new Uint8Array([1, 2]));
    begun.update(new Uint8Array([1, 2]));
    assertEquals(hasher.soFar?.(), begun.digest());
    hasher.update(new Uint8Array([3]));
    whole.update(new Uint8Array([1, 2, 3]));
    assertEquals(hasher.digest(), whole.digest());
  }
});

Deno.test("nativeHasher() has no CRC32C and no CRC64NVME", () => {
  assertEquals(nativeHasher("crc32c"), null);
  assertEquals(nativeHasher("crc64nvme"), null);
});

Deno.test("nativeHasher() is null where the runtime brings nothing, or refuses", () => {
  const refuse = {
    createHash: () => {
      throw new Error("disabled");
    },
  };
  for (
    const process of [
      undefined,
      {},
      { getBuiltinModule: () => undefined },
      { getBuiltinModule: () => refuse },
    ]
  ) {
    withProcess(process, () => {
      for (const algorithm of NATIVE) {
        assertEquals(nativeHasher(algorithm), null);
      }
    });
  }
  assert(nativeHasher("sha256") !== null);
});

function withProcess(value: unknown, run: () => void): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  Object.defineProperty(globalThis, "process", { value, configurable: true });
  try {
    run();
  } finally {
    Object.defineProperty(globalThis, "process", own);
  }
}
