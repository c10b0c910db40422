// What a consumer of the package does: imports every entry, keeps a file, and holds
// the backend in memory to the whole contract.
import * as core from "@remote-store/core";
import * as azure from "@remote-store/core/backends/azure";
import * as azureSigning from "@remote-store/core/backends/azure-signing";
import * as http from "@remote-store/core/backends/http";
import * as indexeddb from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import * as r2 from "@remote-store/core/backends/r2";
import * as s3 from "@remote-store/core/backends/s3";
import * as s3Remote from "@remote-store/core/backends/s3-remote";
import * as s3Signing from "@remote-store/core/backends/s3-signing";
import { testBackend } from "@remote-store/core/conformance";
import * as faults from "@remote-store/core/conformance/faults";
import * as batch from "@remote-store/core/ext/batch";
import * as cache from "@remote-store/core/ext/cache";
import * as contentType from "@remote-store/core/ext/content-type";
import * as cors from "@remote-store/core/ext/cors";
import * as glob from "@remote-store/core/ext/glob";
import * as integrity from "@remote-store/core/ext/integrity";
import * as observe from "@remote-store/core/ext/observe";
import * as otel from "@remote-store/core/ext/otel";
import * as pages from "@remote-store/core/ext/pages";
import * as partition from "@remote-store/core/ext/partition";
import * as proxy from "@remote-store/core/ext/proxy";
import * as ranges from "@remote-store/core/ext/ranges";
import * as resume from "@remote-store/core/ext/resume";
import * as sign from "@remote-store/core/ext/sign";
import * as streams from "@remote-store/core/ext/streams";
import * as sync from "@remote-store/core/ext/sync";
import * as transfer from "@remote-store/core/ext/transfer";
import * as webCache from "@remote-store/core/ext/web-cache";
import * as write from "@remote-store/core/ext/write";

const { Store } = core;

function must(holds, what) {
  if (!holds) throw new Error(`it does not hold: ${what}`);
}

/** Runs everything, and returns how many tests of the contract have passed. */
export async function run() {
  const entries = [
    azure,
    azureSigning,
    http,
    indexeddb,
    r2,
    s3,
    s3Remote,
    s3Signing,
    faults,
    contentType,
    cors,
    batch,
    cache,
    glob,
    integrity,
    observe,
    otel,
    pages,
    partition,
    proxy,
    ranges,
    resume,
    sign,
    streams,
    sync,
    transfer,
    webCache,
    write,
  ];
  must(entries.every((it) => Object.keys(it).length > 0), "each has something");

  const store = cache.cache(new Store({ backend: new MemoryBackend() }));
  const { digest, size } = await write.writeWithHash(
    store,
    "a/../b.txt".replace("a/../", "a/"),
    new Blob(["abc"]).stream(),
    { algorithm: "md5" },
  );
  must(size === 3, "the size");
  must(`${digest}` === "md5:900150983cd24fb0d6963f7d28e17f72", "the digest");
  must(await store.readText("a/b.txt") === "abc", "the content");
  const tail = await store.readBytes("a/b.txt", { range: { suffix: 1 } });
  must(tail[0] === 99, "a range");

  const requests = [];
  const bucket = new Store({
    backend: new s3.S3Backend({
      bucket: "photos",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      fetch: (url, init) => {
        requests.push([init.method, url]);
        return Promise.resolve(
          new Response(null, { headers: { etag: '"1"' } }),
        );
      },
    }),
  });
  const put = await bucket.write("cat.jpg", new Uint8Array(3));
  must(put.etag === '"1"' && requests.length === 1, "one signed request");

  const tests = [];
  await testBackend("memory", {
    test: (name, test) => void tests.push([name, test]),
    create: () => new Store({ backend: new MemoryBackend() }),
    namespace: "hierarchical",
  });
  for (const [name, test] of tests) {
    await test().catch((error) => {
      throw new Error(name, { cause: error });
    });
  }
  return tests.length;
}
