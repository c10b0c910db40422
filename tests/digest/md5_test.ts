import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { md5 } from "../../digest/md5.ts";

Deno.test("S3-029: md5() gives the values of RFC 1321, A.5", () => {
  const text = (given: string) => md5(new TextEncoder().encode(given));
  assertEquals(text(""), "d41d8cd98f00b204e9800998ecf8427e");
  assertEquals(text("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
});

Deno.test("S3-029: md5() is what the runtime makes it, at each length around its blocks", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    assertEquals(md5(bytes), createHash("md5").update(bytes).digest("hex"));
  }
  const most = crypto.getRandomValues(
    new Uint8Array(160_000).subarray(0, 60_000),
  );
  assertEquals(md5(most), createHash("md5").update(most).digest("hex"));
});
