import { AzureBackend } from "../../../backends/azure/mod.ts";
import { Store } from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { FakeAzure } from "../../fakes/azure/service.ts";

await testBackend("azure on a fake", {
  test: Deno.test,
  create: () => {
    const service = new FakeAzure();
    service.create("files");
    const backend = new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      accountKey: btoa("key"),
      blockSize: 1024 * 1024,
      retry: { attempts: 1 },
      fetch: service.fetch,
    });
    return new Store({ backend });
  },
  namespace: "flat",
  closeIsTerminal: true,
});
