import { testBackend } from "../../conformance/mod.ts";
import { createStore } from "./account.ts";
import { ORIGIN } from "./origin.ts";
import { SKIPS } from "./skips.ts";

await testBackend("azure on Azurite", {
  test: Deno.test,
  create: () => createStore(ORIGIN, { blockSize: 1024 * 1024 }),
  namespace: "flat",
  closeIsTerminal: true,
  skip: SKIPS,
});
