import { assertEquals, assertNotEquals } from "@std/assert";
import { Grants } from "../../../backends/_http/grants.ts";

const READ = { method: "GET", url: "http://s3.test/a", headers: {}, size: 0 };
const SIGNED = { url: "signed", headers: {} };

Deno.test("PAGE-004 what lasts is used again, what does not once", () => {
  const grants = new Grants(60_000);
  grants.keep("a", SIGNED, 10_000, true);
  grants.keep("b", SIGNED, 10_000, false);
  assertEquals([grants.take("a"), grants.take("a")], [SIGNED, SIGNED]);
  assertEquals([grants.take("b"), grants.take("b")], [SIGNED, null]);
  grants.clear();
  assertEquals(grants.has("a"), false);
});

Deno.test("PAGE-006 what has ended, or says no end, is not kept", () => {
  const grants = new Grants(60_000);
  for (const left of [0, -1, NaN]) grants.keep("a", SIGNED, left, true);
  assertEquals(grants.take("a"), null);
});

Deno.test("PAGE-014 a request has one name, that of another upload another", () => {
  const grants = new Grants(60_000);
  const plan = () => ({
    size: 1,
    partSize: 1,
    create: false,
    ifMatch: null,
    contentType: null,
    source: null,
  });
  const [one, two] = [plan(), plan()];
  const name = grants.nameOf({ ...READ, plan: one });
  assertEquals(grants.nameOf({ ...READ, headers: {}, plan: one }), name);
  assertNotEquals(grants.nameOf({ ...READ, plan: two }), name);
  assertNotEquals(grants.nameOf(READ), name);
  assertNotEquals(grants.nameOf({ ...READ, size: 1 }), grants.nameOf(READ));
  assertEquals(
    grants.nameOf({ ...READ, headers: { a: "1", b: "2" } }),
    grants.nameOf({ ...READ, headers: { b: "2", a: "1" } }),
  );
});
