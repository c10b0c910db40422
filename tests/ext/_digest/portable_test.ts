import { portableHasher } from "../../../ext/_digest/portable.ts";
import { toDigest } from "../../../ext/_digest/engine.ts";
import type { HashAlgorithm } from "../../../digest/algorithm.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { assertBoundaries, assertVectors, hex } from "./hashing.ts";

const PORTABLE: readonly HashAlgorithm[] = [
  "sha1",
  "sha256",
  "sha384",
  "sha512",
  "md5",
];

Deno.test("STR-004: the portable hashes give the official values", async () => {
  await assertVectors(PORTABLE, portableHasher);
});

Deno.test("STR-003: chunk boundaries change no portable hash", async () => {
  for (const algorithm of PORTABLE) {
    await assertBoundaries(portableHasher(algorithm), 10);
  }
});

Deno.test("STR-003: a chunk may be changed once its update has resolved", async () => {
  const hasher = portableHasher("sha1")();
  const buffer = new Uint8Array(1);
  for (const letter of "abc") {
    buffer.fill(letter.charCodeAt(0));
    await hasher.update(buffer);
  }
  buffer.fill(0);
  assertEquals(
    toDigest("sha1", await hasher.digest()).value,
    "a9993e364706816aba3e25717850c26c9cd0d89d",
  );
});

Deno.test("portableHasher() hashes nothing at all", async () => {
  assertEquals(
    await hex(portableHasher("md5")(), []),
    "d41d8cd98f00b204e9800998ecf8427e",
  );
});

Deno.test("portableHasher() fails as the engine fails", async () => {
  const hasher = portableHasher("sha256")();
  await assertRejects(
    () => Promise.resolve(hasher.update("text" as unknown as Uint8Array)),
    TypeError,
  );
  await assertRejects(() => Promise.resolve(hasher.digest()), TypeError);
});
