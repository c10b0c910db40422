import { type Capability, Store } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { PassThrough } from "../mutants/pass_through.ts";
import { testHashing } from "./hashing_conformance.ts";

const { test } = Deno;
const memory = () => new Store({ backend: new MemoryBackend() });

testHashing("memory", { test, create: memory });
testHashing("child of memory", { test, create: () => memory().child("a/b") });
testHashing("proxy of memory", {
  test,
  create: () => new PassThrough(memory()),
});
testHashing("flat", {
  test,
  create: () => new Store({ backend: new FlatBackend() }),
  dispose: (store) => store.close(),
});

const BASIC: readonly Capability[] = ["read", "write"];
testHashing("basic flat", {
  test,
  create: () =>
    new Store({ backend: new FlatBackend({ capabilities: BASIC }) }),
  dispose: (store) => store.close(),
});
