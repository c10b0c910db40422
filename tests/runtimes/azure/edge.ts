/**
 * The Worker that runs the suite on an emulator.
 *
 * @module
 */
import { isolateOf } from "../isolate.ts";
import { EMULATOR, openEmulator } from "./suite.ts";

export default {
  fetch: isolateOf("azure", async (origin: string) => ({
    ...EMULATOR,
    store: await openEmulator(origin),
  })),
};
