import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertThrows,
} from "@std/assert";
import { ContentDigest, type FileEntry } from "../../mod.ts";
import {
  FolderSum,
  toExtra,
  toFileInfo,
  toFolderEntry,
  toHeadResult,
  toWriteResult,
} from "../../core/results.ts";

const entry: FileEntry = {
  kind: "file",
  size: 3,
  lastModified: Date.UTC(2026, 0, 2),
  etag: '"1"',
  digest: new ContentDigest("md5", "00"),
  contentType: "text/plain",
  metadata: { a: "b" },
  extra: { tier: "hot" },
};
const unknown: FileEntry = {
  kind: "file",
  size: null,
  lastModified: null,
  etag: null,
  digest: null,
  contentType: null,
  metadata: null,
  extra: null,
};

Deno.test("MOD-001 a file's info is frozen, a copy, and always has every key", () => {
  const info = toFileInfo(entry, "a/b.txt");
  assertEquals([info.path, info.name, info.kind], ["a/b.txt", "b.txt", "file"]);
  assertThrows(() => Object.assign(info, { size: 4 }), TypeError);
  assertThrows(() => Object.assign(info.metadata ?? {}, { a: "c" }), TypeError);
  assertNotStrictEquals(info.metadata, entry.metadata);
  assertEquals(Object.keys(toFileInfo(unknown, "x")), Object.keys(info));
  assertEquals(toFileInfo(unknown, "x").extra, {});
});

Deno.test("MOD-001 dates are the caller's own", () => {
  const [one, two] = [toFileInfo(entry, "a"), toFileInfo(entry, "a")];
  one.lastModified?.setTime(0);
  assertEquals(two.lastModified?.getTime(), Date.UTC(2026, 0, 2));
});

Deno.test("Q7 an unknown time is null and never an invalid date", () => {
  assertEquals(
    toFileInfo({ ...entry, lastModified: NaN }, "a").lastModified,
    null,
  );
  assertEquals(toFileInfo(unknown, "a").lastModified, null);
});

Deno.test("WR-004 WR-005 a basic result carries no facts, but the metadata", () => {
  const facts = {
    etag: '"1"',
    versionId: "v",
    lastModified: 5,
    digest: entry.digest,
  };
  const metadata = { a: "b" };
  const native = toWriteResult("p", 3, facts, true, metadata);
  assertEquals([
    native.source,
    native.etag,
    native.versionId,
    native.lastModified,
  ], ["native", '"1"', "v", new Date(5)]);
  const basic = toWriteResult("p", 3, facts, false, metadata);
  assertEquals(basic, {
    path: "p",
    size: 3,
    source: "basic",
    digest: null,
    etag: null,
    versionId: null,
    lastModified: null,
    metadata,
  });
  assert(Object.isFrozen(native) && Object.isFrozen(basic));
});

Deno.test("WR-006 WR-008 a head is a sidecar without version", () => {
  const info = toFileInfo(entry, "p");
  const head = toHeadResult(info);
  assertEquals([head.source, head.versionId, head.size], ["sidecar", null, 3]);
  assertEquals([head.etag, head.digest, head.lastModified], [
    info.etag,
    info.digest,
    info.lastModified,
  ]);
  assert(Object.isFrozen(head));
});

Deno.test("MOD-004 a sum skips what it does not know", () => {
  const sum = new FolderSum();
  sum.add(unknown);
  assertEquals(sum.toInfo("f").lastModified, null);
  sum.add(entry);
  sum.add({ ...entry, lastModified: 5, size: 4 });
  const info = sum.toInfo("x/f");
  assertEquals([info.fileCount, info.totalSize, info.name], [3, 7, "f"]);
  assertEquals(info.lastModified?.getTime(), Date.UTC(2026, 0, 2));
  assertEquals([sum.toInfo(".").path, sum.toInfo(".").name], [".", "."]);
});

Deno.test("MOD-006 a folder's entry has a path and a name", () => {
  assertEquals(toFolderEntry("a/b"), {
    kind: "folder",
    path: "a/b",
    name: "b",
  });
  assert(Object.isFrozen(toFolderEntry("a")));
});

Deno.test("WR-001a headers without a field of their own go into extra", () => {
  const none = {
    contentType: "text/plain",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  };
  assertEquals(toExtra(none), null);
  assertEquals(toExtra({ ...none, contentLanguage: "de" }), {
    contentLanguage: "de",
  });
});
