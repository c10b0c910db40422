/**
 * The Worker that runs the suite on a place.
 *
 * @module
 */
import { isolateOf } from "../isolate.ts";
import { openStore, type Place, tellOf } from "./suite.ts";

export default {
  fetch: isolateOf("s3", (place: Place) => ({
    ...tellOf(place),
    store: openStore(place),
  })),
};
