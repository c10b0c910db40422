import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError, InvalidPathError } from "@remote-store/core";
import {
  type ParsedPartition,
  parsePartition,
  partitionPath,
  type Partitions,
} from "../../ext/partition.ts";

const refuses = (filename: unknown, partitions?: unknown) =>
  assertThrows(
    () => partitionPath(filename as string, partitions as Partitions),
    InvalidArgumentError,
  );

Deno.test("PART-001 columns come before the file name, joined by slashes", () => {
  assertEquals(
    partitionPath("data.parquet", { year: "2026", month: "03", day: 1 }),
    "year=2026/month=03/day=1/data.parquet",
  );
});

Deno.test("PART-002 columns keep the order they are given in, pairs those that look like integers too", () => {
  assertEquals(partitionPath("f", { b: 1, a: 2 }), "b=1/a=2/f");
  assertEquals(partitionPath("f", [["b", 1], ["2", 1]]), "b=1/2=1/f");
  assertEquals(
    partitionPath("f", new Map<string, string | number>([["b", 1], ["a", 2]])),
    "b=1/a=2/f",
  );
});

Deno.test("PART-003 integers become their digits; nothing is padded, quoted or escaped", () => {
  assertEquals(
    partitionPath("f", { a: 7, b: -7, c: 12345678901234567890n, d: "a b%é" }),
    "a=7/b=-7/c=12345678901234567890/d=a b%é/f",
  );
});

Deno.test("PART-003 a number that is no exact integer is refused", () => {
  for (const value of [1.5, NaN, Infinity, 2 ** 53, true, null, undefined]) {
    refuses("f", { a: value });
  }
});

Deno.test("PART-004 without columns the path is the file name", () => {
  assertEquals(partitionPath("data.parquet"), "data.parquet");
  assertEquals(partitionPath("data.parquet", {}), "data.parquet");
  assertEquals(partitionPath("data.parquet", []), "data.parquet");
});

Deno.test("PART-005 a file name is a text without a slash, and not a column", () => {
  for (const filename of ["", "a/b", "/", 7, null, "a=b.txt", "a="]) {
    refuses(filename);
  }
  for (const filename of [".", "..", "a\\b", "a\0b"]) {
    assertThrows(() => partitionPath(filename, { a: 1 }));
  }
  assertEquals(partitionPath("=a", { a: 1 }), "a=1/=a");
  assertEquals(partitionPath("a=b=c", { a: 1 }), "a=1/a=b=c");
});

Deno.test("PART-006 columns and values are not empty and hold no equals sign and no slash", () => {
  for (const text of ["", "a=b", "=", "a/b", "/"]) {
    refuses("f", { [text]: "1" });
    refuses("f", { a: text });
  }
  refuses("f", [["a", 1], ["a", 2]]);
  refuses("f", "a=1");
  refuses("f", null);
});

Deno.test("PART-007 parsing gives the columns in order, and the file name", () => {
  const { partitions, filename } = parsePartition("b=1/a=2/f.csv");
  assertEquals([...partitions], [["b", "1"], ["a", "2"]]);
  assertEquals(filename, "f.csv");
  assertEquals(parsePartition("a=1/b=2").filename, "");
});

Deno.test("PART-008 a column is a segment with exactly one equals sign and something before it", () => {
  assertEquals([...parsePartition("a=/f").partitions], [["a", ""]]);
  for (const path of ["=1/f", "a=1=2/f", "a/f", "f"]) {
    assertEquals(parsePartition(path).partitions.size, 0);
    assertEquals(parsePartition(path).filename, path);
  }
});

Deno.test("PART-009 columns end at the first segment that is none", () => {
  const { partitions, filename } = parsePartition("a=1/raw/b=2/f.csv");
  assertEquals([...partitions], [["a", "1"]]);
  assertEquals(filename, "raw/b=2/f.csv");
});

Deno.test("PART-010 an empty path is an argument error, one that is no path a path error", () => {
  assertThrows(() => parsePartition(""), InvalidArgumentError);
  assertThrows(() => parsePartition("a=1/../f"), InvalidPathError);
  assertThrows(() => parsePartition("a=1/a=2/f"), InvalidArgumentError);
});

Deno.test("PART-011 whatever is accepted comes back as it was", () => {
  const part = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.string({
      unit: fc.constantFrom("a", "b", "=", "/", ".", "\\", " ", "é"),
      maxLength: 4,
    }),
  );
  let accepted = 0;
  fc.assert(
    fc.property(
      part,
      fc.array(fc.tuple(part, fc.oneof(part, fc.integer(), fc.bigInt())), {
        maxLength: 3,
      }),
      (filename, columns) => {
        let path: string;
        try {
          path = partitionPath(filename, columns);
        } catch {
          return;
        }
        accepted++;
        const parsed = parsePartition(path);
        assertEquals(parsed.filename, filename);
        assertEquals(
          [...parsed.partitions],
          columns.map(([column, value]) => [column, String(value)]),
        );
      },
    ),
    { numRuns: 3000, seed: 24 },
  );
  assert(accepted > 300, `${accepted} inputs were accepted`);
});

Deno.test("PART-012 a result is frozen and a copy", () => {
  const first = parsePartition("a=1/f");
  assert(Object.isFrozen(first));
  first.partitions.set("a", "2");
  assertEquals(parsePartition("a=1/f").partitions.get("a"), "1");
});

Deno.test("PART-013 the entry exports both functions of each mode and the types of the results", async () => {
  const parsed: ParsedPartition = parsePartition("a=1/f");
  assertEquals(parsed.filename, "f");
  assertEquals(
    Object.keys(await import("@remote-store/core/ext/partition")).sort(),
    ["hivePath", "parseHivePath", "parsePartition", "partitionPath"],
  );
});
