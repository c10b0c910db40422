import { assertEquals, assertThrows } from "@std/assert";
import {
  bareEtag,
  copiedFields,
  DRAFTS,
  requireKey,
  storedFields,
  toCondition,
  toDigest,
  toEntry,
  toFacts,
} from "../../../backends/r2/wire.ts";
import { InvalidPathError, PreconditionFailedError } from "../../../mod.ts";

const NO_HEADERS = {
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
};

const FACTS = {
  key: "a",
  version: "v1",
  size: 5,
  httpEtag: '"e1"',
  uploaded: new Date(1000),
  checksums: { md5: new Uint8Array([1, 171]).buffer },
};

Deno.test("R2-008: bareEtag() gives what R2 compares, and nothing that stands for all", () => {
  assertEquals(bareEtag('"5d41402abc4b2a76b9719d911017c592"')?.length, 32);
  assertEquals(bareEtag('"fe1f-2"'), "fe1f-2");
  for (const etag of ['"*"', 'W/"a"', '""', '"a,b"', "a", '"a"b"']) {
    assertEquals(bareEtag(etag), null, etag);
  }
});

Deno.test("R2-008: toCondition() gives a condition, none, or the refusal of what no object meets", () => {
  const of = (overwrite: boolean, ifMatch: string | null) =>
    toCondition({ overwrite, ifMatch });
  assertEquals(of(true, null), undefined);
  assertEquals(of(false, null), { etagDoesNotMatch: "*" });
  assertEquals(of(true, '"e1"'), { etagMatches: "e1" });
  for (const etag of ['"*"', 'W/"e1"']) {
    assertThrows(() => of(true, etag), PreconditionFailedError);
  }
});

Deno.test("R2-005: requireKey() refuses what is too long in bytes, and the place of drafts", () => {
  requireKey("é".repeat(512));
  assertThrows(
    () => requireKey("é".repeat(513)),
    InvalidPathError,
    "1026 bytes, at most 1024",
  );
  assertThrows(() => requireKey(`${DRAFTS}a`), InvalidPathError, "is kept for");
  requireKey(".~tmp");
  requireKey(`a/${DRAFTS}b`);
});

Deno.test("R2-013: toDigest() reports the hash that a writer had checked, else MD5", () => {
  assertEquals(`${toDigest(FACTS.checksums)}`, "md5:01ab");
  const sha256 = new Uint8Array([255]).buffer;
  assertEquals(`${toDigest({ ...FACTS.checksums, sha256 })}`, "sha256:ff");
  assertEquals(toDigest({}), null);
});

Deno.test("toEntry() and toFacts() leave nothing out", () => {
  const entry = toEntry({
    ...FACTS,
    httpMetadata: {
      contentType: "text/plain",
      cacheControl: "no-store",
      cacheExpiry: new Date(0),
    },
    customMetadata: { Case: "kept" },
    storageClass: "Standard",
  });
  assertEquals({ ...entry, digest: `${entry.digest}` }, {
    kind: "file",
    size: 5,
    lastModified: 1000,
    etag: '"e1"',
    digest: "md5:01ab",
    contentType: "text/plain",
    metadata: { Case: "kept" },
    extra: {
      version: "v1",
      cacheControl: "no-store",
      expires: "Thu, 01 Jan 1970 00:00:00 GMT",
      storageClass: "Standard",
    },
  });
  const bare = toEntry({
    ...FACTS,
    checksums: {},
    customMetadata: {},
    storageClass: "",
  });
  assertEquals([bare.metadata, bare.contentType, bare.digest], [
    null,
    null,
    null,
  ]);
  assertEquals(bare.extra, { version: "v1" });
  const { versionId, lastModified, etag } = toFacts(FACTS);
  assertEquals([versionId, lastModified, etag], ["v1", 1000, '"e1"']);
});

Deno.test("storedFields() and copiedFields() carry what was given", () => {
  const headers = { ...NO_HEADERS, contentLanguage: "de", contentType: "a/b" };
  assertEquals(storedFields({ headers, metadata: { a: "b" } }), {
    httpMetadata: { contentType: "a/b", contentLanguage: "de" },
    customMetadata: { a: "b" },
  });
  assertEquals(storedFields({ headers: NO_HEADERS, metadata: null }), {
    httpMetadata: {},
  });
  const httpMetadata = { cacheExpiry: new Date(0) };
  assertEquals(
    copiedFields({ ...FACTS, httpMetadata, storageClass: "InfrequentAccess" }),
    { httpMetadata, storageClass: "InfrequentAccess" },
  );
});
