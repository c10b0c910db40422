import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidArgumentError,
  PreconditionFailedError,
} from "@remote-store/core";
import {
  hashOf,
  isSame,
  openSource,
  readPart,
} from "../../../ext/_resume/source.ts";
import type { UploadToken } from "../../../ext/_resume/token.ts";
import { bytesOf, fileOf, memory } from "./fixture.ts";

const FILE = bytesOf(250);
const CUT = { size: 250, partSize: 100 };

Deno.test("RES-014 a file, a blob and a file of a store are read in slices", async () => {
  const store = memory();
  await store.write("in/a.bin", FILE, { contentType: "image/png" });
  const sources = [
    [fileOf(FILE, { type: "image/png" }), "a.bin", 1000],
    [new Blob([FILE], { type: "image/png" }), null, null],
    [{ store, path: "in/a.bin" }, "in/a.bin", null],
  ] as const;
  for (const [given, name, lastModified] of sources) {
    const source = await openSource("to", given, undefined);
    assertEquals(
      [source.size, source.type, source.name, source.lastModified],
      [250, "image/png", name, lastModified],
    );
    assertEquals(await readPart(source, CUT, 2), FILE.slice(100, 200));
    assertEquals(await readPart(source, CUT, 3), FILE.slice(200));
  }
  for (const wrong of [null, "text", {}, { store: {} }, FILE]) {
    await assertRejects(
      () => openSource("to", wrong as never, undefined),
      InvalidArgumentError,
      'Cannot upload "to": the source is no Blob and no { store, path }',
    );
  }
});

Deno.test("RES-002 a file of a store that is replaced under way is noticed, not mixed", async () => {
  const store = memory();
  await store.write("a.bin", FILE);
  const source = await openSource("to", { store, path: "a.bin" }, undefined);
  await readPart(source, CUT, 1);
  await store.write("a.bin", bytesOf(250, 2), { overwrite: true });
  const again = await openSource("to", { store, path: "a.bin" }, undefined);
  const late = readPart(source, CUT, 2);
  await assertRejects(() => late, PreconditionFailedError);
  assertEquals(await readPart(again, CUT, 2), bytesOf(250, 2).slice(100, 200));
});

Deno.test("RES-002 the hash is SHA-256, on pages without https too", async () => {
  const abc = new TextEncoder().encode("abc");
  const hash =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals((await hashOf(abc)).value, hash);
  const before = Object.getOwnPropertyDescriptor(globalThis, "crypto")!;
  Object.defineProperty(globalThis, "crypto", {
    value: {},
    configurable: true,
  });
  try {
    assertEquals((await hashOf(abc)).value, hash);
  } finally {
    Object.defineProperty(globalThis, "crypto", before);
  }
});

Deno.test("RES-002 one bit of any part is noticed by all, and an abort ends the comparison", async () => {
  const parts = await Promise.all([1, 2, 3].map(async (number) => {
    const bytes = FILE.slice((number - 1) * 100, number * 100);
    const { value: sha256 } = await hashOf(bytes);
    return { number, size: bytes.byteLength, tag: "t", sha256 };
  }));
  const token = { ...CUT, parts } as unknown as UploadToken;
  const source = await openSource("to", new Blob([FILE]), undefined);
  let checked = 0;
  const count = (bytes: number) => checked += bytes;
  assert(await isSame(source, token, "all", count, undefined));
  assertEquals(checked, 250);
  for (const at of [0, 99, 100, 199, 200, 249]) {
    const other = FILE.slice();
    other[at]! ^= 1;
    const changed = await openSource("to", new Blob([other]), undefined);
    assert(!await isSame(changed, token, "all", count, undefined), `${at}`);
    assert(await isSame(changed, token, "size", count, undefined));
  }
  await assertRejects(
    () =>
      isSame(
        source,
        token,
        "all",
        count,
        AbortSignal.abort(new Error("enough")),
      ),
    Error,
    "enough",
  );
});
