import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  AlreadyExistsError,
  conditionFailed,
  type Entry,
  InvalidPathError,
  PreconditionFailedError,
  requireMatch,
  requirePut,
} from "../../mod.ts";

const file: Entry = {
  kind: "file",
  size: 1,
  lastModified: null,
  etag: '"1"',
  digest: null,
  contentType: null,
  metadata: null,
  extra: null,
};
const create = { overwrite: false, ifMatch: null };
const replace = { overwrite: true, ifMatch: null };
const swap = (ifMatch: string) => ({ overwrite: true, ifMatch });

Deno.test("BE-008 wrong type comes before every condition", () => {
  for (const condition of [create, replace, swap('"1"')]) {
    const onFolder = assertThrows(
      () => requirePut({ kind: "folder" }, condition, "a"),
      InvalidPathError,
      "it is a folder",
    );
    assertEquals(onFolder.path, "a");
    assertThrows(
      () => requirePut({ kind: "blocked", by: "x/a" }, condition, "x/a/b"),
      InvalidPathError,
      '"a" above it is a file',
    );
  }
});

Deno.test("ERR-003 a file is replaced only where that was asked for", () => {
  requirePut(null, create, "a");
  requirePut(file, replace, "a");
  requirePut(null, replace, "a");
  const error = assertThrows(
    () => requirePut(file, create, "a"),
    AlreadyExistsError,
  );
  assertEquals(error.path, "a");
});

Deno.test("RFC 9110 §13.1.1 ifMatch compares strongly", () => {
  requirePut(file, swap('"1"'), "a");
  assertThrows(
    () => requirePut(file, swap('"2"'), "a"),
    PreconditionFailedError,
    'its etag is "1", not "2"',
  );
  assertThrows(
    () => requirePut(null, swap('"1"'), "a"),
    PreconditionFailedError,
    "it does not exist",
  );
  assertThrows(
    () => requireMatch('W/"1"', 'W/"1"', "a"),
    PreconditionFailedError,
  );
  assertThrows(
    () => requireMatch('"1"', 'W/"1"', "a"),
    PreconditionFailedError,
  );
  requireMatch('"1"', '"1"', "a");
});

Deno.test("conditionFailed() tells the two conditions apart", () => {
  assertInstanceOf(conditionFailed(create), AlreadyExistsError);
  assertInstanceOf(conditionFailed(swap('"1"')), PreconditionFailedError);
});

Deno.test("DOUBT-008 a file whose etag is not told is not said to be absent", () => {
  for (
    const check of [
      () => requireMatch(null, '"1"', "a"),
      () => requirePut({ ...file, etag: null }, swap('"1"'), "a"),
    ]
  ) {
    assertThrows(
      check,
      PreconditionFailedError,
      "the answer does not tell its etag",
    );
  }
});
