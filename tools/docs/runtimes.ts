/**
 * Pure: the table of runtimes, from what the last run of `deno task test:runtimes` came to.
 *
 * @module
 */
import {
  type CellResult,
  type Results,
  RESULTS_FILE,
} from "../../tests/runtimes/table/results.ts";
import { printTable, wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

const RUNTIMES: readonly (readonly [name: string, title: string])[] = [
  ["deno", "Deno"],
  ["node20", "Node 20"],
  ["node24", "Node 24"],
  ["bun", "Bun"],
  ["workerd", "workerd"],
  ["chromium", "Chromium"],
  ["firefox", "Firefox"],
  ["webkit", "WebKitGTK"],
];

const BACKENDS: readonly (readonly [name: string, title: string])[] = [
  ["memory", "Memory"],
  ["indexeddb", "IndexedDB"],
  ["s3", "S3 (Ceph)"],
  ["azure", "Azure (Azurite)"],
  ["http", "HTTP"],
];

/** How many tests passed in which runtime over which backend, and why some were left out. */
export function runtimeTable(files: Files): string {
  const results: Results = JSON.parse(files.get(RESULTS_FILE) ?? "{}");
  const reasons: string[] = [];
  const noteOf = (reason: string): string => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return `[${reasons.indexOf(reason) + 1}]`;
  };
  const cellOf = (result: CellResult | undefined): string => {
    if (result === undefined) return "not run";
    if ("without" in result) return `– ${noteOf(result.without)}`;
    const { passed, failed, skipped } = result;
    const notes = skipped.map(({ test, reason }) =>
      noteOf(`${reason} (${test})`)
    );
    const count = skipped.reduce((sum, { count }) => sum + count, 0);
    return [
      `${passed} passed`,
      ...failed === 0 ? [] : [`${failed} failed`],
      ...count === 0 ? [] : [`${count} skipped ${notes.join(" ")}`],
    ].join(", ");
  };
  const rows = RUNTIMES.map(([runtime, title]) => [
    versioned(results, runtime) ?? title,
    ...BACKENDS.map(([backend]) => cellOf(results[`${runtime} ${backend}`])),
  ]);
  const table = printTable(["", ...BACKENDS.map(([, title]) => title)], rows);
  const notes = reasons.map((reason, at) =>
    wrap(`- [${at + 1}] ${reason}`, "  ")
  );
  return [table, ...notes.length === 0 ? [] : [notes.join("\n")]].join("\n\n");
}

function versioned(results: Results, runtime: string): string | null {
  for (const [name, result] of Object.entries(results)) {
    if (name.startsWith(`${runtime} `) && "runtime" in result) {
      return result.runtime;
    }
  }
  return null;
}
