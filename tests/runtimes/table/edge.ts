/**
 * The Worker that runs the suite over one backend.
 *
 * @module
 */
import { isolateOf } from "../isolate.ts";
import { openCell } from "./suite.ts";

export default { fetch: isolateOf("table", openCell) };
