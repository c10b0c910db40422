/**
 * What a page of the suites offers to the runner: `programs`, each called by name with an
 * argument that travels as JSON.
 *
 * @module
 */
import { runSuite as azure } from "../azure/suite.ts";
import { runSuite as hashing } from "../hashing/suite.ts";
import { runSuite as s3 } from "../s3/suite.ts";
import { cached } from "./cached.ts";
import { disposal } from "./disposal.ts";

/** The programs by name. */
export const programs = { azure, cached, disposal, hashing, s3 };

(globalThis as unknown as { programs: typeof programs }).programs = programs;
