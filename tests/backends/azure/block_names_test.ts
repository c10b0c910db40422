import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  blockId,
  isStem,
  keptBlockId,
  newStem,
  numberBehind,
  numberOf,
} from "../../../backends/azure/block_names.ts";

const HASH = new Uint8Array(32).map((_, at) => at * 37);

Deno.test("AZ-035 the names of all blocks have one length, and tell their number", () => {
  const stem = newStem();
  const names = [
    blockId(crypto.randomUUID(), 1),
    blockId(crypto.randomUUID(), 50_000),
    keptBlockId(stem, 1, HASH),
    keptBlockId(stem, 50_000, HASH),
  ];
  assertEquals(new Set(names.map((name) => name.length)), new Set([64]));
  assertEquals(names.map(numberOf), [1, 50_000, 1, 50_000]);
  assertEquals(["AAAA", "?", ""].map(numberOf), [null, null, null]);
});

Deno.test("UPL-003 the name of a block that is kept holds its upload, its number and its digest", () => {
  const stem = newStem();
  assert(isStem(stem) && !isStem(`${stem}0`) && !isStem(""));
  const name = keptBlockId(stem, 7, HASH);
  assertEquals(numberBehind(stem, name), 7);
  assertEquals(numberBehind(newStem(), name), null);
  assertEquals(numberBehind(stem, blockId(crypto.randomUUID(), 7)), null);
  const other = HASH.slice();
  other[19]! ^= 1;
  assertNotEquals(keptBlockId(stem, 7, other), name);
});
