import { assert, assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../mod.ts";
import { RetryPolicy } from "../../core/retry.ts";

Deno.test("RET-001 a policy has defaults and is frozen", () => {
  const policy = new RetryPolicy();
  assertEquals({ ...policy }, {
    attempts: 3,
    minDelay: 1000,
    maxDelay: 60_000,
    budget: Infinity,
  });
  assertThrows(() => Object.assign(policy, { attempts: 9 }), TypeError);
});

Deno.test("RET-002 a number out of range is refused by name", () => {
  const bad = [
    { attempts: 0 },
    { attempts: 1.5 },
    { attempts: NaN },
    { attempts: Infinity },
    { attempts: "3" },
    { minDelay: -1 },
    { minDelay: NaN },
    { maxDelay: Infinity },
    { maxDelay: null },
    { budget: 0 },
    { budget: NaN },
  ];
  for (const options of bad) {
    const [name] = Object.keys(options);
    assertThrows(
      () => new RetryPolicy(options as never),
      InvalidArgumentError,
      `Cannot create a RetryPolicy: ${name} is`,
    );
  }
  assertEquals(
    new RetryPolicy({ minDelay: 0, maxDelay: 0, budget: 1 }).budget,
    1,
  );
});

Deno.test("RET-003 a disabled policy tries once", () => {
  assertEquals(RetryPolicy.disabled().attempts, 1);
});

Deno.test("RET-021 policies are equal by their numbers", () => {
  assert(new RetryPolicy().equals(new RetryPolicy({ attempts: 3 })));
  assert(!new RetryPolicy().equals(RetryPolicy.disabled()));
  for (const other of [{ minDelay: 1 }, { maxDelay: 1 }, { budget: 1 }]) {
    assert(!new RetryPolicy().equals(new RetryPolicy(other)));
  }
});
