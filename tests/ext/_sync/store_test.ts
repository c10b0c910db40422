import { assertEquals } from "@std/assert";
import { ContentDigest, type FileInfo, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { StoreSide } from "../../../ext/_sync/store.ts";

const signal = new AbortController().signal;
const SHA = "ab".repeat(32);

/** A store whose listing tells one thing and whose look tells another. */
async function sideOf(listed: Partial<FileInfo>, looked: Partial<FileInfo>) {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "A");
  const info = await store.getFileInfo("a");
  let looks = 0;
  const proxy = Object.create(store, {
    supports: { value: () => true },
    listFiles: {
      value: async function* () {
        yield { ...info, ...listed };
      },
    },
    getFileInfo: { value: () => Promise.resolve({ ...info, ...looked }) },
  });
  const side = new StoreSide(proxy, () => void looks++);
  const [item] = await Array.fromAsync(side.list(signal));
  return { known: () => item!.known(signal), looks: () => looks };
}

Deno.test("SYNC-002 StoreSide looks once, and not where the listing tells", async () => {
  const told = await sideOf({ metadata: { sha256: SHA } }, {});
  assertEquals([await told.known(), told.looks()], [
    { sha256: SHA, from: null },
    0,
  ]);
  const asked = await sideOf({}, { metadata: { sourceetag: '"1"' } });
  await asked.known();
  assertEquals([await asked.known(), asked.looks()], [
    { sha256: null, from: '"1"' },
    1,
  ]);
});

Deno.test("SYNC-002 StoreSide takes the service's own SHA-256, and no other digest", async () => {
  const own = await sideOf({}, { digest: new ContentDigest("sha256", SHA) });
  assertEquals((await own.known()).sha256, SHA);
  const other = await sideOf({}, { digest: new ContentDigest("md5", "ab") });
  assertEquals((await other.known()).sha256, null);
});
