/**
 * The Worker that runs the suite on its own bucket.
 *
 * @module
 */
import { R2Backend, type R2BucketBinding } from "../../../backends/r2/mod.ts";
import { Store } from "../../../mod.ts";
import { isolateOf } from "../isolate.ts";
import { SKIPS } from "./skips.ts";

/** The Worker's bindings. */
export interface Env {
  readonly BUCKET: R2BucketBinding;
}

export default {
  fetch: isolateOf("r2", (_: null, { BUCKET: bucket }: Env) => ({
    store: new Store({ backend: new R2Backend({ bucket }) }),
    namespace: "flat",
    async foreign(store, name) {
      const root = store.nativePath("");
      await bucket.put(`${root}/${name}`, new Uint8Array(0));
    },
    skip: SKIPS,
  })),
};
