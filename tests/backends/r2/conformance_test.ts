import { R2Backend } from "../../../backends/r2/mod.ts";
import { Store } from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { FakeR2 } from "../../fakes/r2/bucket.ts";

const create = () =>
  new Store({ backend: new R2Backend({ bucket: new FakeR2() }) });

await testBackend("r2 on a fake", {
  test: Deno.test,
  create,
  namespace: "flat",
  closeIsTerminal: true,
});
