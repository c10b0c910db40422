// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";

/** What a service takes, and what the caller asks for. */
export interface UploadLimits {
  /** The size of the first parts, in bytes. */
  readonly partSize: number;
  /** How many parts are in flight at once. */
  readonly concurrency: number;
  /** The service's limit of parts. */
  readonly maxParts: number;
  /** The service's limit of one part, in bytes. */
  readonly maxPartSize: number;
  /** Whether all parts but the last must be of one size, as R2 wants them. */
  readonly equalParts?: boolean;
}

/** How content is cut: with the number of a part it says where the part lies, and nothing else does. */
export interface UploadPlan {
  /** The size of the first parts, in bytes. */
  readonly partSize: number;
  /** How many parts have that size; those behind them grow. */
  readonly equal: number;
  /** How many parts behind them have one size, until it doubles. */
  readonly step: number;
  /** The size of a part at most, in bytes. */
  readonly maxPartSize: number;
  /** How many parts there are at most. */
  readonly maxParts: number;
  /** How many parts of the first size are in flight at once; of larger ones fewer. */
  readonly concurrency: number;
  /** The size of the first buffer: most content is shorter than a part. */
  readonly firstBuffer: number;
}

const MIB = 1024 * 1024;

/** The first buffer where the size is not known, in bytes. */
const FIRST_BUFFER = 64 * 1024;

/** As long as content of unknown size has less than so much a part, its parts are equal. */
const EQUAL_BYTES_A_PART = 4 * MIB;

/** Into so many steps the parts of a service are divided. */
const STEPS = 100;

/**
 * Returns the plan for content. Of a known size all parts are equal, as large as the
 * service's number of parts needs. Of an unknown one they are equal up to half of that
 * number, and then double from step to step.
 *
 * @throws {InvalidArgumentError} If the size is known and does not fit: nothing is sent then.
 */
export function planUpload(
  size: number | null,
  limits: UploadLimits,
): UploadPlan {
  const { partSize, concurrency, maxParts, maxPartSize } = limits;
  const firstBuffer = size || FIRST_BUFFER;
  const needed = size === null ? partSize : Math.ceil(size / maxParts);
  if (needed > maxPartSize) {
    throw new InvalidArgumentError(
      `Cannot upload ${size} bytes: the service takes ${maxParts} parts of ${maxPartSize} bytes at most`,
    );
  }
  const grown = needed <= partSize ? partSize : Math.ceil(needed / MIB) * MIB;
  const share = Math.min(0.5, EQUAL_BYTES_A_PART / partSize);
  const grows = size === null && !limits.equalParts &&
    Number.isFinite(maxParts);
  return {
    partSize: Math.min(grown, maxPartSize),
    equal: grows ? Math.floor(maxParts * share) : maxParts,
    step: Math.ceil(maxParts / STEPS),
    maxPartSize,
    maxParts,
    concurrency,
    firstBuffer,
  };
}

/** Returns the length of a part, numbered from 1: of all but the last one. */
export function partLength(plan: UploadPlan, number: number): number {
  const { partSize, equal, step, maxPartSize } = plan;
  if (number <= equal) return partSize;
  return Math.min(partSize * 2 ** stepOf(number, equal, step), maxPartSize);
}

/** Returns where a part begins, in bytes. */
export function partOffset(plan: UploadPlan, number: number): number {
  const { partSize, equal, step } = plan;
  const before = number - 1;
  if (before <= equal) return before * partSize;
  let offset = equal * partSize;
  for (let from = equal + 1; from <= before; from += step) {
    offset += Math.min(step, before - from + 1) * partLength(plan, from);
  }
  return offset;
}

/** Returns the most bytes that the plan can carry. */
export function planReach(plan: UploadPlan): number {
  return partOffset(plan, plan.maxParts + 1);
}

/** Returns how many parts as large as this one may be in flight: no more bytes than at the start, or one part. */
export function partsInFlight(plan: UploadPlan, number: number): number {
  const { concurrency, partSize } = plan;
  const fit = Math.floor(concurrency * partSize / partLength(plan, number));
  return Math.max(1, fit);
}

// 1 for the first step behind the equal parts.
function stepOf(number: number, equal: number, step: number): number {
  return Math.floor((number - equal - 1) / step) + 1;
}
