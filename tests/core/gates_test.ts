import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  type ByteRange,
  InvalidArgumentError,
  Store,
  type WriteOptions,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  checkEtag,
  checkMetadata,
  checkRange,
  checkWhole,
  MAX_METADATA_BYTES,
} from "../../core/gates.ts";

const check = (metadata: unknown) => checkMetadata("write", "a", metadata);

function refused(metadata: unknown, why: string): void {
  assertThrows(
    () => check(metadata),
    InvalidArgumentError,
    `Cannot write "a": ${why}`,
  );
}

Deno.test("WR-011 a bad key is named", () => {
  refused({ "": "x" }, "a metadata key is empty");
  refused(
    { good: "x", _k: "x" },
    'metadata key "_k" starts with an underscore',
  );
  refused({ "é": "x" }, 'metadata key "é" is not ASCII');
  refused({ n: 5 }, 'the value of metadata key "n" is no string');
  refused({ n: null }, 'the value of metadata key "n" is no string');
  refused(
    { n: "\ud800" },
    'the value of metadata key "n" holds a lone surrogate',
  );
});

Deno.test("WR-011 what is no plain object is refused", () => {
  class Custom {
    a = "x";
  }
  for (
    const bad of [
      [],
      ["x"],
      new Map(),
      new Date(),
      "x",
      5,
      true,
      () => {},
      new Custom(),
      new Headers(),
    ]
  ) {
    refused(bad, "metadata is no plain object of strings");
  }
  assertEquals(check(Object.assign(Object.create(null), { a: "x" })), {
    a: "x",
  });
});

Deno.test("WR-011 bytes are counted, not characters: 2,048 pass, 2,049 do not", () => {
  assertEquals(MAX_METADATA_BYTES, 2048);
  assert(check({ ab: "x".repeat(2046) }));
  refused(
    { ab: "x".repeat(2047) },
    "metadata has 2049 bytes, at most 2048 are allowed",
  );
  assert(check({ ab: "é".repeat(1023) }));
  refused({ ab: "é".repeat(1024) }, "metadata has 2050 bytes");
  assert(check({ a: "😀".repeat(511), b: "xx" }));
  refused({ a: "😀".repeat(511), b: "xxx" }, "metadata has 2049 bytes");
});

Deno.test("WR-011 passes exactly what fits", () => {
  const key = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 9 })
    .filter((key) => !key.startsWith("_"));
  const value = fc.string({ unit: "grapheme", maxLength: 600 });
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (given) => {
      const bytes = Object.entries(given).reduce(
        (n, [key, value]) => n + key.length + new Blob([value]).size,
        0,
      );
      if (bytes > 2048) assertThrows(() => check(given), InvalidArgumentError);
      else assertEquals(check(given), bytes === 0 ? null : { ...given });
    }),
    { seed: 6, numRuns: 500 },
  );
});

Deno.test("WR-012 metadata is copied and frozen before the first await", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const metadata: Record<string, string> = { Mixed: "Käse" };
  const run = store.write("a", new Blob(["x"]), { metadata });
  metadata["Mixed"] = "changed";
  metadata["more"] = "x";
  const { metadata: echo } = await run;
  assertEquals(echo, { Mixed: "Käse" });
  assertNotStrictEquals(echo, metadata);
  assert(Object.isFrozen(echo));
  assertEquals((await store.getFileInfo("a")).metadata, { Mixed: "Käse" });
});

Deno.test("WR-011 own entries count only, and none is null", () => {
  assertEquals(check({}), null);
  assertEquals(check(null), null);
  assertEquals(check(undefined), null);
  assertEquals(
    check(Object.create(Object.prototype, { hidden: { value: 5 } })),
    null,
  );
});

Deno.test("DEPTH-001 a depth is a whole number from 0", () => {
  for (const bad of [-1, NaN, 1.5, Infinity, "1", null, {}]) {
    assertThrows(
      () => checkWhole("list", "a", "maxDepth", bad as number),
      InvalidArgumentError,
      "maxDepth is",
    );
  }
  assertEquals([
    checkWhole("list", "a", "maxDepth", undefined),
    checkWhole("list", "a", "maxDepth", 0),
    checkWhole("list", "a", "maxDepth", 3),
  ], [null, 0, 3]);
});

