import { assertEquals } from "@std/assert";
import type { FileInfo } from "@remote-store/core";
import { carriedOf } from "../../../ext/_transfer/carried.ts";

const INFO: FileInfo = {
  kind: "file",
  path: "a",
  name: "a",
  size: 1,
  lastModified: null,
  digest: null,
  etag: null,
  contentType: "text/plain",
  metadata: { by: "ada" },
  extra: { cacheControl: "no-cache", contentEncoding: "gzip", tier: 7 },
};

Deno.test("XFER-011 carriedOf() gives type and fields, no metadata, and no field that is no text", () => {
  assertEquals(carriedOf(INFO), {
    contentType: "text/plain",
    cacheControl: "no-cache",
    contentEncoding: "gzip",
  });
  assertEquals(carriedOf({ ...INFO, extra: { cacheControl: 7 } }), {
    contentType: "text/plain",
  });
});

Deno.test("XFER-011 carriedOf() names no encoding of what a runtime has decoded", () => {
  assertEquals(carriedOf({ ...INFO, size: null }).contentEncoding, undefined);
});
