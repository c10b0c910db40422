import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readKeys, readParts } from "../../../backends/s3/asked_bodies.ts";
import { sha256Base64 } from "../../../backends/s3/checksums.ts";
import { formatDelete } from "../../../backends/s3/deleting.ts";
import { formatParts } from "../../../backends/s3/upload_calls.ts";

Deno.test("SIGN-022 the body of a bulk delete is read as it is written", async () => {
  const keys = ["a", "ü/<&>\"'", "b c", "\t\n", "😀"];
  const body = formatDelete(keys);
  assertEquals(await readKeys(body, await sha256Base64(body)), keys);
  await assertRejects(() => readKeys(body, undefined), TypeError, "checksum");
  await assertRejects(() => readKeys(formatDelete([]), ""), TypeError);
  await assertRejects(() => readKeys(formatDelete([""]), ""), TypeError);
});

Deno.test("SIGN-022 the body of a completion is read as it is written", () => {
  const parts = [
    { etag: '"d41d8cd98f00b204e9800998ecf8427e"', sha256: null },
    { etag: "abc-1", sha256: null },
  ];
  const encode = (text: string) => new TextEncoder().encode(text);
  assertEquals(readParts(encode(formatParts(parts))), parts);
  const sums = [{ etag: '"a"', sha256: `${"A".repeat(43)}=` }];
  assertEquals(readParts(encode(formatParts(sums))), sums);
  for (
    const wrong of [{ etag: "", sha256: null }, { etag: '"a"', sha256: "x" }]
  ) {
    assertThrows(() => readParts(encode(formatParts([wrong]))), TypeError);
  }
});
