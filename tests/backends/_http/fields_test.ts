import { assertEquals, assertStrictEquals } from "@std/assert";
import { joined } from "../../../backends/_http/fields.ts";

Deno.test("PERF: fields are joined only where both sides have some", () => {
  const some = { range: "bytes=0-1", etag: '"a"' };
  assertStrictEquals(joined(some), some);
  assertStrictEquals(joined(some, {}), some);
  assertStrictEquals(joined({}, some), some);
  assertEquals(joined(some, { etag: '"b"' }), {
    range: "bytes=0-1",
    etag: '"b"',
  });
});
