import { assertEquals } from "@std/assert";
import { readForms } from "../backends/_http/forms.ts";

const CASES = 5000;

Deno.test(`REP-019 ${CASES} reads of every form from every server on every platform give the right bytes, or an error`, async () => {
  const { right, refused, wrong } = await readForms(100_000, CASES);
  console.log(`${right} right, ${refused} refused, ${wrong.length} wrong`);
  assertEquals(wrong, []);
});
