/**
 * Further mistakes, in forms that the first checks did not notice: in words, in tables,
 * in commands, in modules of HTML, in tags of comments.
 *
 * @module
 */
import type { Plant } from "./plants.ts";

type Row = readonly [
  kind: string,
  rule: string,
  path: string,
  put: string,
  find?: string,
];

const ROWS: readonly Row[] = [
  [
    "a result in words that is another: a boolean",
    "DOC-003",
    "docs/errors.md",
    "\n`store.copy` resolves to a boolean.\n",
  ],
  [
    "a result in the third column of a table",
    "DOC-003",
    "docs/writing-a-backend.md",
    "\n| Method | Takes | Returns |\n| --- | --- | --- |\n| `write` | key, body, request | `void` |\n",
  ],
  [
    "a result in words that is another: a number",
    "DOC-003",
    "docs/listing-and-deleting.md",
    "\n`deleteMany` returns the number of deleted files.\n",
  ],
  [
    "a result of another type",
    "DOC-003",
    "docs/reading-and-writing.md",
    "\n`getFileInfo` returns a `WriteResult`.\n",
  ],
  [
    "an option in a call in words",
    "DOC-011",
    "docs/recipes.md",
    "\nGive `write(path, content, { overwite: true })`.\n",
  ],
  [
    "an option that another method has",
    "DOC-011",
    "docs/recipes.md",
    "\n`deleteMany` takes `ifMatch`.\n",
  ],
  [
    "a default in words, with a unit",
    "DOC-011",
    "docs/backends/s3.md",
    "\n`partSize` is 16 MiB by default.\n",
  ],
  [
    "a default in parentheses",
    "DOC-011",
    "docs/backends/s3.md",
    "\n`concurrency` (default: `8`) is how many parts are in flight.\n",
  ],
  [
    "a capability that a backend does not declare",
    "DOC-011",
    "docs/backends/r2.md",
    "\nR2 declares `PRESIGN`.\n",
  ],
  [
    "a capability that is denied and declared",
    "DOC-011",
    "docs/backends/indexeddb.md",
    "\nIndexedDB has no `CONDITIONAL_WRITE`.\n",
  ],
  [
    "how many extensions there are",
    "DOC-011",
    "docs/extensions.md",
    "\nThere are seventeen extensions.\n",
  ],
  [
    "a list of backends in words",
    "DOC-011",
    "README.md",
    "\nThe backends are Memory, S3, Azure and HTTP.\n",
  ],
  [
    "an entry that has another name",
    "DOC-011",
    "docs/hashing.md",
    "\n`HashStream` is in `@remote-store/core/ext/integrity`.\n",
  ],
  [
    "an import in a snippet that does not run",
    "DOC-007",
    "docs/install.md",
    'import { IndexedDbBackend } from "@remote-store/core/backends/indexeddb";\n\nconst store = new Store({ backend: new IndexedDbBackend() });\nconst note',
    'import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";\n\nconst store = new Store({ backend: new IndexedDBBackend() });\nconst note',
  ],
  [
    "an import in a module of HTML",
    "DOC-007",
    "docs/install.md",
    'import { IndexedDB } from "@remote-store/core/backends/indexeddb";\n\nconst store = new Store({ backend: new IndexedDB() });\nconst { size }',
    'import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";\n\nconst store = new Store({ backend: new IndexedDBBackend() });\nconst { size }',
  ],
  [
    "an entry that is none, in an example's snippet",
    "DOC-007",
    "examples/worker/README.md",
    "@remote-store/core/backends/s3remote",
    "@remote-store/core/backends/s3-remote",
  ],
  [
    "every method on every backend",
    "DOC-005",
    "docs/backends/azure.md",
    "\nEvery method works on every backend.\n",
  ],
  [
    "nothing that it cannot do",
    "DOC-005",
    "docs/backends/memory.md",
    "\nThere is nothing that Memory cannot do.\n",
  ],
  [
    "results dropped in a list of promises",
    "DOC-008",
    "docs/errors.md",
    '\n```ts\nimport { Store } from "@remote-store/core";\nimport { MemoryBackend } from "@remote-store/core/backends/memory";\n\nconst store = new Store({ backend: new MemoryBackend() });\nawait Promise.all([store.write("a", "A"), store.write("b", "B")]);\n```\n',
  ],
  [
    "a result dropped without waiting",
    "DOC-008",
    "docs/errors.md",
    '\n```ts\nimport { Store } from "@remote-store/core";\nimport { MemoryBackend } from "@remote-store/core/backends/memory";\n\nconst store = new Store({ backend: new MemoryBackend() });\nstore.write("a", "A").catch(() => {});\n```\n',
  ],
  [
    "the result of an upload dropped",
    "DOC-008",
    "docs/errors.md",
    '\n```ts\nimport { Store } from "@remote-store/core";\nimport { MemoryBackend } from "@remote-store/core/backends/memory";\nimport { resumableUpload } from "@remote-store/core/ext/resume";\n\nconst store = new Store({ backend: new MemoryBackend() });\nawait resumableUpload(store, new Blob(["a"]), "a");\n```\n',
  ],
  [
    "an error that a call does not throw",
    "DOC-011",
    "docs/errors.md",
    "\n`readText` of an absent file throws `AlreadyExistsError`.\n",
  ],
  [
    "a code that no error has",
    "DOC-011",
    "docs/errors.md",
    '\nBranch on `error.code === "Missing"`.\n',
  ],
  [
    "two ways that are said to behave identically",
    "DOC-005",
    "docs/backends/s3.md",
    "\nBoth behave identically.\n",
  ],
  [
    "a backend that is said to be swapped for any other",
    "DOC-005",
    "README.md",
    "\nAny backend can be swapped for any other without a change.\n",
  ],
  [
    "a task in a command",
    "DOC-012",
    "README.md",
    "\n```sh\ndeno task demo:site\n```\n",
  ],
  [
    "a package in a command",
    "DOC-012",
    "README.md",
    "\n```sh\nnpm install @remote-store/s3\n```\n",
  ],
  [
    "a flag in a command",
    "DOC-012",
    "docs/extensions.md",
    "\n```sh\ndeno task cors s3 --buckets=photos\n```\n",
  ],
  [
    "an older Node than is tested",
    "DOC-012",
    "docs/install.md",
    "Node 18 and newer. In",
    "Node 20 and newer. In",
  ],
  [
    "an error in a tag",
    "DOC-013",
    "ext/glob.ts",
    "@throws {GlobError} If the pattern is none.\n *\n * @module\n */",
    "@module\n */",
  ],
  [
    "a default in a tag",
    "DOC-013",
    "ext/pages.ts",
    "@default {1000}",
    "@default {100}",
  ],
  [
    "a parameter in a tag",
    "DOC-013",
    "ext/pages.ts",
    " * @param limit How many.\n * Lists one page of files.",
    " * Lists one page of files.",
  ],
  [
    "the number of a decision",
    "DOC-012",
    "docs/errors.md",
    "\nSee ADR-0199.\n",
  ],
  [
    "a link in HTML",
    "DOC-006",
    "docs/errors.md",
    '\n<a href="./nowhere.md">here</a>\n',
  ],
  [
    "a method of one word",
    "DOC-011",
    "docs/errors.md",
    "\nCall `store.rename` for it.\n",
  ],
  [
    "an option of one word",
    "DOC-011",
    "docs/errors.md",
    "\nThe option `timeout` ends the call.\n",
  ],
];

/** All of them. */
export const FURTHER_PLANTS: readonly Plant[] = ROWS.map(
  ([kind, rule, path, put, find = ""]) => ({
    kind,
    form: "further",
    path,
    find,
    put,
    rule,
  }),
);
