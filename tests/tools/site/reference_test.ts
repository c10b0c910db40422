import { assertEquals } from "@std/assert";
import { named } from "../../../tools/site/reference.ts";

Deno.test("SITE-004: the reference names entries, and its addresses stay", () => {
  const exports = { ".": "./mod.ts", "./backends/s3": "./backends/s3/mod.ts" };
  assertEquals(
    named(
      "<title>Store - mod.ts - x</title><a href=./backends&#x2F;s3&#x2F;mod.ts>backends&#x2F;s3&#x2F;mod.ts</a>",
      exports,
    ),
    "<title>Store - @remote-store&#x2F;core - x</title><a href=./backends&#x2F;s3&#x2F;mod.ts>@remote-store&#x2F;core&#x2F;backends&#x2F;s3</a>",
  );
});
