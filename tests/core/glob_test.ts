import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  compileGlob,
  escapeGlob,
  InvalidArgumentError,
  InvalidPathError,
} from "../../mod.ts";
import { compileName } from "../../core/glob.ts";

/** Matches in the slow and obvious way: every way to spend a wildcard is tried. */
function slow(pattern: string, path: string): boolean {
  const names = pattern.split("/").filter((n) => n !== "" && n !== ".");
  return slowPath(names, path === "" ? [] : path.split("/"));
}

function slowPath(
  pattern: readonly string[],
  path: readonly string[],
): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === "**" && rest.length === 0) return path.length > 0;
  if (first === "**") {
    return slowPath(rest, path) ||
      (path.length > 0 && slowPath(pattern, path.slice(1)));
  }
  const [name, ...below] = path;
  return name !== undefined && slowName([...first], [...name]) &&
    slowPath(rest, below);
}

function slowName(
  pattern: readonly string[],
  name: readonly string[],
): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return name.length === 0;
  if (first === "*") {
    return slowName(rest, name) ||
      (name.length > 0 && slowName(pattern, name.slice(1)));
  }
  const [char, ...after] = name;
  if (char === undefined) return false;
  if (first === "?") return slowName(rest, after);
  if (first === "[") {
    const not = rest[0] === "!";
    const from = not ? 1 : 0;
    const end = rest.indexOf("]", from + 1);
    if (end > 0) {
      const inside = slowClass(rest.slice(from, end), char);
      return inside !== not && slowName(rest.slice(end + 1), after);
    }
  }
  return first === char && slowName(rest, after);
}

function slowClass(members: readonly string[], char: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const low = members[i] ?? "";
    const high = members[i + 2];
    if (members[i + 1] === "-" && high !== undefined) {
      if (low <= char && char <= high) return true;
      i += 2;
    } else if (low === char) return true;
  }
  return false;
}

const pattern = fc.string({
  unit: fc.constantFrom(
    "a",
    "b",
    "*",
    "?",
    "/",
    "[",
    "]",
    "!",
    "-",
    "**/",
    ".",
  ),
  minLength: 1,
  maxLength: 9,
}).filter((text) => !text.split("/").includes(".."));
const hasOwnStars = (text: string) => {
  try {
    return compileGlob(text) !== null;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false;
    throw error;
  }
};
const path = fc.array(
  fc.string({
    unit: fc.constantFrom("a", "b", "c", "-", "]", "!", "[", "."),
    minLength: 1,
    maxLength: 4,
  }).filter((name) => name !== "." && name !== ".."),
  { minLength: 1, maxLength: 4 },
).map((names) => names.join("/"));

Deno.test("GLOB-014 agrees with a slow matcher that tries everything", () => {
  fc.assert(
    fc.property(pattern.filter(hasOwnStars), path, (pattern, path) => {
      assertEquals(compileGlob(pattern).matches(path), slow(pattern, path));
    }),
    { seed: 14, numRuns: 20_000 },
  );
});

Deno.test("GLOB-001 names agree with the slow matcher too", () => {
  fc.assert(
    fc.property(pattern, path, (pattern, path) => {
      const name = path.split("/")[0] ?? "";
      // In a name a slash of the pattern is a character that never comes.
      const expected = slowName([...pattern], [...name]);
      assertEquals(compileName(pattern)(name), expected);
    }),
    { seed: 15, numRuns: 10_000 },
  );
});

Deno.test("GLOB-014 whatever matches starts with the prefix, in one folder if shallow", () => {
  fc.assert(
    fc.property(pattern.filter(hasOwnStars), path, (pattern, path) => {
      const glob = compileGlob(pattern);
      if (!glob.matches(path)) return;
      assert(path.startsWith(glob.prefix), `${glob.prefix} of ${path}`);
      const depth = glob.prefix.split("/").length;
      if (glob.shallow) assertEquals(path.split("/").length, depth);
    }),
    { seed: 16, numRuns: 20_000 },
  );
});

