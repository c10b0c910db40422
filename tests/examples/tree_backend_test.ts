import { Store } from "@remote-store/core";
import { testBackend } from "@remote-store/core/conformance";
import { TreeBackend } from "../../examples/tree_backend.ts";

await testBackend("tree", {
  test: Deno.test,
  create: () => new Store({ backend: new TreeBackend(new Map()) }),
  namespace: "hierarchical",
});
