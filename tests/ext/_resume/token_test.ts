import { assert, assertEquals } from "@std/assert";
import {
  formatToken,
  isSameOptions,
  ownToken,
  parseToken,
  sizeOfPart,
  type UploadToken,
} from "../../../ext/_resume/token.ts";

const HASH = "ab".repeat(32);
const TOKEN: UploadToken = {
  v: 1,
  key: "k",
  target: "t",
  path: "a/ü.bin",
  id: '["id",1,null]',
  size: 250,
  partSize: 100,
  name: "ü.bin",
  lastModified: 1,
  created: 2,
  options: { overwrite: true, metadata: { k: "v" } },
  parts: [
    { number: 3, size: 50, tag: '"x"', sha256: HASH },
    { number: 1, size: 100, tag: '"y"', sha256: HASH },
  ],
  owner: "o",
  state: "open",
  made: null,
};

Deno.test("RES-006 a token comes back from its text as it was", () => {
  assertEquals(parseToken(formatToken(TOKEN), "k"), TOKEN);
  assertEquals([1, 2, 3].map((n) => sizeOfPart(TOKEN, n)), [100, 100, 50]);
});

Deno.test("RES-006 a text that is torn anywhere is no token", () => {
  const text = formatToken(TOKEN);
  for (let at = 0; at < text.length; at++) {
    assertEquals(parseToken(text.slice(0, at), "k"), "torn", `${at}`);
  }
});

Deno.test("RES-006 what cannot have been written here is no token", () => {
  const stored = JSON.parse(formatToken(TOKEN));
  const wrong: object[] = [
    { v: 0 },
    { v: "2" },
    { v: 1.5 },
    { v: Infinity },
    { key: "other" },
    { size: 0 },
    { size: "250" },
    { partSize: 1.5 },
    { path: "" },
    { id: null },
    { target: 1 },
    { options: null },
    { state: "gone" },
    { parts: null },
    { parts: [[0, "t", HASH]] },
    { parts: [[4, "t", HASH]] },
    { parts: [[1, "", HASH]] },
    { parts: [[1, "t", "ab"]] },
    { parts: [[1, "t", HASH], [1, "u", HASH]] },
    { parts: [{ number: 1 }] },
  ];
  for (const change of wrong) {
    const text = JSON.stringify({ ...stored, ...change });
    assertEquals(parseToken(text, "k"), "torn", text);
  }
});

Deno.test("RES-017 what a newer version has written is newer, whatever it looks like", () => {
  const stored = JSON.parse(formatToken(TOKEN));
  const changes = [{}, { key: "other" }, { parts: 5 }, { parts: undefined }];
  for (const change of changes) {
    const text = JSON.stringify({ ...stored, v: 2, ...change });
    assertEquals(parseToken(text, "k"), "newer", text);
    assertEquals(parseToken(text.slice(0, -1), "k"), "torn", text);
  }
  for (const parts of [[], undefined, 5, { 1: "t" }] as never[]) {
    const token = { ...TOKEN, v: 2 as never, parts };
    assertEquals(ownToken(token), "newer");
  }
});

Deno.test("RES-002 options are the same in any order, and others are not", () => {
  const one = { contentType: "a/b", metadata: { k: "v", l: "w" } };
  assert(
    isSameOptions(one, { metadata: { l: "w", k: "v" }, contentType: "a/b" }),
  );
  for (
    const other of [
      { ...one, overwrite: true },
      { ...one, contentType: "a/c" },
      { ...one, metadata: { k: "v" } },
      { contentType: "a/b" },
    ]
  ) assert(!isSameOptions(one, other));
});
