import { Store } from "@remote-store/core";
import { testBackend } from "@remote-store/core/conformance";
import { MapBackend } from "../../examples/map_backend.ts";

await testBackend("map", {
  test: Deno.test,
  create: () => new Store({ backend: new MapBackend(new Map()) }),
  namespace: "flat",
});
