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
  /** Words of what it does not import, which must not be in it. */
  readonly without: readonly RegExp[];
  /** Words that must be in it: the proof that they are found where they are. */
  readonly holds?: readonly RegExp[];
}

const WORDS = {
  s3: /x-amz-|AWS4-HMAC/,
  azure: /x-ms-/,
  indexeddb: /IDBKeyRange|versionchange/,
  hash: /getBuiltinModule|createHash|DigestStream/,
} as const;

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
    without: foreignTo("hash"),
    holds: WORDS.hash.source.split("|").map((word) => new RegExp(word)),
  };
}

/**
 * A row for each backend and each extension that hashes. What was aimed at is 14,000
 * bytes with S3 or Azure and 11,000 with IndexedDB, which the put and get path alone is
 * above (docs/adr/0013): these rows keep what is there from growing.
 */
export const BUDGETS: readonly Budget[] = [
  {
    name: "core",
    program:
      `import { Store } from "@remote-store/core";\nglobalThis.Store = Store;\n`,
    bytes: 14_500,
    without: foreignTo(null),
  },
  {
    name: "azure",
    program: storeOver("azure", "AzureBackend"),
    bytes: 32_300,
    without: foreignTo("azure"),
  },
  {
    name: "indexeddb",
    program: storeOver("indexeddb", "IndexedDBBackend"),
    bytes: 21_000,
    without: foreignTo("indexeddb"),
  },
  {
    name: "s3",
    program: storeOver("s3", "S3Backend"),
    bytes: 33_700,
    without: foreignTo("s3"),
  },
  hashing("write", "writeWithHash"),
  hashing("streams", "HashStream"),
  hashing("integrity", "checksum"),
];

/** Returns what is wrong with a bundle. */
export function objections(
  { bytes: limit, without, holds = [] }: Budget,
  code: string,
  bytes: number,
): string[] {
  const found = without.flatMap((word) => {
    const hit = word.exec(code)?.[0];
    return hit === undefined
      ? []
      : [`it holds "${hit}", which it does not import`];
  });
  for (const word of holds) {
    if (!word.test(code)) found.push(`it lacks ${word}`);
  }
  if (bytes > limit) found.unshift(`${bytes - limit} bytes above ${limit}`);
  return found;
}
