import type {
  ByteRange,
  OpenFile,
  OpenOptions,
  ReadOptions,
} from "../../mod.ts";
import { assert, assertEquals } from "./assert.ts";
import { type Bench, bytesOf, drain } from "./bench.ts";
import {
  groupsOf,
  invalidPath,
  notFound,
  type Row,
  type Topic,
  type Variant,
} from "./matrix.ts";
import { assertInfo } from "./matrix_probing.ts";
import type { Group } from "./points.ts";
import type { Refusal } from "./refusals.ts";
import { seen, type Site } from "./states.ts";

const RANGES: readonly (readonly [string, ByteRange])[] = [
  ["from 0", { offset: 0 }],
  ["from 3", { offset: 3 }],
  ["5 from 2", { offset: 2, length: 5 }],
  ["the first byte", { offset: 0, length: 1 }],
  ["more than there are", { offset: 4, length: 10_000 }],
  ["far past the end", { offset: 10_000 }],
  ["a piece past the end", { offset: 10_000, length: 3 }],
  ["nothing from 0", { offset: 0, length: 0 }],
  ["nothing from 3", { offset: 3, length: 0 }],
  ["the last 4", { suffix: 4 }],
  ["the last 10,000", { suffix: 10_000 }],
  ["the last 0", { suffix: 0 }],
];

const BAD_RANGES: readonly (readonly [string, unknown])[] = [
  ["offset -1", { offset: -1 }],
  ["offset 1.5", { offset: 1.5 }],
  ["offset NaN", { offset: NaN }],
  ["length -1", { offset: 0, length: -1 }],
  ["length Infinity", { offset: 0, length: Infinity }],
  ["length without offset", { length: 3 }],
  ["suffix -1", { suffix: -1 }],
  ["suffix and offset", { offset: 0, suffix: 1 }],
  ["an empty object", {}],
  ["a string", "bytes=0-1"],
  ["null", null],
];

const BAD_ETAGS: readonly unknown[] = ["", "no quotes", "*", 'a"b"', 7];

const WRONG_VERSION = { ifMatch: '"00000000000000000000000000000000"' };

const RANGE: Topic = { ids: "SEEK-002", name: "ranges" };
const VERSION: Topic = { ids: "CAS-003", name: "ifMatch" };

function badEtags(): Variant<ReadOptions>[] {
  return BAD_ETAGS.map((ifMatch) => ({
    label: `ifMatch ${JSON.stringify(ifMatch)}`,
    options: { ifMatch } as ReadOptions,
    topic: VERSION,
    bad: true,
    everywhere: ifMatch === "",
  }));
}

const VARIANTS: readonly Variant<ReadOptions>[] = [
  { label: "whole", options: {}, everywhere: true },
  {
    label: "another version",
    options: WRONG_VERSION,
    topic: VERSION,
    everywhere: true,
  },
  ...badEtags(),
];

const RANGE_VARIANTS: readonly Variant<ReadOptions>[] = [
  ...VARIANTS,
  ...RANGES.map(([label, range]) => ({
    label,
    options: { range },
    topic: RANGE,
    everywhere: label === "5 from 2" || label === "the last 4",
  })),
  ...BAD_RANGES.map(([name, range]) => ({
    label: `range ${name}`,
    options: { range } as ReadOptions,
    topic: RANGE,
    bad: true,
    everywhere: name === "offset -1",
  })),
];

/** Returns the bytes of a text that a range names. */
export function cut(text: string, range: ByteRange | undefined): Uint8Array {
  const bytes = bytesOf(text);
  if (range === undefined) return bytes;
  if ("suffix" in range) {
    return bytes.slice(Math.max(0, bytes.byteLength - range.suffix));
  }
  const { offset, length = Infinity } = range;
  return bytes.slice(offset, Math.min(offset + length, bytes.byteLength));
}

