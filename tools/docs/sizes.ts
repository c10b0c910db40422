/**
 * Pure: the table of sizes, from what the last run of `deno task size` measured.
 *
 * @module
 */
import { printTable } from "./markdown.ts";
import type { Files } from "./repository.ts";

/** A bundle that `deno task size` has measured. */
interface Size {
  readonly name: string;
  /** Bytes, minified and gzipped. */
  readonly bytes: number;
  readonly budget: number;
  /** The bytes that it comes on top of, and does not count. */
  readonly onTopOf: number;
}

/** Where `deno task size` writes. */
const SIZES_FILE = "docs/results/sizes.json";

/** What an application bundles. */
export function sizeTable(files: Files): string {
  const sizes: Size[] = JSON.parse(files.get(SIZES_FILE) ?? "[]");
  return printTable(
    ["What", "KiB, minified and gzipped", "Most", "Beside"],
    sizes.map((it) => [
      it.name,
      kib(it.bytes),
      kib(it.budget),
      it.onTopOf === 0 ? "–" : `a store of ${kib(it.onTopOf)}`,
    ]),
  );
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
