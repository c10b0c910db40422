import { assertEquals } from "@std/assert";
import { promisedBy } from "../../../backends/_http/promised_upload.ts";

const REQUEST = {
  size: 3,
  partSize: 2,
  headers: {
    contentType: "a/b",
    cacheControl: "no-store",
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  },
  metadata: null,
  signal: undefined,
};

Deno.test("promisedBy() creates where nothing may be replaced and no version is named", () => {
  const rows = [
    [{ overwrite: false, ifMatch: null }, true],
    [{ overwrite: true, ifMatch: null }, false],
    [{ overwrite: false, ifMatch: '"e"' }, false],
  ] as const;
  for (const [condition, create] of rows) {
    assertEquals(promisedBy({ ...REQUEST, condition }), {
      size: 3,
      partSize: 2,
      create,
      ifMatch: condition.ifMatch,
      contentType: "a/b",
      source: null,
    });
  }
});
