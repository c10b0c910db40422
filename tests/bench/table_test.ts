import { assertEquals, assertThrows } from "@std/assert";
import { replaceMeasured, round, toMarkdown } from "../../bench/peers/table.ts";

Deno.test("toMarkdown() rounds figures and leaves out what is none", () => {
  const rows = { ours: [1, 123.4, null], other: ["3", 12.34, NaN] };
  assertEquals(
    toMarkdown({ title: "T", columns: ["a", "b", "c"], rows }),
    [
      "### T",
      "",
      "| | a | b | c |",
      "| --- | ---: | ---: | ---: |",
      "| ours | 1.00 | 123 |  |",
      "| other | 3 | 12.3 |  |",
    ].join("\n"),
  );
  assertEquals([0.456, 45.6, 456].map(round), ["0.46", "45.6", "456"]);
});

Deno.test("replaceMeasured() changes what stands between its marks, and refuses a page without", () => {
  const page = "a\n<!-- measured -->\nold\n<!-- /measured -->\nb\n";
  assertEquals(
    replaceMeasured(page, "new"),
    "a\n<!-- measured -->\n\nnew\n\n<!-- /measured -->\nb\n",
  );
  assertThrows(() => replaceMeasured("a", "new"), Error, "Cannot write");
});
