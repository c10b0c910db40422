import {
  HASHING_BUDGETS,
  hashingObjections,
} from "../../tools/hashing_budgets.ts";
import { assert, assertEquals } from "@std/assert";

Deno.test("hashingObjections() finds a hash where there should be none, and weight", () => {
  const [none] = HASHING_BUDGETS;
  assert(none !== undefined);
  assertEquals(hashingObjections(none, "const a = 1;", 1), []);
  assertEquals(
    hashingObjections(none, "x.createHash(y)", none.bytes + 2),
    [`2 bytes above ${none.bytes}`, 'it holds "createHash" of a hash'],
  );
});

Deno.test("hashingObjections() finds that a word has gone, so that its absence proves nothing", () => {
  const write = HASHING_BUDGETS.find(({ name }) => name === "ext/write");
  assert(write !== undefined);
  assert(
    hashingObjections(write, "createHash", 1).includes(
      "it lacks /DigestStream/",
    ),
  );
});
