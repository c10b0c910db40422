/**
 * What a page of the IndexedDB tests offers to the runner: `programs`, each called by
 * name with an argument that travels as JSON.
 *
 * @module
 */
import { audit } from "./audit.ts";
import { bench } from "./bench.ts";
import { conformance } from "./conformance.ts";
import { fill, large } from "./limits.ts";
import { ownTests } from "./own_tests.ts";
import { quickstart } from "./quickstart.ts";
import { churn, inspect } from "./survival.ts";
import { operations, race } from "./tabs.ts";

/** The programs by name. */
export const programs = {
  audit,
  bench,
  churn,
  conformance,
  fill,
  inspect,
  large,
  operations,
  ownTests,
  quickstart,
  race,
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
