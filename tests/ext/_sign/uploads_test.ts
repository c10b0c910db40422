import { assertEquals, assertThrows } from "@std/assert";
import {
  factsOf,
  isPromised,
  narrowed,
  requireSource,
  requireStep,
} from "../../../ext/_sign/uploads.ts";
import type { AskedOperation, UploadStep } from "../../../mod.ts";

const ASKED = { path: "a", create: true, ifMatch: null } as AskedOperation;
const STEP: UploadStep = {
  step: "part",
  number: 1,
  size: 5,
  create: true,
  ifMatch: null,
  opens: false,
  stores: false,
};
const plan = (size: number | null) => ({
  size,
  partSize: 5,
  create: true,
  ifMatch: null,
  contentType: null,
  source: null,
});

function holds(
  size: number | null,
  step: Partial<UploadStep>,
  maxSize?: number,
) {
  const facts = factsOf("r", "r/a", ASKED, plan(size), { maxSize });
  try {
    requireStep(facts, "r", "r/a", { ...STEP, ...step });
    return true;
  } catch {
    return false;
  }
}

Deno.test("SIGN-011 of a known size every part has one size", () => {
  for (
    const [number, size, right] of [
      [1, 5, true],
      [2, 5, true],
      [3, 2, true],
      [3, 5, false],
      [3, 1, false],
      [1, 4, false],
      [4, 1, false],
      [1, NaN, false],
    ] as const
  ) {
    assertEquals(holds(12, { number, size }), right, `${number} ${size}`);
  }
  assertEquals(holds(12, { step: "complete", number: 3 }), true);
  assertEquals(holds(12, { step: "complete", number: 2 }), false);
});

Deno.test("SIGN-011 of an unknown size the limit is held", () => {
  for (
    const [number, size, right] of [
      [1, 5, true],
      [1, 1, true],
      [1, 0, false],
      [1, 6, false],
      [3, 2, true],
      [3, 3, false],
      [4, 1, false],
    ] as const
  ) {
    assertEquals(holds(null, { number, size }, 12), right, `${number} ${size}`);
  }
  assertEquals(holds(null, { step: "complete", number: 4 }, 12), false);
  assertEquals(holds(null, { number: 50_000 }), true);
  assertEquals(holds(null, { number: 50_001 }), false);
});

Deno.test("SIGN-014 an upload ends on the condition that was allowed", () => {
  assertEquals(holds(5, { step: "complete", create: false }), false);
  assertEquals(holds(5, { step: "complete", ifMatch: '"a"' }), false);
});

Deno.test("SIGN-013 a sum is what was promised, or within the limit", () => {
  const known = factsOf("r", "r/a", ASKED, plan(12), {});
  assertEquals([11, 12, 13, NaN].map((sum) => isPromised(known, sum)), [
    false,
    true,
    false,
    false,
  ]);
  const open = factsOf("r", "r/a", ASKED, plan(null), { maxSize: 12 });
  assertEquals([0, 12, 13, NaN].map((sum) => isPromised(open, sum)), [
    false,
    true,
    false,
    false,
  ]);
  assertThrows(() => factsOf("r", "r/a", ASKED, null, {}), Error, "plan");
});

Deno.test("SIGN-030 a part is of the file that was allowed, or of content that is sent", () => {
  const of = (source: string | null) =>
    ({ ...ASKED, source }) as AskedOperation;
  for (const allowed of [null, "b"]) {
    const facts = factsOf("r", "r/a", of(allowed), plan(12), {});
    requireSource(facts, STEP, of(allowed));
    requireSource(facts, { ...STEP, step: "complete" }, of("c"));
    for (const other of [null, "b", "c"].filter((one) => one !== allowed)) {
      assertThrows(() => requireSource(facts, STEP, of(other)), Error, "other");
    }
  }
});

Deno.test("SIGN-032 rules that are asked again may narrow an upload, and widen none", () => {
  const facts = factsOf("r", "r/a", ASKED, plan(null), { maxSize: 12 });
  assertEquals(narrowed(facts, { maxSize: 7 }).limit, 7);
  assertEquals(narrowed(facts, { maxSize: 70 }).limit, 12);
  assertEquals(narrowed(facts, {}), facts);
  const step = { ...STEP, number: 2, size: 3 };
  requireStep(facts, "r", "r/a", step);
  const less = narrowed(facts, { maxSize: 7 });
  assertThrows(() => requireStep(less, "r", "r/a", step), Error, "size");
});