function outcome(
  site: Site,
  options: ReadOptions,
  bench: Bench,
): Refusal | null {
  const kind = seen(site, bench.target);
  if (kind === "folder" || kind === "hollow") return invalidPath(site);
  if (kind !== "file") return notFound(site);
  return options.ifMatch === undefined
    ? null
    : { code: "PreconditionFailed", paths: site.paths };
}

function assertBytes(
  value: unknown,
  site: Site,
  { range }: ReadOptions,
): void {
  assertEquals(value, cut(site.text ?? "", range), "the bytes read");
}

const shape = {
  gates: ["read"],
  root: false,
  mutates: false,
  outcome,
} as const;

const READ: Row<ReadOptions> = {
  ...shape,
  method: "read",
  id: "BE-006",
  variants: RANGE_VARIANTS,
  call: async (store, { path }, options) =>
    await drain(await store.read(path, options)),
  judge: assertBytes,
};

const READ_BYTES: Row<ReadOptions> = {
  ...shape,
  method: "readBytes",
  id: "BE-007",
  variants: RANGE_VARIANTS,
  call: (store, { path }, options) => store.readBytes(path, options),
  judge: assertBytes,
};

const READ_TEXT: Row<ReadOptions> = {
  ...shape,
  method: "readText",
  id: "RTXT-001",
  variants: VARIANTS,
  call: (store, { path }, options) => store.readText(path, options),
  judge: (value, site) => assertEquals(value, site.text, "the text read"),
};

const OPEN_BLOB: Row<ReadOptions> = {
  ...shape,
  method: "openBlob",
  id: "SEEK-001",
  gates: ["read", "metadata"],
  variants: [{ label: "", options: {}, everywhere: true }],
  call: async (store, { path }) => {
    const blob = await store.openBlob(path);
    return {
      size: blob.size,
      bytes: await blob.bytes(),
      part: await blob.slice(2, -3).bytes(),
      streamed: await drain(blob.stream()),
    };
  },
  judge(value, site) {
    const bytes = bytesOf(site.text ?? "");
    assertEquals(value, {
      size: bytes.byteLength,
      bytes,
      part: bytes.slice(2, -3),
      streamed: bytes,
    }, "what the blob gives");
    assert(site.text !== null, "a site of kind file has a text");
  },
};

const OPEN_VARIANTS: readonly Variant<OpenOptions>[] = [
  ...RANGE_VARIANTS,
  ...BAD_ETAGS.map((ifNoneMatch) => ({
    label: `ifNoneMatch ${JSON.stringify(ifNoneMatch)}`,
    options: { ifNoneMatch } as OpenOptions,
    topic: VERSION,
    bad: true,
  })),
  { label: "missingOk", options: { missingOk: true }, everywhere: true },
  {
    label: "ifNoneMatch of another version",
    options: { ifNoneMatch: WRONG_VERSION.ifMatch },
    topic: VERSION,
    everywhere: true,
  },
];

const OPEN: Row<OpenOptions> = {
  ...shape,
  method: "open",
  id: "BE-006, BE-016",
  variants: OPEN_VARIANTS,
  outcome: (site, options, bench) =>
    options.missingOk && seen(site, bench.target) !== "file"
      ? null
      : outcome(site, options, bench),
  call: async (store, { path }, options) => {
    const file = await store.open(path, options);
    if (file === null) return null;
    const { info, body } = file;
    const bytes = body === null ? null : await drain(body);
    return { info, bytes };
  },
  judge(value, site, options) {
    if (site.text === null) return assertEquals(value, null, "what is absent");
    const { info, bytes } = value as { info: OpenFile["info"]; bytes: unknown };
    assertBytes(bytes, site, options);
    assertInfo(info, site);
  },
};

/** Methods that read × ranges and conditions × states. */
export const READING: readonly Group[] = [
  ...groupsOf(READ),
  ...groupsOf(READ_BYTES),
  ...groupsOf(READ_TEXT),
  ...groupsOf(OPEN_BLOB),
  ...groupsOf(OPEN),
];
