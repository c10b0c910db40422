/**
 * Mistakes that pages have made, each in three forms: as it was found, in another
 * file, and in words in place of code. An audit of the Python library's pages found
 * the sixteen kinds.
 *
 * @module
 */

/** One mistake, planted. */
export interface Plant {
  /** The kind, and what it is here. */
  readonly kind: string;
  /** In which form. */
  readonly form: "as found" | "another file" | "in words" | "further";
  /** The file. */
  readonly path: string;
  /** What is replaced; where it is empty, the text is put at the end. */
  readonly find: string;
  /** What takes its place. */
  readonly put: string;
  /** The rule that must notice. */
  readonly rule: string;
}

type Form = readonly [path: string, find: string, put: string, rule: string];

function plants(kind: string, ...forms: readonly [Form, Form, Form]): Plant[] {
  const names = ["as found", "another file", "in words"] as const;
  return forms.map(([path, find, put, rule], i) => ({
    kind,
    form: names[i]!,
    path,
    find,
    put,
    rule,
  }));
}

const GUIDE = "docs/writing-a-backend.md";
const BACKENDS = "docs/backends.md";
const MEMORY = "docs/backends/memory.md";
const S3 = "docs/backends/s3.md";
const AZURE = "docs/backends/azure.md";
const HTTP = "docs/backends/http.md";
const WRITING = "docs/reading-and-writing.md";
const EXTENSIONS = "docs/extensions.md";
const HASHING = "docs/hashing.md";
const MAP = "examples/map_backend.ts";

const TABLE = "\n| Method | Gives |\n| --- | --- |\n";

const STALE_CLASS = `
\`\`\`ts ignore
import type { Backend, Body } from "@remote-store/core";

class Own implements Backend {
  async write(key: string, body: Body): Promise<void> {
    await this.put(key, body);
    await this.sync();
    await this.tell();
    await this.end();
  }
}
\`\`\`
`;

