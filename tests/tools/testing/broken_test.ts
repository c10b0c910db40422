import { assert, assertEquals } from "@std/assert";
import { report } from "../../runtimes/contract.ts";
import { brokenIn } from "../../../tools/testing/broken.ts";

const broken = (...lines: string[]) => brokenIn(lines.join("\n"));
const until = (lines: readonly string[], end: string) =>
  lines.slice(0, lines.indexOf(end));
const END = "the log ends with:";

Deno.test("of a test that failed in another runtime its name, message, runtime and server are told", () => {
  const failure =
    "AssertionError: the content: got 0, expected 5\n    at check (main.mjs:1:2)\n    at run (main.mjs:3:4)";
  const outcome = {
    passed: 574,
    failed: [`WR-001 write: a file: ${failure}`],
    points: "574 points",
    skips: [{ test: "UPL-001", reason: "no parts" }],
  };
  const told = broken(
    "== ceph_rgw",
    "ok | 576 passed | 0 failed (12s)",
    "== s3rver",
    "node tests/runtimes/s3/run.mjs failed: " +
      report("node 20.20.2 on s3rver", outcome),
  );
  assertEquals(until(told, END), [
    "not ok in node 20.20.2 on s3rver: WR-001 write: a file: AssertionError: the content: got 0, expected 5",
    "      at check (main.mjs:1:2)",
    "      at run (main.mjs:3:4)",
    "FAILED | 574 passed | 1 failed (node 20.20.2 on s3rver)",
  ]);
});

Deno.test("of a test of Deno's the message is told before its stack, and each has some of both", () => {
  const stack = Array.from({ length: 20 }, (_, at) => `    at f${at} (a.ts:1)`);
  const error = (name: string) => [
    `${name} => ./tests/a_test.ts:12:6`,
    "error: AssertionError: Values are not equal.",
    "",
    "    [Diff] Actual / Expected",
    "",
    "-   1",
    "+   2",
    "    at assertEquals (file:///without_jsr/std/assert/equals.ts:1:2)",
    ...stack,
    "",
  ];
  const told = broken(
    "one ... FAILED (1ms)",
    " ERRORS ",
    "",
    ...error("one"),
    ...error("two: a step ... in it"),
    "./tests/b_test.ts (uncaught error)",
    "error: (in promise) Error: late",
    "",
    " FAILURES ",
    "",
    "one => ./tests/a_test.ts:12:6",
    "",
    "FAILED | 3 passed | 3 failed (1s)",
    "",
    "error: Test failed",
  );
  const lines = [
    "  error: AssertionError: Values are not equal.",
    "      [Diff] Actual / Expected",
    "  -   1",
    "  +   2",
    "      at f0 (a.ts:1)",
    "      at f1 (a.ts:1)",
    "      at f2 (a.ts:1)",
  ];
  assertEquals(until(told, END), [
    "one => ./tests/a_test.ts:12:6",
    ...lines,
    "two: a step ... in it => ./tests/a_test.ts:12:6",
    ...lines,
    "./tests/b_test.ts (uncaught error)",
    "  error: (in promise) Error: late",
    "FAILED | 3 passed | 3 failed (1s)",
  ]);
});

Deno.test("what broke outside of tests is told, and how a log ends that says nothing", () => {
  const told = broken(
    "== s3rver",
    "error: Uncaught (in promise) Error: bash failed: ",
    "    at output (place.ts:1:2)",
  );
  assertEquals(until(told, END), [
    "error: Uncaught (in promise) Error: bash failed:  [s3rver]",
    "      at output (place.ts:1:2)",
  ]);
  const hung = broken("one ... ok (1ms)", "", "two ...");
  assertEquals(hung, [END, "  one ... ok (1ms)", "  two ..."]);
});

Deno.test("of many the first are told, and how many there are", () => {
  const many = Array.from({ length: 40 }, (_, at) => `not ok ${at}: bad`);
  const told = broken(...many);
  assert(told.includes("not ok 11: bad") && !told.includes("not ok 12: bad"));
  assert(told.includes("and 28 more"));
});
