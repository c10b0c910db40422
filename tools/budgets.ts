/**
 * Pure: what a bundle may weigh and hold.
 *
 * @module
 */

/** What an application bundles for one backend or one extension. */
export interface Budget {
  /** What the report calls it. */
  readonly name: string;
  /** The application: its imports, by the package's own names, and what it uses. */
  readonly program: string;
  /** The most bytes, minified and gzipped. */
  readonly bytes: number;
  /** What was aimed at, where that is less. */
  readonly aim?: number;
  /** The modules that are taken out, to see what the rest weighs. */
  readonly emptied?: readonly string[];
  /** The program whose bytes do not count: what the application has anyway. */
  readonly onTopOf?: string;
  /** The modules of extensions that it may hold; it has to hold one. */
  readonly modules?: RegExp;
  /** Words of what it does not import, which must not be in it. */
  readonly without: readonly RegExp[];
  /** Words that must be in it: the proof that they are found where they are. */
  readonly holds?: readonly RegExp[];
}

const WORDS = {
  s3: /x-amz-|AWS4-HMAC/,
  azure: /x-ms-/,
  indexeddb: /IDBKeyRange|versionchange/,
  r2: /etagDoesNotMatch/,
  hash: /getBuiltinModule|createHash|DigestStream/,
} as const;

/** What only signed URLs need: a page that never presigns does not carry it. */
const SIGNED_URLS = /X-Amz-Signature/;

function foreignTo(own: keyof typeof WORDS | null): RegExp[] {
  return Object.entries(WORDS).flatMap(([name, word]) =>
    name === own ? [] : [word]
  );
}

function storeOver(entry: string, backend: string): string {
  return `import { Store } from "@remote-store/core";
import { ${backend} } from "@remote-store/core/backends/${entry}";
globalThis.store = new Store({ backend: new ${backend}(globalThis.options) });
`;
}

/** What a put or a get does not enter, by folder: the rest is what an aim is about. */
const NOT_ENTERED: Readonly<Record<string, readonly string[]>> = {
  core: [
    "atomic_writer",
    "blob",
    "deleting",
    "deleting_many",
    "for_each",
    "glob",
    "iterating",
    "listing",
    "moving",
    "open_upload",
    "probing",
    "subfolders",
    "uploading",
    "walking",
  ],
  "backends/azure": [
    "batch",
    "copying",
    "deleting",
    "dfs",
    "draft",
    "hns",
    "listing",
    "presigning",
    "sas",
    "uploads",
  ],
  "backends/indexeddb": ["listing"],
  "backends/s3": ["copying", "deleting", "listing", "uploads"],
};

function putAndGet(
  entry: "azure" | "indexeddb" | "s3",
  backend: string,
  bytes: number,
  aim: number,
): Budget {
  return {
    name: `${entry}, put and get`,
    program: storeOver(entry, backend),
    emptied: ["core", `backends/${entry}`].flatMap((folder) =>
      (NOT_ENTERED[folder] ?? []).map((name) => `${folder}/${name}.ts`)
    ),
    aim,
    bytes,
    without: foreignTo(entry),
  };
}

/** Returns a module that has all the names of another one, and nothing behind them. */
export function emptied(source: string): string {
  const names = source.matchAll(
    /^export (?:async )?(?:function\*?|class|const) (\w+)/gm,
  );
  return Array.from(names, ([, name]) => `export const ${name} = null;\n`)
    .join("");
}

// With everything that the core exports: what an extension uses of it is the core's.
const CORE = `import * as core from "@remote-store/core";
globalThis.core = core;
`;

/** What is made of the base that stands in a folder of its own. */
const PROXIES = ["cache", "observe", "proxy"];

/** The folders of extensions, where they are not their own alone. */
const FOLDERS: Readonly<Record<string, string>> = {
  batch: "(?:batch|transfer)",
};
const REMOTE = `import { Store } from "@remote-store/core";
import { RemoteS3Backend, remoteSigner } from "@remote-store/core/backends/s3-remote";
globalThis.store = new Store({
  backend: new RemoteS3Backend({
    ...globalThis.options,
    signer: remoteSigner("/sign"),
  }),
});
`;

const SIGNS = `import * as core from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
globalThis.all = [core, S3Backend];
`;

/**
 * What is above the 3,000 bytes of all others: by the core's growth, or as two tabs, a torn
 * token and a lost network are more than a third of it (`resume`).
 */
const GROWN: Readonly<Record<string, number>> = {
  cache: 3300,
  observe: 3330,
  resume: 5425,
};

function limitOf(entry: string): Pick<Budget, "aim" | "bytes"> {
  const grown = GROWN[entry];
  return grown === undefined ? { bytes: 3000 } : { bytes: grown, aim: 3000 };
}

function extension(entry: string, ...names: string[]): Budget {
  const path = `@remote-store/core/ext/${entry.replace("_", "-")}`;
  const folder = entry.replace("web_", "");
  const folders = PROXIES.includes(entry)
    ? `(?:${folder}|proxy)`
    : FOLDERS[entry] ?? folder;
  return {
    name: `ext/${entry}`,
    program: `${CORE}import { ${names} } from "${path}";
globalThis.all = [${names}];
`,
    onTopOf: CORE,
    ...limitOf(entry),
    modules: new RegExp(`^ext/(?:_${folders}/.*|${entry})\\.ts$`),
    without: foreignTo(null),
  };
}

