import { assertEquals, assertThrows } from "@std/assert";
import {
  type Growth,
  GROWTH_FILE,
  toGrowthFile,
} from "../../../bench/growth_results.ts";
import { growthPart } from "../../../tools/docs/growth.ts";

const GROWTH: Growth = {
  date: "2026-11-30",
  runtime: "Deno 2.9.5",
  cores: 2,
  columns: ["1,000", "last to first"],
  rows: { "Memory: write": [2.2, 1.4091], "Memory: exists": [0.694, 0.9] },
};

Deno.test("FIG-001: what a file costs is the file's, with the day and the machine", () => {
  const text = toGrowthFile(GROWTH);
  assertEquals(JSON.parse(text).rows["Memory: write"], [2.2, 1.41]);
  assertEquals(
    growthPart(new Map([[GROWTH_FILE, text]])),
    `Measured on 2026-11-30 in Deno 2.9.5, with 2 cores, in processor time:

| microseconds a file | 1,000 | last to first |
| ------------------- | ----: | ------------: |
| Memory: write       |   2.2 |           1.4 |
| Memory: exists      |  0.69 |           0.9 |`,
  );
});

Deno.test("FIG-002: without a file there is nothing to say of growth", () => {
  assertThrows(() => growthPart(new Map()), Error, GROWTH_FILE);
});
