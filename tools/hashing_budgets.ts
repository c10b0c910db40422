/**
 * Pure: what a bundle may weigh, and which words of a hash it must not or must hold.
 *
 * @module
 */

/** What an application bundles. */
export interface HashingBudget {
  /** What the report calls it. */
  readonly name: string;
  /** The application: its imports, by the package's own names, and what it uses. */
  readonly program: string;
  /** The most bytes, minified and gzipped. */
  readonly bytes: number;
  /** Words that must not be in it. */
  readonly without: readonly RegExp[];
  /** Words that must be in it: proof that the ones above would be found. */
  readonly with: readonly RegExp[];
}

/** Words that only the code of a hash holds; numbers as a minifier may print them. */
const WORDS: readonly RegExp[] = [
  /getBuiltinModule/,
  /createHash/,
  /DigestStream/,
  /crc64nvme/i,
  /sha-?384/i,
  /3988292384|0xedb88320/i,
  /2197175160|0x82f63b78/i,
];

const store = `import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
globalThis.store = new Store({ backend: new MemoryBackend() });
`;

/** A store without hashing, and with each extension. */
export const HASHING_BUDGETS: readonly HashingBudget[] = [
  {
    name: "no hash",
    program: store,
    bytes: 18_000,
    without: WORDS,
    with: [],
  },
  ...[["write", "writeWithHash"], ["streams", "HashStream"], [
    "integrity",
    "checksum",
  ]].map(([entry, name]): HashingBudget => ({
    name: `ext/${entry}`,
    program:
      `${store}import { ${name} } from "@remote-store/core/ext/${entry}";\nglobalThis.used = ${name};\n`,
    // With the real @std/crypto, whose WebAssembly is in the bundle and is loaded
    // only where nothing native is found.
    bytes: 120_000,
    without: [],
    with: WORDS,
  })),
];

/** Returns what is wrong with a bundle. */
export function hashingObjections(
  budget: HashingBudget,
  code: string,
  bytes: number,
): string[] {
  const found = budget.without.flatMap((word) => {
    const hit = word.exec(code)?.[0];
    return hit === undefined ? [] : [`it holds "${hit}" of a hash`];
  });
  const missing = budget.with.filter((word) => !word.test(code))
    .map((word) => `it lacks ${word}`);
  const heavy = bytes > budget.bytes
    ? [`${bytes - budget.bytes} bytes above ${budget.bytes}`]
    : [];
  return [...heavy, ...found, ...missing];
}
