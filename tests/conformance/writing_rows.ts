import type { Capability, WriteContent, WriteOptions } from "../../mod.ts";
import { BAD_CONTENTS, CONTENT_KINDS } from "./bodies.ts";
import type { Topic, Variant } from "./matrix.ts";
import { NO_FLAGS } from "./matrix_deleting.ts";
import { BAD_METADATA, GOOD_METADATA, type Metadata } from "./metadata_rows.ts";

/** The parameters of a call that writes. */
export interface Writing {
  /** What has to be there afterwards. */
  readonly text: string;
  /** Returns the text as content of some kind. */
  readonly make: (text: string) => WriteContent;
  /** The options. */
  readonly options: WriteOptions;
  /** The media type that the content names itself. */
  readonly type?: string | undefined;
}

const TEXT = "new content, größer";

const same = (text: string) => text;

function options(
  label: string,
  given: WriteOptions,
  rest: Partial<Variant<Writing>> = {},
): Variant<Writing> {
  return {
    label,
    options: { text: TEXT, make: same, options: given },
    ...rest,
  };
}

const EVERYWHERE = { everywhere: true };
const BAD = { bad: true };

/** Values of the headers that are stored with a file. */
export const HEADERS: Readonly<Record<string, string>> = {
  contentType: "text/x-header; charset=utf-8",
  cacheControl: "max-age=60, private",
  contentDisposition: 'attachment; filename="a b.txt"',
  contentLanguage: "de, en",
};

const BAD_HEADERS: readonly unknown[] = [
  "",
  " leading",
  "a\r\nx-injected: 1",
  "ümlaut",
  7,
  null,
];

/** Some version, and not the one that is there. */
export const ANOTHER_VERSION = '"00000000000000000000000000000000"';

const STORED: Topic = { ids: "MOD-001", name: "content headers" };
const VERSION: Topic = { ids: "CAS-001", name: "ifMatch" };

const CONDITIONAL: readonly Capability[] = ["conditional_write"];

/** Combinations of options, for all methods that write. */
export const OPTION_ROWS: readonly Variant<Writing>[] = [
  options("overwrite undefined", {}, EVERYWHERE),
  options("overwrite false", { overwrite: false }, EVERYWHERE),
  options("overwrite true", { overwrite: true }, EVERYWHERE),
  options("another version", { ifMatch: ANOTHER_VERSION }, {
    ...EVERYWHERE,
    topic: VERSION,
    gates: CONDITIONAL,
  }),
  options("another version, overwrite true", {
    ifMatch: ANOTHER_VERSION,
    overwrite: true,
  }, { topic: VERSION, gates: CONDITIONAL }),
  options("ifMatch, overwrite false", {
    ifMatch: ANOTHER_VERSION,
    overwrite: false,
  }, { topic: VERSION, bad: true }),
  ...["", "no quotes", "*", 7].map((ifMatch) =>
    options(
      `ifMatch ${JSON.stringify(ifMatch)}`,
      { ifMatch } as WriteOptions,
      { topic: VERSION, bad: true },
    )
  ),
  ...NO_FLAGS.map((overwrite) =>
    options(
      `overwrite ${JSON.stringify(overwrite)}`,
      { overwrite } as WriteOptions,
      BAD,
    )
  ),
  ...Object.entries(HEADERS).map(([name, value]) =>
    options(name, { [name]: value, overwrite: true }, { topic: STORED })
  ),
  options("all headers", { ...HEADERS, overwrite: true }, { topic: STORED }),
  ...BAD_HEADERS.map((contentType) =>
    options(
      `contentType ${JSON.stringify(contentType)}`,
      { contentType } as WriteOptions,
      { topic: STORED, bad: true },
    )
  ),
  options("onProgress", { onProgress: () => {}, overwrite: true }),
  options("onProgress no function", { onProgress: "yes" as never }, BAD),
];

const METADATA: Topic = {
  ids: "WR-010, WR-011, WR-012, WR-013",
  name: "metadata",
};

/** Metadata, good and bad, for all methods that write. */
export const METADATA_ROWS: readonly Variant<Writing>[] = [
  ...GOOD_METADATA.map(([label, metadata]) =>
    options(`metadata ${label}`, { metadata, overwrite: true }, {
      topic: METADATA,
      gates: gatesOf(metadata),
      everywhere: label === "some",
    })
  ),
  ...BAD_METADATA.map(([label, metadata]) =>
    options(`metadata ${label}`, { metadata } as WriteOptions, {
      topic: METADATA,
      bad: true,
      everywhere: label === "an empty key",
    })
  ),
];

function gatesOf(metadata: Metadata): readonly Capability[] {
  const isNone = !metadata || Object.keys(metadata).length === 0;
  return isNone ? [] : ["user_metadata"];
}

const CONTENT: Topic = { ids: "SIO-003, WR-003", name: "kinds of content" };

/** Kinds of content, filled, empty and wrong. */
export const CONTENT_ROWS: readonly Variant<Writing>[] = [
  ...CONTENT_KINDS.flatMap(({ name, make, type }) => [
    content(name, { text: TEXT, make, options: {}, type }, isTelling(name)),
    content(`${name}, overwrite true`, {
      text: TEXT,
      make,
      options: { overwrite: true },
      type,
    }),
    content(`empty ${name}, overwrite true`, {
      text: "",
      make,
      options: { overwrite: true },
      type,
    }),
  ]),
  ...BAD_CONTENTS.map(([name, make]) => ({
    ...content(name, {
      text: TEXT,
      make: make as () => WriteContent,
      options: { overwrite: true },
    }, name === "null"),
    bad: "content" as const,
  })),
];

// Bytes and streams go two ways; where nothing is special about the path, two kinds tell all.
function isTelling(name: string): boolean {
  return name === "Uint8Array" || name === "ReadableStream";
}

function content(
  label: string,
  given: Writing,
  everywhere = false,
): Variant<Writing> {
  return {
    label: `content ${label}`,
    options: given,
    topic: CONTENT,
    everywhere,
  };
}
