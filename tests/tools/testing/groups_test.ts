import { assert, assertEquals } from "@std/assert";
import {
  groupModule,
  MARK,
  snippetGroup,
  toGroups,
} from "../../../tools/testing/groups.ts";

Deno.test("toGroups() leaves no file out, and keeps a folder together", () => {
  const weights = new Map(
    Array.from({ length: 40 }, (_, i) => [`tests/f${i % 4}/t${i}_test.ts`, i]),
  );
  const groups = toGroups(weights, 5);
  assertEquals(
    groups.flatMap(({ files }) => files),
    [...weights.keys()].sort(),
  );
  assert(groups.length >= 4 && groups.length <= 6, `${groups.length}`);
  assertEquals(new Set(groups.map(({ name }) => name)).size, groups.length);
});

Deno.test("toGroups() of one heavy file among light ones makes no empty group", () => {
  const weights = new Map([["a", 1000], ["b", 1], ["c", 1]]);
  assertEquals(
    toGroups(weights, 3).map(({ files }) => files.length > 0).includes(false),
    false,
  );
});

Deno.test("groupModule() awaits each file behind its mark", () => {
  const files = ["tests/a_test.ts", "tests/b_test.ts"];
  assertEquals(
    groupModule({ name: "g", files }, "file:///r/"),
    `Deno.test.ignore("${MARK}tests/a_test.ts", () => {});
await import("file:///r/tests/a_test.ts");
Deno.test.ignore("${MARK}tests/b_test.ts", () => {});
await import("file:///r/tests/b_test.ts");
`,
  );
});

Deno.test("snippetGroup() marks each file once", () => {
  const at = (file: string, line: number) => ({ file, line, source: "" });
  const source = snippetGroup(
    [at("a.md", 1), at("a.md", 9), at("b.ts", 2)],
    (number) => `./${number}.ts`,
  );
  assertEquals(source.split("\n").filter((line) => line.includes("ignore")), [
    `Deno.test.ignore("${MARK}a.md", () => {});`,
    `Deno.test.ignore("${MARK}b.ts", () => {});`,
  ]);
  assertEquals(source.match(/await import/g)?.length, 3);
});
