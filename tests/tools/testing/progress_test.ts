import { assertEquals } from "@std/assert";
import { MARK } from "../../../tools/testing/groups.ts";
import { Progress } from "../../../tools/testing/progress.ts";

const run = (lines: readonly string[]) => {
  const progress = new Progress();
  return lines.flatMap((line) => progress.take(line));
};

Deno.test("Progress tells one line a file, and the summary without the marks", () => {
  assertEquals(
    run([
      `/t/g1_test.ts => ${MARK}tests/a_test.ts ... ignored (0ms)`,
      "/t/g1_test.ts => one ... ok (288µs)",
      "------- post-test output -------",
      "said",
      "/t/g1_test.ts => two ...----- post-test output end -----",
      "/t/g1_test.ts => two ... ok (1s)",
      `/t/g1_test.ts => ${MARK}tests/b_test.ts ... ignored (0ms)`,
      "/t/g1_test.ts => three ... ignored (0ms)",
      "/t/g1_test.ts => four ... ok (2ms)",
      "",
      "ok | 3 passed (2 steps) | 0 failed | 3 ignored (5s)",
    ]),
    [
      "tests/a_test.ts 2",
      "tests/b_test.ts 1",
      "",
      "ok | 3 passed (2 steps) | 0 failed | 1 ignored (5s)",
    ],
  );
});

Deno.test("Progress keeps apart what runs side by side", () => {
  assertEquals(
    run([
      `/t/g1_test.ts => ${MARK}tests/a_test.ts ... ignored (0ms)`,
      `/t/g2_test.ts => ${MARK}tests/b_test.ts ... ignored (0ms)`,
      "/t/g1_test.ts => one ... ok (1ms)",
      "/t/g2_test.ts => two ... ok (1ms)",
      "/t/g2_test.ts => three ... ok (1ms)",
      "ok | 3 passed | 0 failed | 2 ignored (5s)",
    ]),
    [
      "tests/a_test.ts 1",
      "tests/b_test.ts 2",
      "",
      "ok | 3 passed | 0 failed (5s)",
    ],
  );
});

Deno.test("Progress tells a failure at once, and all that is said of it in the end", () => {
  assertEquals(
    run([
      `/t/g1_test.ts => ${MARK}tests/a_test.ts ... ignored (0ms)`,
      "/t/g1_test.ts => one ... FAILED (1ms)",
      "",
      " ERRORS ",
      "",
      "one => ./tests/a_test.ts:3:6",
      "error: Error: no",
      " FAILURES ",
      "FAILED | 0 passed | 1 failed | 1 ignored (5s)",
      "error: Test failed",
    ]),
    [
      "tests/a_test.ts: one FAILED",
      "tests/a_test.ts 0, 1 FAILED",
      " ERRORS ",
      "",
      "one => ./tests/a_test.ts:3:6",
      "error: Error: no",
      " FAILURES ",
      "",
      "FAILED | 0 passed | 1 failed (5s)",
      "error: Test failed",
    ],
  );
});

Deno.test("Progress hides no error that comes before any test", () => {
  assertEquals(
    run(["error: Module not found", "    at file:///x.ts:1:1"]),
    ["error: Module not found", "    at file:///x.ts:1:1"],
  );
});
