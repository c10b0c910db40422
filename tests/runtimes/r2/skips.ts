/**
 * Pure: what R2 does not do, so that no client can.
 *
 * @module
 */
import type { Skip } from "../../conformance/mod.ts";

/** The points of the contract that are left out, each with its reason. */
export const SKIPS: readonly Skip[] = [];
