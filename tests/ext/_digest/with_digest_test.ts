import { ContentDigest, type WriteResult } from "../../../mod.ts";
import { withDigest } from "../../../ext/_digest/with_digest.ts";
import { assert, assertEquals } from "@std/assert";

Deno.test("EW-001: every field but the digest is the write's own, and the result is frozen", () => {
  const result: WriteResult = {
    path: "a",
    size: 3,
    source: "native",
    digest: new ContentDigest("crc32", "00000000"),
    etag: '"1"',
    versionId: "v",
    lastModified: new Date(0),
    metadata: { a: "b" },
  };
  const digest = new ContentDigest("md5", "ab");
  const changed = withDigest(result, digest);
  assertEquals(changed, { ...result, digest });
  assertEquals(Object.keys(changed), Object.keys(result));
  assert(Object.isFrozen(changed));
  assertEquals(result.digest?.algorithm, "crc32");
});
