import { assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@remote-store/core";
import { MemoryCache } from "../../../ext/_cache/memory.ts";

const entry = (value: boolean) => ({ value, etag: null, freshUntil: 0 });

Deno.test("CACHE-002 an entry is found until its time is over, by a clock that never goes back", () => {
  let time = 0;
  const memory = new MemoryCache({ now: () => time });
  memory.set(["exists", "a"], entry(true), 10);
  time = 9;
  assertEquals(memory.get(["exists", "a"])?.value, true);
  time = 10;
  assertEquals(memory.get(["exists", "a"]), undefined);
});

Deno.test("CACHE-002 what was used longest ago goes first", () => {
  const memory = new MemoryCache({ maxEntries: 2 });
  memory.set(["exists", "a"], entry(true), 10_000);
  memory.set(["exists", "b"], entry(true), 10_000);
  memory.get(["exists", "a"]);
  memory.set(["exists", "c"], entry(true), 10_000);
  assertEquals(
    ["a", "b", "c"].map((path) => memory.get(["exists", path]) !== undefined),
    [true, false, true],
  );
});

Deno.test("CACHE-001 entries go one by one, by operation, or all", () => {
  const memory = new MemoryCache();
  for (const operation of ["list", "list_more", "exists"]) {
    memory.set([operation, "a"], entry(true), 10_000);
  }
  memory.delete(["exists", "b"]);
  memory.delete(["exists", "a"]);
  assertEquals(memory.size(), 2);
  memory.clearPrefix("list");
  assertEquals(memory.get(["list_more", "a"])?.value, true);
  assertEquals(memory.size(), 1);
  memory.clear();
  assertEquals(memory.size(), 0);
});

Deno.test("CACHE-001 size counts the living only", () => {
  let time = 0;
  const memory = new MemoryCache({ now: () => time });
  memory.set(["exists", "a"], entry(true), 10);
  memory.set(["exists", "b"], entry(true), 20);
  time = 15;
  assertEquals(memory.size(), 1);
});

Deno.test("CACHE-002 a number of entries that is none is refused", () => {
  for (const maxEntries of [0, -1, 1.5, NaN]) {
    assertThrows(() => new MemoryCache({ maxEntries }), InvalidArgumentError);
  }
});
