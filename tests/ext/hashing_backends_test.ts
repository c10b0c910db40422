import { RetryPolicy, Store } from "../../mod.ts";
import { AzureBackend } from "../../backends/azure/mod.ts";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
import * as fake from "fake-indexeddb";
import { testHashing } from "./hashing_conformance.ts";

const { test } = Deno;
const MIB = 1024 * 1024;

function s3(): Store {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    dialect: "aws",
    fetch: new FakeS3().fetch,
    retry: RetryPolicy.disabled(),
  });
  return new Store({ backend });
}

function azure(): Store {
  const service = new FakeAzure();
  service.create("files");
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: btoa("key"),
    blockSize: MIB,
    retry: { attempts: 1 },
    fetch: service.fetch,
  });
  return new Store({ backend });
}

const stores: Record<string, () => Store> = {
  s3,
  azure,
  indexeddb: () =>
    new Store({
      backend: new IndexedDBBackend({
        scope: { ...fake, indexedDB: new fake.IDBFactory() },
      }),
    }),
};

for (const [name, create] of Object.entries(stores)) {
  testHashing(name, { test, create, dispose: (store) => store.close() });
}
