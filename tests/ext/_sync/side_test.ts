import { assertEquals } from "@std/assert";
import { strong } from "../../../ext/_sync/side.ts";

Deno.test("SYNC-002 strong() takes no weak ETag for bytes", () => {
  assertEquals(strong('"a"'), '"a"');
  assertEquals(strong('W/"a"'), null);
  assertEquals(strong(null), null);
});
