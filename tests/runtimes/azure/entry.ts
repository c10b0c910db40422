/**
 * What is bundled for the runtimes.
 *
 * @module
 */
export { runSuite } from "./suite.ts";
export { upload } from "./upload.ts";
