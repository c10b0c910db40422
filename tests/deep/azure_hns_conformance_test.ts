import { AzureBackend } from "../../backends/azure/mod.ts";
import { Store } from "../../mod.ts";
import { testBackend } from "../conformance/mod.ts";
import { FakeDataLake } from "../fakes/azure_dfs/service.ts";

function open(service: FakeDataLake): Store {
  const backend = new AzureBackend({
    container: "files",
    hns: true,
    accountName: "fake",
    accountKey: btoa("key"),
    blockSize: 1024 * 1024,
    retry: { attempts: 1 },
    fetch: service.fetch,
  });
  return new Store({ backend });
}

await testBackend("azure with hns on a fake", {
  test: Deno.test,
  create: () => {
    const service = new FakeDataLake();
    service.create("files");
    return open(service);
  },
  absent: () => open(new FakeDataLake()),
  namespace: "hierarchical",
  closeIsTerminal: true,
});
