import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  InvalidArgumentError,
  InvalidPathError,
  joinPath,
  normalizePath,
  pathName,
  pathParent,
  pathParts,
  pathSuffix,
  ROOT,
} from "../../mod.ts";
import {
  isCanonical,
  isWellFormed,
  joinKey,
  keyDepth,
  keyName,
  parentKey,
  stripKey,
  toCanonical,
  toPrefix,
} from "../../core/path.ts";

/** Paths of the characters that the grammar looks at, with some that it must not. */
const rough = fc.string({
  unit: fc.constantFrom("a", "b", ".", "/", "\\", " ", "é", "%", "😀"),
  maxLength: 12,
});
const segment = fc.string({
  unit: fc.constantFrom("a", "b", ".", "-", " ", "é"),
  minLength: 1,
  maxLength: 5,
}).filter((name) => name !== "." && name !== "..");
const key = fc.array(segment, { minLength: 1, maxLength: 5 })
  .map((names) => names.join("/"));

/** The grammar again, in the slow and obvious way. */
function reference(path: string): string | null {
  const segments = path.replaceAll("\\", "/").split("/")
    .filter((name) => name !== "" && name !== ".");
  if (path.includes("\0") || segments.includes("..")) return null;
  return segments.join("/");
}

Deno.test("PATH-002 a backslash is a slash", () => {
  assertEquals(normalizePath("a\\b\\c.txt"), "a/b/c.txt");
});

Deno.test("PATH-003 refuses a .. segment before and after folding backslashes", () => {
  for (
    const path of ["..", "../a", "a/..", "a/../b", "..\\a", "a\\..", "a\\..\\b"]
  ) {
    const error = assertThrows(
      () => normalizePath(path),
      InvalidPathError,
      `${JSON.stringify(path)}: a ".." segment is not allowed`,
    );
    assertEquals(error.path, path);
  }
  assertEquals(normalizePath("a..b/...x/x.."), "a..b/...x/x..");
  assertEquals(normalizePath("..."), "...");
});

Deno.test("PATH-004 PATH-005 PATH-006 strips, collapses and drops", () => {
  const forms = ["/a/b/", "a//b", "./a/./b/.", "//a///b//", "a/b/."];
  for (const path of forms) assertEquals(normalizePath(path), "a/b");
  assertEquals(normalizePath(".a/b."), ".a/b.");
});

Deno.test("PATH-007 refuses NUL and lone surrogates", () => {
  assertThrows(
    () => normalizePath("a\0"),
    InvalidPathError,
    "it holds a NUL character",
  );
  assertThrows(
    () => normalizePath("a\ud83d/b"),
    InvalidPathError,
    "it holds a lone surrogate",
  );
  assertEquals(normalizePath("😀"), "😀");
});

Deno.test("PATH-008 refuses what names nothing", () => {
  for (const path of ["", ".", "/", "./", "\\", "//./."]) {
    assertThrows(
      () => normalizePath(path),
      InvalidPathError,
      "it names no file or folder",
    );
    assertThrows(() => joinPath(path), InvalidPathError);
  }
  assertThrows(() => joinPath(), InvalidPathError);
});

Deno.test("PATH refuses what is no string", () => {
  for (const path of [undefined, null, 1, {}]) {
    assertThrows(
      () => normalizePath(path as never),
      InvalidArgumentError,
      "a string is needed",
    );
  }
});

Deno.test("PATH-009 PATH-010 PATH-011 name, parent and parts", () => {
  assertEquals(pathName("/a/b.txt"), "b.txt");
  assertEquals(pathParent("a/b/c"), "a/b");
  assertEquals(pathParent("a"), null);
  assertEquals(pathParts("a//b"), ["a", "b"]);
});

Deno.test("PATH-015 the root has one part, no parent and no suffix", () => {
  for (const root of ["", ".", "/"]) {
    assertEquals(pathName(root), ROOT);
    assertEquals(pathParent(root), null);
    assertEquals(pathParts(root), [ROOT]);
    assertEquals(pathSuffix(root), "");
  }
  assertEquals(keyDepth(""), 0);
});

Deno.test("PATH-014 the suffix is the last extension", () => {
  const suffixes = {
    "file.tar.gz": ".gz",
    "a.b/c": "",
    ".bashrc": "",
    "a.": "",
    "a.txt/": ".txt",
    ".a.b": ".b",
  };
  for (const [path, suffix] of Object.entries(suffixes)) {
    assertEquals(pathSuffix(path), suffix, path);
  }
});

Deno.test("PATH every path agrees with the slow grammar", () => {
  fc.assert(
    fc.property(rough, (path) => {
      const expected = reference(path);
      if (expected === null) {
        assertThrows(() => toCanonical(path), InvalidPathError);
      } else {
        assertEquals(toCanonical(path), expected);
      }
    }),
    { seed: 1, numRuns: 5000 },
  );
});

Deno.test("PATH-013 a canonical path is its own canonical form", () => {
  fc.assert(
    fc.property(key, (path) => {
      assertEquals(normalizePath(path), path);
      assertEquals(normalizePath(`/${path.replaceAll("/", "//./")}/`), path);
    }),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("PATH-012 joining and taking apart are inverse", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const joined = joinPath(a, b);
      assertEquals(pathParts(joined), [...pathParts(a), ...pathParts(b)]);
      assertEquals(stripKey(a, joined), b);
      assertEquals(joinKey(a, b), joined);
      assertEquals(joinPath(parentKey(joined), keyName(joined)), joined);
      assertEquals(keyDepth(joined), pathParts(joined).length);
      assert(joined.startsWith(toPrefix(a)));
    }),
    { seed: 3, numRuns: 500 },
  );
});

Deno.test("NPR-013 a root is stripped by segments", () => {
  assertEquals(stripKey("data", "database/x"), null);
  assertEquals(stripKey("data", "data"), "");
  assertEquals(stripKey("data", "data/x"), "x");
  assertEquals(stripKey("", "x"), "x");
  assertEquals(stripKey("data", "other"), null);
});

Deno.test("PATH a key joined to a root of nothing is itself", () => {
  assertEquals([joinKey("", "a"), joinKey("a", ""), joinKey("", "")], [
    "a",
    "a",
    "",
  ]);
  assertEquals([toPrefix(""), toPrefix("a/b")], ["", "a/b/"]);
});

Deno.test("isWellFormed() agrees with the platform", () => {
  // Half of the units are surrogates, in pairs and alone.
  const unit = fc.oneof(
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.nat(0xffff),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 5 }), (units) => {
      const text = String.fromCharCode(...units);
      assertEquals(isWellFormed(text), text.isWellFormed());
    }),
    { seed: 4, numRuns: 1000 },
  );
});

Deno.test("NAME-001 isCanonical() says what comes back from the grammar unchanged", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", ".", "/", "\\", "\0", "é", "\ud800", "😀"),
    maxLength: 8,
  });
  const isUnchanged = (text: string) => {
    try {
      return normalizePath(text) === text;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(name, (text) => {
      assertEquals(isCanonical(text), isUnchanged(text));
    }),
    { seed: 4, numRuns: 20_000 },
  );
  for (const text of ["a..b", "...", "a/..b", ".a", "a."]) {
    assertEquals(isCanonical(text), true, text);
  }
});
