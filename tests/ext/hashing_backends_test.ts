import { assertEquals, assertRejects } from "@std/assert";
import { CapabilityNotSupportedError, RetryPolicy, Store } from "../../mod.ts";
import { AzureBackend } from "../../backends/azure/mod.ts";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
import * as fake from "fake-indexeddb";
import { checksum } from "../../ext/integrity.ts";
import { writeWithHash } from "../../ext/write.ts";
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

const CHECKED = { s3: ["sha256", "crc32", "crc32c"], azure: ["md5"] } as const;

for (const [name, algorithms] of Object.entries(CHECKED)) {
  for (const algorithm of algorithms) {
    test(`EW-001 ${name} checks ${algorithm} on its side, for bytes and for streams`, async () => {
      await using store = stores[name]!();
      const options = { algorithm, verify: "server" } as const;
      // 7 MiB are more than one block of Azure's, and less than a part of S3's.
      const bytes = new Uint8Array(7 * MIB).fill(7);
      const short = await writeWithHash(store, "a.bin", "abc", options);
      const long = await writeWithHash(
        store,
        "b.bin",
        new Blob([bytes]).stream(),
        options,
      );
      assertEquals(short.digest?.algorithm, algorithm);
      assertEquals(long.digest, await checksum(store, "b.bin", { algorithm }));
      assertEquals(long.size, bytes.byteLength);
    });
  }
}

test("EW-001 a backend whose service checks nothing refuses, and nothing is written", async () => {
  await using store = stores["indexeddb"]!();
  const write = () => writeWithHash(store, "a", "abc", { verify: "server" });
  await assertRejects(write, CapabilityNotSupportedError);
  assertEquals(await store.exists("a"), false);
});

Deno.test("EW-001: verify without an algorithm takes what Azure checks", async () => {
  const { digest } = await writeWithHash(azure(), "a.txt", "abc", {
    verify: "server",
  });
  assertEquals(`${digest}`, "md5:900150983cd24fb0d6963f7d28e17f72");
});
