import { assertEquals } from "@std/assert";
import { sizeTable } from "../../../tools/docs/sizes.ts";

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

Deno.test("RES-001: without a file there is a table without rows", () => {
  assertEquals(sizeTable(new Map()).split("\n").length, 2);
});
