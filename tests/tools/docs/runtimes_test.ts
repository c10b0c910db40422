import { assertEquals } from "@std/assert";
import {
  PAGES_FILE,
  printResults,
  RESULTS_FILE,
  toCellResult,
} from "../../runtimes/table/results.ts";
import { pageTable, runtimeTable } from "../../../tools/docs/runtimes.ts";

const outcome = (
  passed: number,
  failed: string[] = [],
  skips: { test: string; reason: string }[] = [],
) => ({ passed, failed, skips, points: "" });

Deno.test("DOC-001 a run takes the place of its own cells, and of no others", () => {
  const first = printResults("{}", {
    "deno s3": toCellResult("Deno 2", outcome(1)),
    "bun s3": toCellResult("Bun 1", outcome(2)),
  });
  const second = JSON.parse(
    printResults(first, {
      "deno s3": toCellResult("Deno 3", outcome(4, ["a"])),
    }),
  );
  assertEquals(second["bun s3"].passed, 2);
  assertEquals(
    [second["deno s3"].passed, second["deno s3"].failed],
    [4, 1],
  );
});

Deno.test("DOC-001 the table names versions, failures, what was left out, and each reason once", () => {
  const skip = { test: "BE-019", reason: "the service ignores it" };
  const text = printResults("{}", {
    "deno s3": toCellResult("Deno 2.9.5", outcome(5, ["x"], [skip, skip])),
    "node20 s3": toCellResult("Node 20", outcome(5, [], [skip])),
    "deno indexeddb": toCellResult("", "the runtime has none"),
    "workerd indexeddb": toCellResult("", "the runtime has none"),
  });
  const table = runtimeTable(new Map([[RESULTS_FILE, text]]));
  const cells = (name: string) =>
    table.split("\n").find((line) => line.startsWith(`| ${name} `))
      ?.split("|").slice(2, -1).map((cell) => cell.trim());
  assertEquals(cells("Deno 2.9.5"), [
    "not run",
    "– [1]",
    "5 passed, 1 failed, 2 skipped [2]",
    "not run",
    "not run",
  ]);
  assertEquals(cells("Node 20")?.[2], "5 passed, 1 skipped [2]");
  assertEquals(cells("workerd")?.[1], "– [1]");
  assertEquals(
    table.split("\n").filter((line) => line.startsWith("- ")),
    ["- [1] the runtime has none", "- [2] the service ignores it (BE-019)"],
  );
});

Deno.test("DOC-001 the table of pages has a row for each handler and for who ends uploads", () => {
  const skip = { test: "UPL-007", reason: "Azure has no such call" };
  const text = printResults("{}", {
    "chromium > http > ceph, ends: here": toCellResult("", outcome(5)),
    "deno > process > azurite, ends: page": toCellResult(
      "",
      outcome(6, [], [skip]),
    ),
  });
  const lines = pageTable(new Map([[PAGES_FILE, text]])).split("\n");
  const rows = lines.filter((line) => line.startsWith("| ")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assertEquals(rows.length, 2 * (3 + 2 + 2));
  assertEquals(rows[0], [
    ...["Deno", "in the page's own process", "the page"],
    ...["not run", "not run", "6 passed, 1 skipped [1]"],
  ]);
  assertEquals(rows.filter((row) => row.includes("5 passed")), [[
    ...["Chromium", "Deno", "the handler"],
    ...["not run", "5 passed", "not run"],
  ]]);
  assertEquals(lines.at(-1), "- [1] Azure has no such call (UPL-007)");
});

Deno.test("DOC-001 what is left out for one reason has one note", () => {
  const reason = "the service keeps none";
  const skips = ["VER-001", "VER-002"].map((test) => ({ test, reason }));
  const text = printResults("{}", {
    "bun s3": toCellResult("Bun 1", outcome(5, [], skips)),
  });
  const table = runtimeTable(new Map([[RESULTS_FILE, text]]));
  assertEquals(table.includes("5 passed, 2 skipped [1] |"), true);
  assertEquals(
    table.split("\n").filter((line) => line.startsWith("- ")),
    ["- [1] the service keeps none (VER-001; VER-002)"],
  );
});