Deno.test("SEEK a range names bytes or is refused", () => {
  const bad = [
    { offset: -1 },
    { offset: NaN },
    { offset: 1.5 },
    { offset: 0, length: -1 },
    { offset: Infinity },
    { suffix: -1 },
    { suffix: 1, offset: 0 },
    { suffix: 1, length: 1 },
    { length: 5 },
    {},
    null,
    "0-5",
    { offset: "0" },
  ];
  for (const range of bad) {
    assertThrows(
      () => checkRange("read", "a", range as ByteRange),
      InvalidArgumentError,
      "range is",
    );
  }
  for (
    const range of [{ offset: 0 }, { offset: 5, length: 0 }, { suffix: 0 }]
  ) {
    assertEquals(checkRange("read", "a", range), range);
  }
  assertEquals(checkRange("read", "a", undefined), null);
});

Deno.test("an etag keeps its quotes", () => {
  for (const etag of ['""', '"a"', 'W/"a"', '"a-2"', '"\xff"']) {
    checkEtag("read", "a", "ifMatch", etag);
  }
  for (
    const etag of [
      "a",
      '"a',
      'a"',
      '"a"b"',
      'w/"a"',
      '"a b"',
      "*",
      "",
      null,
      5,
      '"ä\n"',
      '"😀"',
    ]
  ) {
    assertThrows(
      () => checkEtag("read", "a", "ifMatch", etag),
      InvalidArgumentError,
      "an etag with its quotes is needed",
    );
  }
});

Deno.test("a malformed option is refused before the backend is asked", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const bad: readonly (readonly [unknown, string])[] = [
    [{ overwrite: "false" }, "overwrite is no boolean"],
    [{ overwrite: 1 }, "overwrite is no boolean"],
    [{ ifMatch: "x" }, 'ifMatch is "x", an etag with its quotes is needed'],
    [
      { ifMatch: '"x"', overwrite: false },
      "ifMatch replaces a version, and overwrite is false",
    ],
    [{ contentType: "a\r\nb: c" }, "contentType is"],
    [{ contentType: "" }, "contentType is"],
    [{ contentType: " text/plain" }, "contentType is"],
    [{ cacheControl: 5 }, "cacheControl is"],
    [{ contentLanguage: "dé" }, "contentLanguage is"],
    [{ contentDisposition: "a\0" }, "contentDisposition is"],
    [{ contentEncoding: null }, "contentEncoding is"],
    [{ onProgress: 5 }, "onProgress is no function"],
  ];
  for (const [options, why] of bad) {
    for (const method of ["write", "writeText", "writeAtomic"] as const) {
      await assertRejects(
        () => store[method]("a", "x", options as WriteOptions),
        InvalidArgumentError,
        why,
      );
    }
    await assertRejects(
      () => store.openAtomic("a", options as WriteOptions),
      InvalidArgumentError,
      why,
    );
  }
  assertEquals(await store.exists("a"), false);
  const flag = { missingOk: "no" as never };
  await assertRejects(
    () => store.delete("a", flag),
    InvalidArgumentError,
    "missingOk is no boolean",
  );
  await assertRejects(
    () => store.deleteFolder("a", { recursive: 0 as never }),
    InvalidArgumentError,
  );
  await assertRejects(
    () => store.move("a", "b", { overwrite: "x" as never }),
    InvalidArgumentError,
  );
  assertThrows(
    () => store.listFiles("", { recursive: "x" as never }),
    InvalidArgumentError,
  );
});

Deno.test("checkWhole() refuses what is not a whole number within its bounds, by name", () => {
  assertEquals(checkWhole("create a store", null, "partSize", 1, 1, 3), 1);
  assertEquals(checkWhole("create a store", null, "partSize", 3, 1, 3), 3);
  for (const value of [0, 4, 1.5, NaN, Infinity, "2", null] as number[]) {
    assertThrows(
      () => checkWhole("create a store", null, "partSize", value, 1, 3),
      InvalidArgumentError,
      `Cannot create a store: partSize is ${value}, a whole number from 1 to 3 is needed`,
    );
  }
});
