import { SKIPS } from "../backends/azure/skips.ts";
import { testBackend } from "../conformance/mod.ts";
import { azurePage } from "../ext/sign_azure_fixture.ts";

await testBackend("azure, a page that a handler signs for, uploads end: page", {
  test: Deno.test,
  create: () => azurePage("page"),
  namespace: "flat",
  closeIsTerminal: true,
  skip: SKIPS,
});
