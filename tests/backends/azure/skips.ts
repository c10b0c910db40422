/**
 * Pure: what Azure does not do, so that no client can.
 *
 * @module
 */
import type { Skip } from "../../conformance/mod.ts";

/** The skips of a flat account. */
export const SKIPS: readonly Skip[] = [
  {
    test: "UPL-007",
    reason: "Azure has no call that discards blocks: they end within a week",
  },
  {
    test: "UPL-009",
    reason: "another writer's commit discards the blocks of all others",
  },
];
