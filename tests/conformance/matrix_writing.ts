import type { StoreLike, WriteResult } from "../../mod.ts";
import { assert, assertEquals } from "./assert.ts";
import { type Bench, bytesOf } from "./bench.ts";
import { groupsOf, invalidPath, type Row, type Variant } from "./matrix.ts";
import { isEtag } from "./matrix_probing.ts";
import type { Group } from "./points.ts";
import type { Refusal } from "./refusals.ts";
import type { Site } from "./states.ts";
import {
  CONTENT_ROWS,
  HEADERS,
  METADATA_ROWS,
  OPTION_ROWS,
  type Writing,
} from "./writing_rows.ts";

function outcome(
  site: Site,
  { options }: Writing,
  bench: Bench,
): Refusal | null {
  const { kind, paths } = site;
  const isBlocked = kind === "folder" || kind === "hollow" || kind === "below";
  if (isBlocked && bench.target.strict) return invalidPath(site);
  if (options.ifMatch !== undefined) {
    return { code: "PreconditionFailed", paths };
  }
  const exists = kind === "file" && !options.overwrite;
  return exists ? { code: "AlreadyExists", paths } : null;
}

const FIELDS = "digest,etag,lastModified,metadata,path,size,source,versionId";

/** Fails unless a write's result says what was written, and no more than it may. */
export function assertResult(
  result: WriteResult,
  path: string,
  { text, options }: Writing,
  bench: Bench,
): void {
  const native = bench.has("write_result_native");
  assertEquals(result.path, path, "the result's path (WR-002)");
  assertEquals(result.size, bytesOf(text).byteLength, "its size (WR-003)");
  assertEquals(result.source, native ? "native" : "basic", "source (WR-004)");
  assert(Object.isFrozen(result), "the result is not frozen (MOD-001)");
  const fields = Object.keys(result).sort().join();
  assertEquals(fields, FIELDS, "the result's fields (WR-001a)");
  const { digest, etag, versionId, lastModified } = result;
  assert(
    native || isAllNull([digest, etag, versionId, lastModified]),
    "a basic result tells more than path and size (WR-005)",
  );
  assert(etag === null || isEtag(etag), `etag ${etag}`);
  const given = givenMetadata(options.metadata);
  assertEquals(result.metadata, given, "the echo of metadata (WR-012)");
}

function isAllNull(values: readonly unknown[]): boolean {
  return values.every((value) => value === null);
}

function givenMetadata(
  metadata: Writing["options"]["metadata"],
): Readonly<Record<string, string>> | null {
  return metadata && Object.keys(metadata).length > 0 ? metadata : null;
}

async function judge(
  value: unknown,
  site: Site,
  writing: Writing,
  bench: Bench,
): Promise<void> {
  const { text, options, type } = writing;
  const result = value as WriteResult;
  assertResult(result, site.canonical, writing, bench);
  const { store } = bench;
  if (bench.has("read")) {
    const bytes = await store.readBytes(site.canonical);
    assertEquals(bytes, bytesOf(text), "the content");
  }
  for (const file of site.files) {
    if (file === site.canonical) continue;
    assert(await store.isFile(file), `the write removed ${file}`);
  }
  if (!bench.has("metadata")) return;
  const info = await store.getFileInfo(site.canonical);
  assertEquals(info.size, result.size, "getFileInfo's size (WR-001a)");
  if (result.etag !== null) {
    assertEquals(info.etag, result.etag, "getFileInfo's etag (WR-001a)");
  }
  assertEquals(
    lowered(info.metadata),
    lowered(givenMetadata(options.metadata)),
    "getFileInfo's metadata (WR-013)",
  );
  const wanted = options.contentType ?? type;
  if (wanted !== undefined) {
    assertEquals(info.contentType, wanted, "getFileInfo's contentType");
  }
  for (const [name, header] of Object.entries(HEADERS)) {
    if (!(name in options) || name === "contentType") continue;
    assertEquals(info.extra[name], header, `the stored ${name} (HEAD-001)`);
  }
}

/** Returns metadata as it is after a service has lower-cased its keys. */
export function lowered(
  metadata: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> | null {
  return metadata && Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]),
  );
}

const shape = { root: false, mutates: true, outcome, judge } as const;

const WRITE: Row<Writing> = {
  ...shape,
  method: "write",
  id: "BE-008",
  gates: ["write"],
  variants: [...OPTION_ROWS, ...METADATA_ROWS, ...CONTENT_ROWS],
  call: (store, { path }, { text, make, options }) =>
    store.write(path, make(text), options),
};

const WRITE_ATOMIC: Row<Writing> = {
  ...shape,
  method: "writeAtomic",
  id: "BE-010",
  gates: ["atomic_write"],
  variants: [...OPTION_ROWS, ...METADATA_ROWS, ...CONTENT_ROWS],
  call: (store, { path }, { text, make, options }) =>
    store.writeAtomic(path, make(text), options),
};

const NO_TEXTS: readonly Variant<Writing>[] = [
  undefined,
  null,
  7,
  bytesOf("bytes"),
  "\ud800",
].map((content) => ({
  label: `text ${typeof content === "object" ? "of bytes" : String(content)}`,
  options: {
    text: "",
    make: () => content as string,
    options: { overwrite: true },
  },
  bad: "content" as const,
}));

const TEXTS: readonly Variant<Writing>[] = [
  "",
  "\ufeffafter a byte order mark",
  "line\r\nbreaks\n",
  "🙂 and é, e\u0301",
  "\0",
].map((text) => ({
  label: `text ${JSON.stringify(text)}`,
  options: { text, make: (text) => text, options: { overwrite: true } },
}));

const WRITE_TEXT: Row<Writing> = {
  ...shape,
  method: "writeText",
  id: "WTXT-001",
  gates: ["write"],
  variants: [...OPTION_ROWS, ...METADATA_ROWS, ...TEXTS, ...NO_TEXTS],
  call: (store, { path }, { text, make, options }) =>
    store.writeText(path, make(text) as string, options),
};

async function writeInPieces(
  store: StoreLike,
  path: string,
  { text, options }: Writing,
): Promise<WriteResult> {
  const writer = await store.openAtomic(path, options);
  try {
    const middle = Math.floor(text.length / 2);
    await writer.write(text.slice(0, middle));
    await writer.write(bytesOf(text.slice(middle)));
    return await writer.close();
  } finally {
    // Has no effect after close; releases the writer after an error.
    await writer.abort();
  }
}

const OPEN_ATOMIC: Row<Writing> = {
  ...shape,
  method: "openAtomic",
  id: "SAW-001",
  gates: ["atomic_write"],
  variants: [...OPTION_ROWS, ...METADATA_ROWS],
  call: (store, { path }, writing) => writeInPieces(store, path, writing),
};

/** Methods that write × options, metadata and content × states. */
export const WRITING: readonly Group[] = [
  ...groupsOf(WRITE),
  ...groupsOf(WRITE_TEXT),
  ...groupsOf(WRITE_ATOMIC),
  ...groupsOf(OPEN_ATOMIC),
];
