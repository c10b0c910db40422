/**
 * The contract as tests: what a backend has to do, for its author to run with any
 * test runner.
 *
 * The tests are made from a table of methods × parameters × states of a path, and
 * from tests written by hand. Each cell of the table is a point; what the backend
 * does not declare, it is tested to refuse. The last test's name says how many
 * points are covered.
 *
 * A test's name starts with the rules that it is about. The identifiers are those of
 * the Python library's specifications; `CAS-001` (`ifMatch` of writes), `CAS-002`
 * (creates without a race), `CAS-003` (conditions of reads), `UPL` (uploads in
 * parts), `NAME` (what other clients
 * have named) and `ABSENT` (a container that is not there) are this library's own,
 * and `Q` with a number is a question that its contract answers.
 *
 * @example Test a backend
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { testBackend } from "@remote-store/core/conformance";
 * import { assert } from "@std/assert";
 *
 * const names: string[] = [];
 * const report = await testBackend("memory", {
 *   // The runner's own: Deno.test, or test of node:test, bun:test, vitest.
 *   test: (name) => names.push(name),
 *   create: () => new Store({ backend: new MemoryBackend() }),
 *   namespace: "hierarchical",
 * });
 *
 * assert(names.at(-1)?.startsWith("conformance memory: "));
 * assert(report.allowed > 1000);
 * ```
 *
 * @module
 */

export type { Foreign, Namespace, Seed } from "./bench.ts";
export type { ConformanceReport, Skip } from "./report.ts";
export { type ConformanceOptions, testBackend } from "./suite.ts";
