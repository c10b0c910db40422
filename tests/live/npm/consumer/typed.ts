import {
  type Backend,
  Capability,
  isRemoteStoreError,
  Store,
  type StoreLike,
  type WriteResult,
} from "@remote-store/core";
import { AzureBackend } from "@remote-store/core/backends/azure";
import { HttpBackend } from "@remote-store/core/backends/http";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { presign, S3Backend } from "@remote-store/core/backends/s3";
import { testBackend } from "@remote-store/core/conformance";
import { FaultyFetch } from "@remote-store/core/conformance/faults";
import { batchDelete } from "@remote-store/core/ext/batch";
import { cache } from "@remote-store/core/ext/cache";
import { globFiles } from "@remote-store/core/ext/glob";
import { checksum } from "@remote-store/core/ext/integrity";
import { observe } from "@remote-store/core/ext/observe";
import { otelHooks } from "@remote-store/core/ext/otel";
import { partitionPath } from "@remote-store/core/ext/partition";
import { ProxyStore } from "@remote-store/core/ext/proxy";
import { HashStream } from "@remote-store/core/ext/streams";
import { toResponse } from "@remote-store/core/ext/transfer";
import { WebCache } from "@remote-store/core/ext/web-cache";
import { writeWithHash } from "@remote-store/core/ext/write";

const backend: Backend = new MemoryBackend();
const store: StoreLike = observe(cache(new Store({ backend })), {});
const result: WriteResult = await writeWithHash(store, "a.txt", "abc");
const size: number = result.size;
// @ts-expect-error -- a size is no text: types are there, and not `any`
const wrong: string = result.size;
// @ts-expect-error -- an option that does not exist
const refused = store.write("a.txt", "b", { overwite: true });
if (await refused.then(() => true, () => false)) throw new Error("it was taken");
const can: boolean = store.supports(Capability.GLOB);
try {
  await store.readText("b.txt");
} catch (error) {
  if (isRemoteStoreError(error) && error.code === "NotFound") error.path;
}
export const all: readonly unknown[] = [
  AzureBackend,
  batchDelete,
  can,
  checksum,
  FaultyFetch,
  globFiles,
  HashStream,
  HttpBackend,
  IndexedDBBackend,
  otelHooks,
  partitionPath,
  presign,
  ProxyStore,
  S3Backend,
  size,
  testBackend,
  toResponse,
  WebCache,
  wrong,
];
