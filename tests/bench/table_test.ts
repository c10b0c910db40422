import { assertEquals } from "@std/assert";
import {
  type Results,
  round,
  toFile,
  toMarkdown,
} from "../../bench/peers/table.ts";

Deno.test("toMarkdown() rounds figures and leaves out what is none", () => {
  const rows = { ours: [1, 123.4, null], other: ["3", 12.34, NaN] };
  assertEquals(
    toMarkdown({ title: "T", columns: ["a", "b", "c"], rows }),
    [
      "### T",
      "",
      "|       |    a |    b |   c |",
      "| ----- | ---: | ---: | --: |",
      "| ours  | 1.00 |  123 |     |",
      "| other |    3 | 12.3 |     |",
    ].join("\n"),
  );
  assertEquals([0.456, 45.6, 456].map(round), ["0.46", "45.6", "456"]);
});

Deno.test("FIG-001: toFile() keeps what a run has measured, and no digits that say nothing", () => {
  const results: Results = {
    date: "2026-11-30",
    runtime: "Deno 2.9.5",
    cores: 2,
    processor: "P",
    base: "commit 1 of 2026-11-29",
    versions: { s3mini: "1.0.2" },
    tables: [{
      title: "T",
      columns: ["a", "b"],
      rows: { ours: [1 / 3, null], other: ["3", NaN] },
    }],
  };
  assertEquals(JSON.parse(toFile(results)), {
    ...results,
    tables: [{
      ...results.tables[0],
      rows: { ours: [0.3333, null], other: ["3", null] },
    }],
  });
});
