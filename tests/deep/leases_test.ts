// Over the wire's own code: nothing that was dropped or is done stays behind.
import { assert, assertEquals } from "@std/assert";
import { AzureBackend } from "../../backends/azure/mod.ts";
import { S3Backend } from "../../backends/s3/mod.ts";
import { type Backend, Store } from "../../mod.ts";
import { Mount } from "../../core/mount.ts";
import { optionsOf } from "../backends/s3/setup.ts";
import { collect, LongLived, Watch } from "../core/collecting.ts";
import { FakeAzure } from "../fakes/azure/service.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

function azure(): Backend {
  const service = new FakeAzure();
  service.create("files");
  return new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: btoa("key"),
    fetch: service.fetch,
  });
}

function s3(): Backend {
  const service = new FakeS3();
  // A fake that notes each request would grow by itself.
  service.log.push = () => 0;
  return new S3Backend(optionsOf(service));
}

const BACKENDS: Readonly<Record<string, () => Backend>> = {
  S3: s3,
  Azure: azure,
};

const KILOBYTE = 1024;

async function heap(): Promise<number> {
  const watch = new Watch();
  watch.add({});
  await collect(watch);
  return Math.round(Deno.memoryUsage().heapUsed / KILOBYTE);
}

for (const [title, create] of Object.entries(BACKENDS)) {
  Deno.test(`LEASE-002 LEASE-003 3,000 dropped listings and streams leave nothing, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    for (const path of ["d/a", "d/b"]) await store.write(path, path);
    const long = new LongLived();
    const { signal } = long;
    const watch = new Watch();
    const round = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const listing = store.listFiles("d", { signal })
          [Symbol.asyncIterator]();
        await listing.next();
        watch.add(listing);
        watch.add(await store.read("d/a", { signal }));
      }
      return await collect(watch);
    };
    // What the engine compiles and remembers of the code is there after the first rounds.
    await round(3000);
    const before = await heap();
    const left = await round(2700);
    const after = await heap();
    console.log(`${title}: heap ${before} kB, then ${after} kB; ${left} left`);
    assert(left <= 10, `${left} are left`);
    assert(long.listeners <= 10, `${long.listeners} listen`);
    const { calls } = new Mount(backend, "", false).lifecycle;
    assert(calls!.size <= 10, `${calls!.size} are known`);
    assert(after - before < 500, `${after - before} kB`);
  });

  Deno.test(`LEASE-004 10,000 calls leave no listener at their signal, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    await store.write("d/a", "content");
    const long = new LongLived();
    const { signal } = long;
    const given = { signal };
    const before = await heap();
    for (let i = 0; i < 1000; i++) {
      await store.exists("d/a", given);
      await store.isFolder("d", given);
      await store.readBytes("d/a", given);
      await (await store.read("d/a", given)).cancel();
      await store.readText("d/a", given);
      await store.write("d/b", "x", { overwrite: true, signal });
      await store.getFolderInfo("d", given);
      await Array.fromAsync(store.listFiles("d", given));
      await store.copy("d/b", "d/c", { overwrite: true, signal });
      await store.delete("d/b", given);
    }
    const after = await heap();
    console.log(`${title}: heap ${before} kB, then ${after} kB`);
    assertEquals(long.listeners, 0);
    assertEquals(new Mount(backend, "", false).lifecycle.calls!.size, 0);
  });
}
