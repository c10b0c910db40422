import { assertEquals } from "@std/assert";
import { ROWS, type Runtime } from "../runtimes/content/rows.ts";

const PAGE = new URL("../../docs/reading-and-writing.md", import.meta.url);

Deno.test("CONT-004: the table of content is that of the rows that are run", async () => {
  const text = await Deno.readTextFile(PAGE);
  const [, table = ""] = text.split(/\| Content .*\n.*\n/);
  const found = table.split("\n\n")[0]?.split("\n").map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const cell =
    (runtimes: readonly Runtime[], refusal: string | null) =>
    (runtime: Runtime) =>
      !runtimes.includes(runtime)
        ? "–"
        : refusal === null
        ? "taken"
        : "refused";
  const expected = ROWS.map(({ what, runtimes, refusal }) => [
    what,
    ...(["node", "bun", "deno"] as const).map(cell(runtimes, refusal)),
  ]);
  assertEquals(found, expected);
});
