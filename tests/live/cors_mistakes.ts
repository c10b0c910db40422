/**
 * Pure: mistakes of CORS rules, as people make them, and what is to be named.
 *
 * @module
 */

/** A page. */
export const ORIGIN = "https://app.example.com";

/** A rule of either service. */
export interface Rule {
  readonly origin: string;
  readonly methods: readonly string[];
  readonly fields: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge: number;
}

/** Rules, and the kind and name of each problem of theirs. */
export interface Mistake {
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly expected: readonly string[];
  /** What the first message says. */
  readonly says?: string;
}

/** The rule that is right, by protocol. */
export const RULE = {
  s3: {
    origin: ORIGIN,
    methods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    fields: ["*"],
    exposed: [
      "ETag",
      "Content-Range",
      "Content-Encoding",
      "Content-Disposition",
      "Date",
      "Age",
      "Retry-After",
      "x-amz-version-id",
      "x-amz-bucket-region",
      "x-amz-storage-class",
      "x-amz-server-side-encryption",
      "x-amz-meta-author",
    ],
    maxAge: 600,
  },
  azure: {
    origin: ORIGIN,
    methods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    fields: ["*"],
    exposed: [
      "ETag",
      "Content-Range",
      "Content-Encoding",
      "Content-Disposition",
      "Date",
      "Age",
      "Retry-After",
      "Content-MD5",
      "x-ms-*",
    ],
    maxAge: 600,
  },
} as const satisfies Record<string, Rule>;

const WITHOUT_CREATES = {
  s3: [
    "authorization",
    "cache-control",
    "content-*",
    "range",
    "if-match",
    "x-amz-*",
  ],
  azure: ["content-*", "if-match", "x-ms-*"],
} as const;

const WITHOUT_METADATA = {
  s3: [
    "authorization",
    "cache-control",
    "content-*",
    "range",
    "if-*",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-ch*",
    "x-amz-copy-*",
  ],
  azure: [
    "content-type",
    "if-match",
    "if-none-match",
    "x-ms-version",
    "x-ms-blob-*",
    "x-ms-copy-source",
    "x-ms-requires-sync",
    "x-ms-source-if-match",
    "x-ms-range",
    "x-ms-delete-snapshots",
  ],
} as const;

function mistakesOf(protocol: "s3" | "azure"): Mistake[] {
  const rule: Rule = RULE[protocol];
  const meta = protocol === "s3" ? "x-amz-meta-author" : "x-ms-meta-author";
  const without = (list: readonly string[], ...names: string[]) =>
    list.filter((item) => !names.includes(item));
  const change = (changes: Partial<Rule>) => [{ ...rule, ...changes }];
  return [
    { name: "no mistake", rules: [rule], expected: [] },
    {
      name: "no rules",
      rules: [],
      expected: [`origin ${ORIGIN}`],
      says: "or there are no rules",
    },
    {
      name: "another origin: http for https",
      rules: change({ origin: "http://app.example.com" }),
      expected: [`origin ${ORIGIN}`],
      says: "a rule names http://app.example.com, which is another origin",
    },
    {
      name: "an origin with a slash at its end",
      rules: change({ origin: `${ORIGIN}/` }),
      expected: [`origin ${ORIGIN}`],
      says: "a rule names it with a slash at its end",
    },
    {
      name: "no PUT",
      rules: change({ methods: without(rule.methods, "PUT") }),
      expected: ["method PUT"],
    },
    {
      name: "no DELETE and no HEAD",
      rules: change({ methods: without(rule.methods, "DELETE", "HEAD") }),
      expected: ["method HEAD", "method DELETE"],
    },
    {
      name: "no If-None-Match among the allowed headers",
      rules: change({ fields: WITHOUT_CREATES[protocol] }),
      expected: ["field if-none-match"],
      says: "is not among the allowed headers: read, write, copy will fail",
    },
    {
      name: "no metadata among the allowed headers",
      rules: change({ fields: WITHOUT_METADATA[protocol] }),
      expected: [`field ${meta}`],
    },
    {
      name: "ETag is not exposed",
      rules: change({ exposed: without(rule.exposed, "ETag") }),
      expected: ["exposed etag"],
    },
    {
      name: "Content-Range is not exposed",
      rules: change({ exposed: without(rule.exposed, "Content-Range") }),
      expected: ["exposed content-range"],
    },
    {
      name: "Content-Disposition and Date are not exposed",
      rules: change({
        exposed: without(rule.exposed, "Content-Disposition", "Date"),
      }),
      expected: ["exposed content-disposition", "exposed date"],
    },
    {
      name: "preflights are not remembered",
      rules: change({ maxAge: 0 }),
      expected: ["maxAge max-age"],
    },
  ];
}

/** The mistakes. */
export const MISTAKES = {
  s3: mistakesOf("s3"),
  azure: mistakesOf("azure"),
} as const;
