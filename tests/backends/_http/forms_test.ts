import { assert, assertEquals } from "@std/assert";
import { readForms } from "./forms.ts";
import { SERVERS } from "./servers.ts";

Deno.test("REP-019 a read gives the right bytes of the right form, or an error, whoever serves and whoever fetches", async () => {
  const tally = await readForms(1, 600);
  assertEquals(tally.wrong, []);
  assert(tally.right > 300, `${tally.right} right, ${tally.refused} refused`);
  assertEquals(
    Object.keys(SERVERS).filter((name) => !tally.byServer.has(name)),
    [],
    "servers from which nothing could be read",
  );
});
