/**
 * Pure: what a bundle may weigh and hold.
 *
 * @module
 */

/** What an application bundles for one backend. */
export interface Budget {
  /** What the report calls it. */
  readonly name: string;
  /** The application: its imports, by the package's own names, and what it uses. */
  readonly program: string;
  /** The most bytes, minified and gzipped. */
  readonly bytes: number;
  /** Words of other backends, which must not be in it. */
  readonly without: readonly RegExp[];
}

const WORDS = {
  s3: /x-amz-|AWS4-HMAC/,
  azure: /x-ms-/,
  indexeddb: /IDBKeyRange|versionchange/,
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

/** A row for each backend. */
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
    bytes: 31_000,
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
    bytes: 30_000,
    without: foreignTo("s3"),
  },
];

/** Returns what is wrong with a bundle. */
export function objections(
  { bytes: limit, without }: Budget,
  code: string,
  bytes: number,
): string[] {
  const found = without.flatMap((word) => {
    const hit = word.exec(code)?.[0];
    return hit === undefined ? [] : [`it holds "${hit}" of another backend`];
  });
  if (bytes > limit) found.unshift(`${bytes - limit} bytes above ${limit}`);
  return found;
}
