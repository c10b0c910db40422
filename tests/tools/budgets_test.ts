import { assertEquals } from "@std/assert";
import { type Budget, BUDGETS, objections } from "../../tools/budgets.ts";

const BUDGET: Budget = {
  name: "x",
  program: "",
  bytes: 10,
  without: [/x-amz-/],
};

Deno.test("objections() names what is too large and what is not imported", () => {
  assertEquals(objections(BUDGET, "code", 10), []);
  assertEquals(objections(BUDGET, "code", 12), ["2 bytes above 10"]);
  assertEquals(objections(BUDGET, '"x-amz-date"', 1), [
    'it holds "x-amz-", which it does not import',
  ]);
});

Deno.test("no budget forbids a backend its own words", () => {
  const own = BUDGETS.find(({ name }) => name === "indexeddb");
  assertEquals(own && objections(own, "IDBKeyRange", 1), []);
});

Deno.test("EW-002: no store carries a hash that it did not import, and an extension does", () => {
  const hashes = "x.getBuiltinModule(y).createHash() || DigestStream";
  for (const budget of BUDGETS) {
    const wrong = objections(budget, hashes, 1);
    assertEquals(wrong.length, budget.name.startsWith("ext/") ? 0 : 1);
  }
  const write = BUDGETS.find(({ name }) => name === "ext/write");
  assertEquals(write && objections(write, "createHash", 1), [
    "it lacks /getBuiltinModule/",
    "it lacks /DigestStream/",
  ]);
});
