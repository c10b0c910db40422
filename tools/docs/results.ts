/**
 * Tables of what was measured and run. The tasks that do so write the files in
 * `docs/results/`, which are committed.
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

/** What came of a backend in a runtime: numbers, or why it was not run. */
export interface RuntimeResult {
  readonly runtime: string;
  readonly backend: string;
  /** The version of the runtime, as far as it tells. */
  readonly version?: string;
  readonly passed?: number;
  readonly failed?: number;
  /** The tests that were left out, with the reason of each. */
  readonly skips?: readonly {
    readonly test: string;
    readonly reason: string;
  }[];
  /** Why nothing was run. */
  readonly reason?: string;
}

function read<T>(files: Files, path: string): readonly T[] {
  return JSON.parse(files.get(path) ?? "[]");
}

/** What an application bundles. */
export function sizeTable(files: Files): string {
  return printTable(
    ["What", "KiB, minified and gzipped", "Most", "Beside"],
    read<Size>(files, "docs/results/sizes.json").map((it) => [
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

/** The contract in each runtime over each backend: passed, failed, left out. */
export function runtimeTable(files: Files): string {
  const all = read<RuntimeResult>(files, RUNTIMES_FILE);
  const backends = [...new Set(all.map(({ backend }) => backend))];
  const runtimes = [...new Set(all.map(({ runtime }) => runtime))];
  const reasons: string[] = [];
  const numberOf = (reason: string) => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return reasons.indexOf(reason) + 1;
  };
  const cellOf = (runtime: string, backend: string): string => {
    const found = all.find((it) =>
      it.runtime === runtime && it.backend === backend
    );
    if (found === undefined) return "not run";
    const { passed, failed, skips = [], reason } = found;
    if (passed === undefined) return `– (${numberOf(reason ?? "")})`;
    const notes = new Set(
      skips.map((it) => numberOf(`${it.test}: ${it.reason}`)),
    );
    const left = skips.length === 0
      ? ""
      : `, ${skips.length} left out (${[...notes].join(", ")})`;
    return `${passed} passed${failed ? `, ${failed} FAILED` : ""}${left}`;
  };
  const table = printTable(
    ["Runtime", ...backends],
    runtimes.map((runtime) => [
      runtime,
      ...backends.map((backend) => cellOf(runtime, backend)),
    ]),
  );
  const notes = reasons.map((reason, i) => `${i + 1}. ${reason}`).join("\n");
  return notes === "" ? table : `${table}\n\n${notes}`;
}

/** Where `deno task test:runtimes` writes. */
export const RUNTIMES_FILE = "docs/results/runtimes.json";
