import { type HashAlgorithm, WEB_NAMES } from "../../../digest/algorithm.ts";
import { createHasher, digestOf } from "../../../ext/_digest/engine.ts";
import { assert, assertEquals } from "@std/assert";
import { VECTORS } from "../vectors.ts";
import { assertBoundaries, assertVectors } from "./hashing.ts";

const ALL = Object.keys(WEB_NAMES) as HashAlgorithm[];

Deno.test("STR-004: every algorithm gives the official values", async () => {
  await assertVectors(ALL, (algorithm) => () => createHasher(algorithm));
});

Deno.test("STR-003: chunk boundaries change no hash", async () => {
  for (const algorithm of ALL) {
    await assertBoundaries(() => createHasher(algorithm), 30);
  }
});

Deno.test("createHasher() finds something synchronous for everything here", () => {
  for (const algorithm of ALL) assert(createHasher(algorithm).sync, algorithm);
});

Deno.test("STR-004: bytes at hand give the official values, views too", async () => {
  for (const { algorithm, message, hex, from } of VECTORS) {
    assertEquals((await digestOf(algorithm, message)).value, hex, from);
    const large = new Uint8Array(message.length + 9).fill(1);
    large.set(message, 5);
    const view = large.subarray(5, 5 + message.length);
    assertEquals(`${await digestOf(algorithm, view)}`, `${algorithm}:${hex}`);
  }
});

Deno.test("EW-001: bytes are hashed as they are at the call", async () => {
  for (const size of [10, 1_000_000]) {
    for (const algorithm of ALL) {
      const bytes = new Uint8Array(size).fill(1);
      const expected = await digestOf(algorithm, bytes.slice());
      const digest = digestOf(algorithm, bytes);
      bytes.fill(2);
      assert(expected.equals(await digest), `${algorithm} of ${size}`);
    }
  }
});
