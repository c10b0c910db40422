import { assertEquals } from "@std/assert";
import { WEB_NAMES } from "../../digest/algorithm.ts";

Deno.test("STR-001: what WebCrypto computes is spelled as WebCrypto spells it", async () => {
  for (const [name, web] of Object.entries(WEB_NAMES)) {
    if (!name.startsWith("sha")) continue;
    const bits = name === "sha1" ? 160 : Number(name.slice(3));
    const digest = await crypto.subtle.digest(web, new Uint8Array(0));
    assertEquals(digest.byteLength * 8, bits);
  }
});
