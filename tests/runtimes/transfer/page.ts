/**
 * What the page of the Service Worker offers to the runner: `programs`.
 *
 * @module
 */
import { pixelOf } from "./picture.ts";
import { serving } from "./serving.ts";

/** The programs by name. */
export const programs = { pixelOf, serving };

(globalThis as unknown as { programs: typeof programs }).programs = programs;
