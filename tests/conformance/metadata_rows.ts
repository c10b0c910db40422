/** User metadata as it can be given. */
export type Metadata = Readonly<Record<string, string>> | null | undefined;

/** The bytes that keys and values may have together (WR-011). */
const LIMIT = 2048;

/** Metadata that every store takes, or refuses for the missing capability only. */
export const GOOD_METADATA: readonly (readonly [string, Metadata])[] = [
  ["null", null],
  ["empty", {}],
  ["some", { author: "ada", kind: "report" }],
  ["an empty value", { draft: "" }],
  ["non-ASCII values", { city: "Zürich", note: "日本語 – ok", mood: "🙂" }],
  ["spaces around and inside", { text: "  two  spaces  " }],
  ["what looks like an encoded word", { text: "=?UTF-8?B?eA==?=" }],
  ["percent signs and quotes", { text: `100%25 "quoted", a=b;c` }],
  ["of exactly 2,048 bytes", { k: "v".repeat(LIMIT - 1) }],
  [
    "of exactly 2,048 bytes in fewer characters",
    { key: "ü".repeat((LIMIT - 4) / 2) + "!" },
  ],
  ["without a prototype", Object.assign(Object.create(null), { author: "b" })],
];

/** Metadata that is a mistake on every store. */
export const BAD_METADATA: readonly (readonly [string, unknown])[] = [
  ["an empty key", { "": "x" }],
  ["a key with leading underscore", { _k: "x" }],
  ["a key that is not ASCII", { "é": "x" }],
  ["a number for a value", { n: 1 }],
  ["null for a value", { n: null }],
  ["undefined for a value", { n: undefined }],
  ["an array for a value", { n: ["x"] }],
  ["a lone surrogate for a value", { n: "\ud800" }],
  ["of 2,049 bytes", { k: "v".repeat(LIMIT) }],
  ["of 2,049 bytes in 2,048 characters", { k: "v".repeat(LIMIT - 2) + "ü" }],
  ["an array", ["x"]],
  ["a Map", new Map([["k", "v"]])],
  ["a Headers object", new Headers({ k: "v" })],
  ["a string", "k=v"],
  ["a number", 7],
];