/** All of them. */
export const PLANTS: readonly Plant[] = [
  ...plants(
    "F-01 a quick reference with the wrong return type",
    [
      GUIDE,
      "",
      `${TABLE}| \`write(key, body, request)\` | \`None\` |\n`,
      "DOC-003",
    ],
    [
      WRITING,
      "",
      `${TABLE}| \`writeAtomic\` | \`Promise<void>\` |\n`,
      "DOC-003",
    ],
    ["README.md", "", "\n`store.write` returns nothing.\n", "DOC-003"],
  ),
  ...plants(
    "F-02 a sample implementation with a stale signature",
    [MAP, "): Promise<WriteFacts> {", "): Promise<void> {", "DOC-004"],
    ["docs/testing-under-faults.md", "", STALE_CLASS, "DOC-004"],
    [
      "docs/adr/0001-kernel-and-thin-backends.md",
      "",
      "\nA backend has `write(key, body, request): Promise<void>`.\n",
      "DOC-003",
    ],
  ),
  ...plants(
    "F-03 a signature that lacks a parameter",
    [GUIDE, "", `${TABLE}| \`write(key, body)\` | the file |\n`, "DOC-003"],
    [
      MAP,
      "{ condition, headers, metadata }: WriteRequest",
      "{ condition, headers }: WriteRequest",
      "DOC-004",
    ],
    [
      "docs/adr/0008-source-streams.md",
      "",
      "\nThe kernel calls `write(key, content)`.\n",
      "DOC-003",
    ],
  ),
  ...plants(
    "F-04 a type that is needed and not imported",
    [GUIDE, "  type WriteFacts,\n", "", "DOC-007"],
    [MAP, "  type WriteFacts,\n", "", "DOC-007"],
    [
      GUIDE,
      "It returns\n`WriteFacts`.",
      "It returns\nwhat is known.",
      "DOC-010",
    ],
  ),
  ...plants(
    "F-05 capabilities that the guide does not know",
    [GUIDE, "- `USER_METADATA` opens", "- One more opens", "DOC-010"],
    [BACKENDS, "| `LAZY_READ` ", "| `SLOW_READ` ", "DOC-001"],
    [GUIDE, "- `LAZY_READ` says", "- The flag of lazy reads says", "DOC-010"],
  ),
  ...plants(
    "F-06 a step that leaves out an option and the result",
    [
      GUIDE,
      "the `metadata` (frozen, or\n`null`)",
      "all that is known",
      "DOC-010",
    ],
    [
      WRITING,
      "it takes the same options, `metadata` among them;",
      "it takes options;",
      "DOC-010",
    ],
    [GUIDE, "It returns\n`WriteFacts`.", "It ends when all is put.", "DOC-010"],
  ),
  ...plants(
    "F-07 the second way to write, without what the first one gives",
    [WRITING, "commits and gives the `WriteResult`,", "commits,", "DOC-010"],
    [
      "examples/worker/src/handler.ts",
      "const { size, etag, digest } = await writeWithHash(",
      "await writeWithHash(",
      "DOC-008",
    ],
    [
      EXTENSIONS,
      "`writeWithHash`, `openAtomicWithHash` and `withHashingWriter` give",
      "Three functions give",
      "DOC-010",
    ],
  ),
  ...plants(
    "F-08 an extension that the list lacks",
    [
      EXTENSIONS,
      "| `write`        | `openAtomicWithHash`",
      "| `other`        | `openAtomicWithHash`",
      "DOC-001",
    ],
    ["README.md", " `ext/sync`,", "", "DOC-001"],
    [
      HASHING,
      "`openAtomicWithHash` and\n`withHashingWriter` do so in pieces.",
      "Others do so in pieces.",
      "DOC-010",
    ],
  ),
  ...plants(
    "F-09 an extension that the imports lack",
    [EXTENSIONS, "  withHashingWriter,\n", "", "DOC-001"],
    [
      HASHING,
      'import { writeWithHash } from "@remote-store/core/ext/write";',
      'import { writeWithHash } from "@remote-store/core/ext/hash";',
      "DOC-007",
    ],
    [
      HASHING,
      "",
      "\nAll of it is in `@remote-store/core/ext/hashing`.\n",
      "DOC-002",
    ],
  ),
  ...plants(
    "F-10 a backend that is said to do everything",
    [
      MEMORY,
      "For\ntests, for small caches,",
      "All capabilities are supported. For\ntests, for small caches,",
      "DOC-005",
    ],
    [
      "backends/memory.ts",
      "Keeps files in memory: in a tree,",
      "Supports every capability: in a tree,",
      "DOC-005",
    ],
    ["README.md", "", "\nFull support: Memory.\n", "DOC-005"],
  ),
  ...plants(
    "F-11 S3's page without what a write returns",
    [
      S3,
      "- **Write results** are the write's own answer: `etag`, `versionId`, and\n  `digest` where",
      "- **Write results** are the write's own answer: `etag`, `versionId`, and\n  a hash where",
      "DOC-010",
    ],
    [
      WRITING,
      "`versionId`, `lastModified`, `digest`)",
      "`versionId`, `lastModified`)",
      "DOC-010",
    ],
    [
      S3,
      "- **Write results** are the write's own answer",
      "- What comes back is the write's own answer",
      "DOC-010",
    ],
  ),
  ...plants(
    "F-12 Azure's page without metadata and without what a write returns",
    [
      AZURE,
      "- **Metadata:** `metadata` needs `USER_METADATA`, declared in every\n  configuration. Its keys are C# identifiers",
      "- **Metadata:** keys are C# identifiers",
      "DOC-010",
    ],
    [
      WRITING,
      "`versionId`, `lastModified`, `digest`)",
      "`lastModified`, `digest`)",
      "DOC-010",
    ],
    [
      AZURE,
      "- **Write results:** `etag`, `lastModified` and `versionId` are the answer's.",
      "- **Write results:** they are the answer's.",
      "DOC-010",
    ],
  ),
  ...plants(
    "F-13 an example about writing that drops the result",
    [
      "examples/quickstart.ts",
      "results[index] = await store.write(",
      "await store.write(",
      "DOC-008",
    ],
    [
      "README.md",
      "const first = await store.write(",
      "await store.write(",
      "DOC-008",
    ],
    [
      "ext/write.ts",
      " * void await writeWithHash(",
      " * await writeWithHash(",
      "DOC-008",
    ],
  ),
  ...plants(
    "F-14 an example about something else that drops it",
    [
      WRITING,
      "const written = await store.write(",
      "await store.write(",
      "DOC-008",
    ],
    [
      "core/body.ts",
      " * void await store.write(",
      " * await store.write(",
      "DOC-008",
    ],
    ["docs/errors.md", "", "\n`write` gives back nothing.\n", "DOC-003"],
  ),
  ...plants(
    "F-15 (serving a store, and reading from a server) one way without a word of the other",
    [
      HTTP,
      "[`toResponse`](../extensions.md#transfer)",
      "`toResponse`",
      "DOC-006",
    ],
    [
      EXTENSIONS,
      "[the HTTP backend](./backends/http.md)",
      "the HTTP backend",
      "DOC-006",
    ],
    [
      HASHING,
      "These are three of the [extensions](./extensions.md).",
      "These are three of the extensions.",
      "DOC-006",
    ],
  ),
  ...plants(
    "F-16 (S3 with a signer, and with credentials) two ways that are called the same",
    [
      S3,
      "A URL ends with the credentials that sign it.",
      "Both support all capabilities except `ATOMIC_MOVE` and are fully interchangeable.",
      "DOC-005",
    ],
    [
      "backends/s3/credentials.ts",
      "/** Who signs: exactly one of both. */",
      "/** Who signs: one of both, which are interchangeable. */",
      "DOC-005",
    ],
    [
      "README.md",
      "",
      "\nA signer is a drop-in replacement for credentials.\n",
      "DOC-005",
    ],
  ),
];