Deno.test("GLOB-014 the table of the contract", () => {
  const rows:
    readonly (readonly [pattern: string, path: string, match: boolean])[] = [
      ["gr/**/*.txt", "gr/a.txt", true],
      ["gr/**/*.txt", "gr/sub/b.txt", true],
      ["gr/**/*.txt", "gr/sub/deep/b.txt", true],
      ["gr/**/*.txt", "other/a.txt", false],
      ["gf/**/*", "gf/a/b/c", true],
      ["gf/**", "gf/a", true],
      ["gf/**", "gf", false],
      ["**", "a/b", true],
      ["**/a", "a", true],
      ["a/**/b/**/c", "a/b/b/x/c", true],
      ["*", "a/b", false],
      ["*", ".hidden", true],
      ["a?c", "a/c", false],
      ["a[!x]c", "a/c", false],
      ["a[!x]c", "abc", true],
      ["[]]", "]", true],
      ["[!]]", "]", false],
      ["[", "[", true],
      ["a[b", "a[b", true],
      ["[a-c]", "b", true],
      ["[a-]", "-", true],
      ["[c-a]", "b", false],
      ["*.CSV", "a.csv", false],
      ["a.b", "axb", false],
      ["(a|b)+$^", "(a|b)+$^", true],
      ["?", "😀", true],
      ["[😀-😂]", "😁", true],
      ["/a//b/", "a/b", true],
      ["x[**]y", "x*y", true],
    ];
  for (const [pattern, path, match] of rows) {
    assertEquals(
      compileGlob(pattern).matches(path),
      match,
      `${pattern} ~ ${path}`,
    );
  }
});

Deno.test("GLOB-012 the literal start is what is listed", () => {
  const rows:
    readonly (readonly [pattern: string, prefix: string, shallow: boolean])[] =
      [
        ["a/b.txt", "a/b.txt", true],
        ["a/*.txt", "a/", true],
        ["a/x*.txt", "a/x", true],
        ["a/**/b", "a/", false],
        ["a/*/b", "a/", false],
        ["**", "", false],
        ["*", "", true],
        ["a/b[0-9]", "a/b", true],
      ];
  for (const [pattern, prefix, shallow] of rows) {
    const glob = compileGlob(pattern);
    assertEquals([glob.prefix, glob.shallow], [prefix, shallow], pattern);
  }
});

Deno.test("GLOB-014 refuses a .. segment, an empty pattern and what is no text", () => {
  assertThrows(() => compileGlob("a/../*"), InvalidPathError, 'a ".." segment');
  for (const pattern of ["", undefined, null, 5, /a/]) {
    assertThrows(() => compileGlob(pattern as never), InvalidArgumentError);
    assertThrows(() => compileName(pattern as never), InvalidArgumentError);
  }
});

Deno.test("GLOB-014 refuses two stars beside anything else: they would find less than they promise", () => {
  for (const pattern of ["a**", "**.csv", "a/b**c/d", "***", "a/**b", "?**"]) {
    assertThrows(
      () => compileGlob(pattern),
      InvalidArgumentError,
      '"**" is a segment of its own',
    );
  }
  for (const pattern of ["**", "a/**", "**/a", "*a*", "[**]", "a/[*]*"]) {
    assert(compileGlob(pattern) !== null);
  }
  // Over a name there are no segments to stand for.
  assert(compileName("**.csv")("a.csv"));
});

Deno.test("GLOB-014 no pattern takes exponential time", () => {
  // A matcher that tries everything needs more than 2^30 steps for each of these.
  const long = "a".repeat(2_000);
  assertEquals(compileGlob(`${"*a".repeat(30)}*b`).matches(long), false);
  const deep = Array.from({ length: 300 }, () => "a").join("/");
  assertEquals(compileGlob(`${"**/a/".repeat(20)}b`).matches(deep), false);
  assertEquals(compileName(`${"[a-z]*".repeat(30)}!`)(long), false);
});

Deno.test("GLOB-022: an escaped text matches itself, and no other one", () => {
  const texts = [
    "a",
    "*",
    "**",
    "?",
    "[a]",
    "[!a]",
    "a[b-c]*?",
    "[",
    "]",
    "[]]",
  ];
  for (const text of texts) {
    const { matches, prefix } = compileGlob(escapeGlob(text));
    for (const other of [...texts, "b", "ab"]) {
      assertEquals(matches(other), other === text, `${text} ${other}`);
    }
    assertEquals(text.startsWith(prefix), true);
    assertEquals(
      compileGlob(`${escapeGlob(text)}/*`).matches(`${text}/x`),
      true,
    );
  }
});

Deno.test("GLOB-021: what no path can hold is refused by a typed error", () => {
  for (const pattern of ["\ud800*", "a/\udfff", "a\0*"]) {
    const error = assertThrows(
      () => compileGlob(pattern, "s3"),
      InvalidPathError,
      "it holds a",
    );
    assertEquals([error.path, error.backend], [pattern, "s3"]);
  }
  // A name's own pattern goes to no service, and matches nothing.
  assertEquals(compileName("\ud800*")("a"), false);
});
