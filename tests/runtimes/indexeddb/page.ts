/**
 * What a page of the IndexedDB tests offers to the runner: `programs`, each called by
 * name with an argument that travels as JSON.
 *
 * @module
 */
import { bench } from "./bench.ts";
import { conformance } from "./conformance.ts";

/** The programs by name. */
export const programs = { bench, conformance };

(globalThis as unknown as { programs: typeof programs }).programs = programs;
