import { assertEquals } from "@std/assert";
import { runtimeTable, sizeTable } from "../../../tools/docs/results.ts";

Deno.test("RES-001: sizes are the file's, in KiB, with what they come on top of", () => {
  const files = new Map([[
    "docs/results/sizes.json",
    JSON.stringify([
      { name: "core", bytes: 18432, budget: 20480, onTopOf: 0 },
      { name: "ext/a", bytes: 512, budget: 1024, onTopOf: 18432 },
    ]),
  ]]);
  const rows = sizeTable(files).split("\n").slice(2);
  assertEquals(rows.map((row) => row.replaceAll(/ +/g, " ")), [
    "| core | 18.0 | 20.0 | – |",
    "| ext/a | 0.5 | 1.0 | a store of 18.0 |",
  ]);
});

Deno.test("RES-001: a cell says what passed, what failed, and why something was left out", () => {
  const skips = [{ test: "a", reason: "slow" }, { test: "a", reason: "slow" }];
  const files = new Map([[
    "docs/results/runtimes.json",
    JSON.stringify([
      { runtime: "deno", backend: "memory", passed: 3, failed: 0, skips: [] },
      { runtime: "deno", backend: "s3", passed: 2, failed: 1, skips },
      { runtime: "bun", backend: "s3", reason: "no bun" },
    ]),
  ]]);
  const table = runtimeTable(files);
  assertEquals(
    table.split("\n").slice(2).map((line) => line.replaceAll(/ +/g, " ")),
    [
      "| deno | 3 passed | 2 passed, 1 FAILED, 2 left out (1) |",
      "| bun | not run | – (2) |",
      "",
      "1. a: slow",
      "2. no bun",
    ],
  );
});

Deno.test("RES-001: without files there are tables without rows", () => {
  assertEquals(sizeTable(new Map()).split("\n").length, 2);
  assertEquals(runtimeTable(new Map()).split("\n").length, 2);
});
