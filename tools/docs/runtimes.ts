/**
 * Pure: the tables of runtimes, from what the last runs of `deno task test:runtimes` and of
 * `deno task test:pages` came to.
 *
 * @module
 */
import {
  type CellResult,
  PAGES_FILE,
  type Results,
  RESULTS_FILE,
} from "../../tests/runtimes/table/results.ts";
import { printTable, wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

type Named = readonly (readonly [name: string, title: string])[];

const RUNTIMES: Named = [
  ["deno", "Deno"],
  ["node20", "Node 20"],
  ["node24", "Node 24"],
  ["bun", "Bun"],
  ["workerd", "workerd"],
  ["chromium", "Chromium"],
  ["firefox", "Firefox"],
  ["webkit", "WebKitGTK"],
];

const BACKENDS: Named = [
  ["memory", "Memory"],
  ["indexeddb", "IndexedDB"],
  ["s3", "S3 (Ceph)"],
  ["azure", "Azure (Azurite)"],
  ["http", "HTTP"],
];

const PAGES: Named = [
  ["deno", "Deno"],
  ["chromium", "Chromium"],
  ["firefox", "Firefox"],
];

const HANDLERS: Named = [
  ["process", "in the page's own process"],
  ["http", "Deno"],
  ["workerd", "workerd"],
];

const ENDS: Named = [["page", "the page"], ["here", "the handler"]];

const SERVICES: Named = [
  ["fake", "S3 (strict fake)"],
  ["ceph", "S3 (Ceph)"],
  ["azurite", "Azure (Azurite)"],
];

/** How many tests passed in which runtime over which backend, and why some were left out. */
export function runtimeTable(files: Files): string {
  const results: Results = JSON.parse(files.get(RESULTS_FILE) ?? "{}");
  const cells = new Cells();
  const rows = RUNTIMES.map(([runtime, title]) => [
    versioned(results, runtime) ?? title,
    ...BACKENDS.map(([backend]) => cells.of(results[`${runtime} ${backend}`])),
  ]);
  return cells.print(["", ...titlesOf(BACKENDS)], rows);
}

/** The same for a page without a secret: its handler, who ends uploads, its service. */
export function pageTable(files: Files): string {
  const results: Results = JSON.parse(files.get(PAGES_FILE) ?? "{}");
  const cells = new Cells();
  const rows = PAGES.flatMap(([page, pageTitle]) =>
    HANDLERS.flatMap(([handler, handlerTitle]) => {
      // A page of a browser has no handler in its own process.
      if (page !== "deno" && handler === "process") return [];
      return ENDS.map(([ends, endTitle]) => [
        ...[pageTitle, handlerTitle, endTitle],
        ...SERVICES.map(([service]) =>
          cells.of(results[`${page} > ${handler} > ${service}, ends: ${ends}`])
        ),
      ]);
    })
  );
  const head = ["Page", "Handler", "Uploads are ended by"];
  return cells.print([...head, ...titlesOf(SERVICES)], rows);
}

/** Cells of one table, whose reasons are told once below it. */
class Cells {
  readonly #reasons: string[] = [];

  of(result: CellResult | undefined): string {
    if (result === undefined) return "not run";
    if ("without" in result) return `– ${this.#noteOf(result.without)}`;
    const { passed, failed, skipped } = result;
    const tests = Map.groupBy(skipped, ({ reason }) => reason);
    const notes = [...tests].map(([reason, all]) =>
      this.#noteOf(`${reason} (${all.map(({ test }) => test).join("; ")})`)
    );
    const count = skipped.reduce((sum, { count }) => sum + count, 0);
    return [
      `${passed} passed`,
      ...failed === 0 ? [] : [`${failed} failed`],
      ...count === 0 ? [] : [`${count} skipped ${notes.join(" ")}`],
    ].join(", ");
  }

  print(head: readonly string[], rows: readonly string[][]): string {
    const table = printTable(head, rows);
    const notes = this.#reasons.map((reason, at) =>
      wrap(`- [${at + 1}] ${reason}`, "  ")
    );
    return [table, ...notes.length === 0 ? [] : [notes.join("\n")]].join(
      "\n\n",
    );
  }

  #noteOf(reason: string): string {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
    return `[${this.#reasons.indexOf(reason) + 1}]`;
  }
}

function titlesOf(named: Named): string[] {
  return named.map(([, title]) => title);
}

function versioned(results: Results, runtime: string): string | null {
  for (const [name, result] of Object.entries(results)) {
    if (name.startsWith(`${runtime} `) && "runtime" in result) {
      return result.runtime;
    }
  }
  return null;
}
