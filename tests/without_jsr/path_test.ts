// These cases run against whatever `@std/path` is linked: the stand-in, or
// with STD_DIR the real package. Both must agree.
import { assertEquals, assertThrows } from "@std/assert";
import { basename } from "@std/path/posix/basename";
import { dirname } from "@std/path/posix/dirname";
import { extname } from "@std/path/posix/extname";
import { join } from "@std/path/posix/join";
import { normalize } from "@std/path/posix/normalize";

Deno.test("normalize() resolves dots and doubled slashes", () => {
  const cases: [string, string][] = [
    ["", "."],
    [".", "."],
    ["./", "./"],
    ["..", ".."],
    ["../", "../"],
    ["/", "/"],
    ["//", "/"],
    ["/.", "/"],
    ["/..", "/"],
    ["/../a", "/a"],
    ["a", "a"],
    ["a/", "a/"],
    ["a//", "a/"],
    ["/a/", "/a/"],
    ["a//b///c", "a/b/c"],
    ["a/./b", "a/b"],
    ["./a", "a"],
    ["a/..", "."],
    ["a/../", "./"],
    ["a/../b", "b"],
    ["a/b/../..", "."],
    ["a/b/../../..", ".."],
    ["a/../../b", "../b"],
    ["../../a", "../../a"],
    ["../a/..", ".."],
    ["/a/../..", "/"],
    ["a/...", "a/..."],
    ["...", "..."],
    ["a/..b", "a/..b"],
    ["a/b..", "a/b.."],
    ["a\\..\\b", "a\\..\\b"],
    ["a b/%2e%2e/c", "a b/%2e%2e/c"],
    ["ü/ñ/../é", "ü/é"],
    ["a\0/b", "a\0/b"],
  ];
  for (const [path, expected] of cases) {
    assertEquals(normalize(path), expected, JSON.stringify(path));
  }
});

Deno.test("join() joins what is not empty and normalizes it", () => {
  const cases: [string[], string][] = [
    [[], "."],
    [[""], "."],
    [["", ""], "."],
    [["a"], "a"],
    [["a", "b"], "a/b"],
    [["a/", "/b"], "a/b"],
    [["a", "", "b"], "a/b"],
    [["", "a"], "a"],
    [["/", "a"], "/a"],
    [["", "/a"], "/a"],
    [["a", "/"], "a/"],
    [["a", ".."], "."],
    [["a", "../.."], ".."],
    [["a", "../../b"], "../b"],
    [["/a", "..", ".."], "/"],
    [["a", "./b", "../c"], "a/c"],
  ];
  for (const [parts, expected] of cases) {
    assertEquals(join(...parts), expected, JSON.stringify(parts));
  }
  assertEquals(join(undefined, "a"), ".");
});

Deno.test("basename() returns the last segment", () => {
  const cases: [string, string][] = [
    ["", ""],
    ["a", "a"],
    ["a/b", "b"],
    ["a/b.c", "b.c"],
    ["a/b/", "b"],
    ["a/b//", "b"],
    ["/a", "a"],
    ["/", "/"],
    ["//", "/"],
    ["//a", "a"],
    [".", "."],
    ["a/..", ".."],
    ["a\\b", "a\\b"],
  ];
  for (const [path, expected] of cases) {
    assertEquals(basename(path), expected, JSON.stringify(path));
  }
});

Deno.test("basename() drops a suffix that is not all of it", () => {
  const cases: [string, string, string][] = [
    ["a/b.txt", ".txt", "b"],
    ["a/b.txt/", ".txt", "b"],
    ["a/b.txt", "txt", "b."],
    ["a/b.txt", ".TXT", "b.txt"],
    ["a/b.txt", "b.txt", "b.txt"],
    ["a/b.txt", "a/b.txt", "b.txt"],
    ["a/.txt", ".txt", ".txt"],
    ["a/b.txt", "", "b.txt"],
    ["/", "/", "/"],
  ];
  for (const [path, suffix, expected] of cases) {
    assertEquals(basename(path, suffix), expected, `${path} less ${suffix}`);
  }
});

Deno.test("dirname() returns what is before the last segment", () => {
  const cases: [string, string][] = [
    ["", "."],
    ["a", "."],
    ["a/", "."],
    ["a/b", "a"],
    ["a/b/", "a"],
    ["a//b", "a"],
    ["a/b//c//", "a/b"],
    ["/", "/"],
    ["//", "/"],
    ["/a", "/"],
    ["/a/", "/"],
    ["//a", "/"],
    ["/a/b", "/a"],
    ["../a", ".."],
    [".", "."],
    ["a/../b", "a/.."],
  ];
  for (const [path, expected] of cases) {
    assertEquals(dirname(path), expected, JSON.stringify(path));
  }
});

Deno.test("extname() returns the extension with its dot", () => {
  const cases: [string, string][] = [
    ["", ""],
    ["a", ""],
    ["a.b", ".b"],
    ["a.b.c", ".c"],
    ["a.", "."],
    ["a..", "."],
    [".a", ""],
    [".a.b", ".b"],
    ["..a", ".a"],
    [".", ""],
    ["..", ""],
    ["...", "."],
    ["/", ""],
    ["a.b/c", ""],
    ["a/b.c/", ".c"],
    ["a/.b", ""],
    ["a/..", ""],
    ["a.b/.", ""],
    ["a b.c d", ".c d"],
  ];
  for (const [path, expected] of cases) {
    assertEquals(extname(path), expected, JSON.stringify(path));
  }
});

Deno.test("every path function takes a file URL and no other", () => {
  assertEquals(normalize(new URL("file:///a//b%20c")), "/a/b c");
  assertEquals(join(new URL("file:///a%zz"), "b"), "/a%zz/b");
  assertEquals(basename(new URL("file:///a/b.c"), ".c"), "b");
  assertEquals(dirname(new URL("file:///a/b")), "/a");
  assertEquals(extname(new URL("file:///a/b.c")), ".c");
  for (const read of [normalize, join, basename, dirname, extname]) {
    assertThrows(() => read(new URL("http://x/a")), TypeError, "file URL");
  }
});

Deno.test("every path function refuses what is no string", () => {
  const number = 1 as unknown as string;
  for (const read of [normalize, join, basename, dirname, extname]) {
    assertThrows(() => read(number), TypeError, "must be a string");
  }
  assertThrows(() => join("a", number), TypeError, "must be a string");
  assertThrows(() => basename("a", number), TypeError, "must be a string");
});
