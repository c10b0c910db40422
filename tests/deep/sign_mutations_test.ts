import { assert, assertEquals } from "@std/assert";
import { askMutated } from "../ext/sign_mutations.ts";

Deno.test("SIGN-019 of 100,000 changed questions none is signed for what lies outside of the root", async () => {
  let count = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { signed, wrong, untyped } = await askMutated(10_000, seed);
    assertEquals(wrong, []);
    assertEquals(untyped, []);
    count += signed;
  }
  assert(count > 3_000, `only ${count} were signed, so nothing was tried`);
});
