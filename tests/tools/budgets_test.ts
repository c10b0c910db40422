import { assertEquals } from "@std/assert";
import { type Budget, BUDGETS, objections } from "../../tools/budgets.ts";

const BUDGET: Budget = {
  name: "x",
  program: "",
  bytes: 10,
  without: [/x-amz-/],
};

Deno.test("objections() names what is too large and what is of another backend", () => {
  assertEquals(objections(BUDGET, "code", 10), []);
  assertEquals(objections(BUDGET, "code", 12), ["2 bytes above 10"]);
  assertEquals(objections(BUDGET, '"x-amz-date"', 1), [
    'it holds "x-amz-" of another backend',
  ]);
});

Deno.test("no budget forbids a backend its own words", () => {
  const own = BUDGETS.find(({ name }) => name === "indexeddb");
  assertEquals(own && objections(own, "IDBKeyRange", 1), []);
});
