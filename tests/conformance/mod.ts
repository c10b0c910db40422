/**
 * The contract as tests: what a backend has to do, for its author to run.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { testBackend } from "@remote-store/core/conformance";
 * import { assert } from "@std/assert";
 *
 * // `test` is the runner's own: Deno.test, or that of node:test, bun:test, vitest.
 * const names: string[] = [];
 * const report = await testBackend("memory", {
 *   test: (name) => names.push(name),
 *   create: () => new Store({ backend: new MemoryBackend() }),
 *   namespace: "hierarchical",
 * });
 *
 * assert(names.length > 100);
 * assert(report.allowed > 1000);
 * ```
 *
 * @module
 */

export type { Namespace, Seed } from "./bench.ts";
export type { ConformanceReport, Skip } from "./report.ts";
export { type ConformanceOptions, testBackend } from "./suite.ts";
