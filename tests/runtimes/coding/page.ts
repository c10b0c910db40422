/**
 * What the page of another origin offers to the runner: `programs`.
 *
 * @module
 */
import { readAll, type Readings } from "./readings.ts";

/** The programs by name. */
export const programs = {
  readAll: (
    { origin, coded }: { origin: string; coded: readonly number[] },
  ): Promise<Readings> => readAll(origin, Uint8Array.from(coded)),
};

(globalThis as unknown as { programs: typeof programs }).programs = programs;
