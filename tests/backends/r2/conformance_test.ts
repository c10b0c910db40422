import { R2Backend, type R2BucketBinding } from "../../../backends/r2/mod.ts";
import { Store } from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { FakeR2 } from "../../fakes/r2/bucket.ts";
import { numbered, withFaults } from "./setup.ts";

const open = (bucket: R2BucketBinding) =>
  new Store({ backend: new R2Backend({ bucket }) });

let fake = new FakeR2();

await testBackend("r2 on a fake", {
  test: Deno.test,
  create: () => open(fake = new FakeR2()),
  async foreign(_store, name) {
    await fake.put(name, new Uint8Array(0));
  },
  // A binding whose bucket was deleted since the Worker was deployed.
  absent: () => open(withFaults(new FakeR2(), () => numbered(10006))),
  namespace: "flat",
  closeIsTerminal: true,
});
