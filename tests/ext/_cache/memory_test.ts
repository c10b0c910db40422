import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
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

Deno.test("CACHE-002 what was dropped, expired or cleared keeps no place in the order", () => {
  let time = 0;
  const memory = new MemoryCache({ maxEntries: 3, now: () => time });
  const has = () =>
    [..."abcdef"].filter((path) => memory.get(["exists", path])).join("");
  for (const path of "abc") memory.set(["exists", path], entry(true), 100);
  memory.delete(["exists", "a"]);
  for (const path of "de") memory.set(["exists", path], entry(true), 100);
  assertEquals(has(), "cde");
  // Each was looked at, in this order: c is the oldest again.
  memory.set(["exists", "f"], entry(true), 10);
  assertEquals(has(), "def");
  time = 10;
  assertEquals(has(), "de");
  memory.set(["exists", "a"], entry(true), 100);
  memory.set(["exists", "b"], entry(true), 100);
  assertEquals([has(), memory.size()], ["abe", 3]);
  memory.clear();
  for (const path of "abcd") memory.set(["list", path], entry(true), 100);
  assertEquals(memory.size(), 3);
  memory.clearPrefix("list");
  assertEquals(memory.size(), 0);
});

Deno.test("CACHE-002 any order of calls leaves what a list of the last used would", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          act: fc.constantFrom("set", "set", "set", "get", "delete", "clear"),
          path: fc.constantFrom(..."abcdefgh"),
          operation: fc.constantFrom("exists", "list"),
        }),
        { maxLength: 60 },
      ),
      fc.integer({ min: 1, max: 5 }),
      (steps, maxEntries) => {
        const memory = new MemoryCache({ maxEntries });
        let model: string[] = [];
        for (const { act, path, operation } of steps) {
          const id = `${operation} ${path}`;
          const known = model.includes(id);
          if (act === "get") {
            assertEquals(memory.get([operation, path]) !== undefined, known);
          }
          if (act === "set") memory.set([operation, path], entry(true), 1e9);
          if (act === "delete") memory.delete([operation, path]);
          if (act === "clear") {
            memory.clearPrefix(operation);
            model = model.filter((id) => !id.startsWith(operation));
            continue;
          }
          model = model.filter((other) => other !== id);
          if (act === "set" || (act === "get" && known)) model.push(id);
          model = model.slice(-maxEntries);
        }
        assertEquals(memory.size(), model.length);
        for (const id of model) {
          const [operation = "", path = ""] = id.split(" ");
          assertEquals(memory.get([operation, path])?.value, true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("CACHE-019 a write and an eviction cost the same among few entries and among many", () => {
  /** Microseconds for what a write drops and a read then keeps, among so many entries. */
  const cost = (count: number) => {
    const memory = new MemoryCache({ maxEntries: count });
    for (let i = 0; i < count; i++) {
      memory.set(["exists", `a/${i}`], entry(true), 1e9);
    }
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      const start = performance.now();
      for (let i = 0; i < 200; i++) {
        memory.clearPrefix("list");
        memory.delete(["readBytes", `a/${i}`]);
        memory.set(["exists", `b/${round}/${i}`], entry(true), 1e9);
      }
      times.push((performance.now() - start) / 200 * 1000);
    }
    return Math.min(...times);
  };
  cost(1000);
  const few = Math.max(0.5, cost(1000));
  const many = cost(100_000);
  // 100 times as many: 100 times the time where each is looked at.
  assert(
    many < 20 * few,
    `${many.toFixed(2)} µs, ${few.toFixed(2)} µs for few`,
  );
});
