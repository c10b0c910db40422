/**
 * What a page of the IndexedDB tests offers to the runner: `programs`, each called by
 * name with an argument that travels as JSON.
 *
 * @module
 */
import { audit } from "./audit.ts";
import { bench } from "./bench.ts";
import { workOn } from "./cleared.ts";
import { conformance } from "./conformance.ts";
import { fill } from "./full.ts";
import { existAtOnce, grow } from "./growth.ts";
import { endOfLarge, fillPrivate, readLarge, writeLarge } from "./large.ts";
import { ownTests } from "./own_tests.ts";
import { quickstart } from "./quickstart.ts";
import { churn, inspect } from "./survival.ts";
import {
  operations,
  race,
  upgradeUnder,
  uploadAcross,
  winners,
} from "./tabs.ts";
import { readVisited, writeVisited } from "./visits.ts";

/** The programs by name. */
export const programs = {
  audit,
  bench,
  churn,
  conformance,
  endOfLarge,
  existAtOnce,
  fill,
  fillPrivate,
  grow,
  inspect,
  operations,
  ownTests,
  quickstart,
  race,
  readLarge,
  readVisited,
  upgradeUnder,
  uploadAcross,
  winners,
  workOn,
  writeLarge,
  writeVisited,
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