function hashing(entry: string, name: string): Budget {
  return {
    name: `ext/${entry}`,
    program: `import { Store } from "@remote-store/core";
import { ${name} } from "@remote-store/core/ext/${entry}";
globalThis.all = [Store, ${name}];
`,
    // With room for the WebAssembly of the real @std/crypto, which is in the bundle and
    // runs only where nothing native is found.
    bytes: 120_000,
    modules: new RegExp(`^ext/(?:_digest/.*|${entry})\\.ts$`),
    without: foreignTo("hash"),
    holds: WORDS.hash.source.split("|").map((word) => new RegExp(word)),
  };
}

// Digests have rows of their own: what decides by them is weighed on top of them.
const DIGESTS =
  `${CORE}import * as digests from "@remote-store/core/ext/integrity";
globalThis.digests = digests;
`;

/** The folders of other extensions that `sync` is made of. */
const SYNC_MODULES =
  /^ext\/(?:_(?:digest|sync)\/.*|_transfer\/carried|integrity|sync)\.ts$/;

/**
 * A row for each backend and each extension, and what a backend weighs without the modules
 * that a put or a get does not enter. That is above the aim too (docs/adr/0013): these
 * rows keep what is there from growing.
 */
export const BUDGETS: readonly Budget[] = [
  {
    name: "core",
    program:
      `import { Store } from "@remote-store/core";\nglobalThis.Store = Store;\n`,
    bytes: 20_730,
    aim: 13_500,
    without: foreignTo(null),
  },
  {
    name: "azure",
    program: storeOver("azure", "AzureBackend"),
    bytes: 50_125,
    aim: 30_000,
    without: foreignTo("azure"),
  },
  {
    name: "indexeddb",
    program: storeOver("indexeddb", "IndexedDBBackend"),
    bytes: 31_085,
    aim: 21_000,
    without: foreignTo("indexeddb"),
  },
  {
    name: "r2",
    program: storeOver("r2", "R2Backend"),
    bytes: 29_955,
    without: foreignTo("r2"),
  },
  {
    name: "s3",
    program: storeOver("s3", "S3Backend"),
    bytes: 52_190,
    aim: 32_000,
    without: [...foreignTo("s3"), SIGNED_URLS],
  },
  {
    name: "s3, a page without a secret",
    program: REMOTE,
    bytes: 51_770,
    aim: 31_000,
    // Nothing that signs: no constants of SHA-256, either.
    without: [...foreignTo("s3"), /AWS4-HMAC|cbrt/],
  },
  putAndGet("azure", "AzureBackend", 35_860, 14_000),
  putAndGet("indexeddb", "IndexedDBBackend", 22_955, 11_000),
  putAndGet("s3", "S3Backend", 38_775, 14_000),
  extension(
    "batch",
    "batchCopy",
    "batchDelete",
    "batchDownload",
    "batchExists",
    "batchUpload",
    "copyFolder",
    "moveFolder",
  ),
  extension("cache", "cache", "CachedStore", "MemoryCache"),
  extension("content_type", "contentTypeOf"),
  // Runs on a server or in a terminal, where nobody counts.
  { ...extension("cors", "diagnoseCors"), bytes: 5000, without: [WORDS.hash] },
  extension("glob", "globFiles"),
  extension("observe", "BufferedObserver", "observe", "ObservedStore"),
  extension("otel", "otelHooks"),
  extension("pages", "listPage"),
  extension(
    "partition",
    "hivePath",
    "parseHivePath",
    "parsePartition",
    "partitionPath",
  ),
  extension("proxy", "ProxyStore"),
  extension("ranges", "readRanges"),
  extension("resume", "discardUpload", "pendingUploads", "resumableUpload"),
  {
    name: "ext/sign",
    program:
      `${SIGNS}import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { signHandler } from "@remote-store/core/ext/sign";
globalThis.more = [s3Signing, signHandler];
`,
    onTopOf: SIGNS,
    bytes: 14_140,
    modules: /^ext\/(?:_sign\/.*|sign)\.ts$/,
    without: [WORDS.indexeddb, WORDS.hash],
  },
  {
    name: "ext/sync",
    program: `${DIGESTS}import { sync } from "@remote-store/core/ext/sync";
globalThis.sync = sync;
`,
    onTopOf: DIGESTS,
    bytes: 3000,
    modules: SYNC_MODULES,
    without: foreignTo("hash"),
  },
  extension(
    "transfer",
    "download",
    "openResponse",
    "statusOf",
    "toResponse",
    "transfer",
    "upload",
  ),
  extension("web_cache", "WebCache"),
  hashing("write", "writeWithHash"),
  hashing("streams", "HashStream"),
  hashing("integrity", "checksum"),
];

/** Returns the modules of extensions in a bundle that is not minified. */
export function modulesIn(code: string): string[] {
  return [...code.matchAll(/^\s*\/\/ (ext\/\S+\.ts)$/gm)]
    .map(([, module = ""]) => module);
}

/** Returns what is wrong with a bundle. */
export function objections(
  { bytes: limit, without, holds = [], modules }: Budget,
  code: string,
  bytes: number,
  found: readonly string[] = [],
): string[] {
  const wrong = bytes > limit ? [`${bytes - limit} bytes above ${limit}`] : [];
  for (const word of without) {
    const hit = word.exec(code)?.[0];
    if (hit === undefined) continue;
    wrong.push(`it holds "${hit}", which it does not import`);
  }
  for (const word of holds) {
    if (!word.test(code)) wrong.push(`it lacks ${word}`);
  }
  if (modules === undefined) return wrong;
  if (!found.some((module) => modules.test(module))) {
    wrong.push("no module of it was found");
  }
  for (const module of found) {
    if (!modules.test(module)) {
      wrong.push(`it holds ${module}, which it does not import`);
    }
  }
  return wrong;
}
