import { AzureBackend } from "../../../backends/azure/mod.ts";
import { Store } from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { FakeAzure } from "../../fakes/azure/service.ts";
import { SKIPS } from "./skips.ts";

function open(service: FakeAzure, container: string): Store {
  const backend = new AzureBackend({
    container,
    hns: false,
    accountName: "fake",
    accountKey: btoa("key"),
    blockSize: 1024 * 1024,
    retry: { attempts: 1 },
    fetch: service.fetch,
  });
  return new Store({ backend });
}

let service = new FakeAzure();

await testBackend("azure on a fake", {
  test: Deno.test,
  create: () => {
    service = new FakeAzure();
    service.create("files");
    return open(service, "files");
  },
  // deno-lint-ignore require-await -- what fails has to reject
  async foreign(_store, name) {
    service.containers.get("files")?.put(name, {});
  },
  absent: () => open(new FakeAzure(), "gone"),
  namespace: "flat",
  closeIsTerminal: true,
  skip: SKIPS,
});
