/**
 * What a page of the table offers to the runner: `programs`.
 *
 * @module
 */
import { runSuite } from "./suite.ts";

/** The programs by name. */
export const programs = { runSuite };

(globalThis as unknown as { programs: typeof programs }).programs = programs;
