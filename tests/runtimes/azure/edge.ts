/**
 * The Worker that runs the suite on an emulator.
 *
 * @module
 */
import { isolateOf } from "../isolate.ts";
import { SKIPS } from "../../live/azure/skips.ts";
import { openEmulator } from "./suite.ts";

export default {
  fetch: isolateOf("azure", async (origin: string) => ({
    store: await openEmulator(origin),
    namespace: "flat",
    skip: SKIPS,
  })),
};
