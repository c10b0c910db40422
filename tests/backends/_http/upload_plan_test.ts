import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../mod.ts";
import {
  partLength,
  partOffset,
  partsInFlight,
  planReach,
  planUpload,
} from "../../../backends/_http/upload_plan.ts";

const MIB = 1024 * 1024;
const S3 = {
  partSize: 8 * MIB,
  concurrency: 4,
  maxParts: 10_000,
  maxPartSize: 5120 * MIB,
};
const AZURE = { ...S3, maxParts: 50_000, maxPartSize: 4000 * MIB };

Deno.test("PLAN-001, AW-004: content of a known size has equal parts, as large as their number needs", () => {
  for (const size of [0, 5, 80_000 * MIB]) {
    const plan = planUpload(size, S3);
    assertEquals([plan.partSize, partLength(plan, 10_000)], [
      8 * MIB,
      8 * MIB,
    ]);
  }
  const plan = planUpload(1024 * 1024 * MIB, S3);
  assertEquals(plan.partSize, 105 * MIB);
  assertEquals(partLength(plan, 10_000), plan.partSize);
  assert(planReach(plan) >= 1024 * 1024 * MIB);
});

Deno.test("PLAN-001: a known size that does not fit is refused by the plan", () => {
  for (const limits of [S3, AZURE]) {
    const most = limits.maxParts * limits.maxPartSize;
    assertEquals(planReach(planUpload(most, limits)), most);
    assertThrows(
      () => planUpload(most + 1, limits),
      InvalidArgumentError,
      `the service takes ${limits.maxParts} parts`,
    );
  }
});

Deno.test("PLAN-002: content of unknown length has equal parts up to half of their number", () => {
  const plan = planUpload(null, S3);
  assertEquals(partLength(plan, 1), 8 * MIB);
  assertEquals(partLength(plan, 5000), 8 * MIB);
  assertEquals(partLength(plan, 5001), 16 * MIB);
  assertEquals(partLength(plan, 5101), 32 * MIB);
  assertEquals(partLength(plan, 10_000), 5120 * MIB);
  const TB = 1e12;
  assert(planReach(plan) > 22 * TB);
  const large = { ...S3, partSize: 128 * MIB };
  assert(planReach(planUpload(null, large)) > 50 * TB, "all that S3 stores");
  assert(planReach(planUpload(null, AZURE)) > 90 * TB);
});

Deno.test("PLAN-002: larger parts are fewer at once, so that no more is held", () => {
  const plan = planUpload(null, S3);
  const counts = [1, 5000, 5001, 5101, 5201, 10_000].map((number) =>
    partsInFlight(plan, number)
  );
  assertEquals(counts, [4, 4, 2, 1, 1, 1]);
});

Deno.test("PLAN-003: a service that wants equal parts gets them to the end", () => {
  const plan = planUpload(null, { ...S3, equalParts: true });
  assertEquals(partLength(plan, 10_000), 8 * MIB);
  assertEquals(planReach(plan), 80_000 * MIB);
});

Deno.test("PLAN-004: a part's place is a function of its number: parts lie one behind the other", () => {
  const limits = fc.record({
    partSize: fc.integer({ min: 1, max: 64 * MIB }),
    concurrency: fc.integer({ min: 1, max: 16 }),
    maxParts: fc.integer({ min: 1, max: 500 }),
    maxPartSize: fc.integer({ min: 64 * MIB, max: 5120 * MIB }),
    equalParts: fc.boolean(),
  });
  fc.assert(fc.property(limits, (given) => {
    const plan = planUpload(null, given);
    let offset = 0;
    let before = 0;
    for (let number = 1; number <= plan.maxParts; number++) {
      const length = partLength(plan, number);
      assertEquals(partOffset(plan, number), offset);
      assert(length >= before && length <= given.maxPartSize);
      assert(
        partsInFlight(plan, number) * length <=
          Math.max(given.concurrency * given.partSize, length),
      );
      offset += before = length;
    }
    assertEquals(planReach(plan), offset);
  }));
});
