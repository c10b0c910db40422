import { assert, assertEquals } from "@std/assert";
import {
  AzureBackend,
  createServiceSas,
  presign as presignAzure,
} from "../../backends/azure/mod.ts";
import { HttpBackend } from "../../backends/http/mod.ts";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { R2Backend } from "../../backends/r2/mod.ts";
import { presign, S3Backend } from "../../backends/s3/mod.ts";
import {
  connectRemote,
  RemoteS3Backend,
  remoteSigner,
} from "../../backends/s3/remote.ts";
import { batchDelete, copyFolder } from "../../ext/batch.ts";
import { BufferedObserver } from "../../ext/_observe/buffer.ts";
import { MemoryCache } from "../../ext/_cache/memory.ts";
import { cache } from "../../ext/cache.ts";
import { diagnoseCors } from "../../ext/cors.ts";
import { checksum, readVerified } from "../../ext/integrity.ts";
import { observe } from "../../ext/observe.ts";
import { listPage } from "../../ext/pages.ts";
import { readRanges } from "../../ext/ranges.ts";
import { resumableUpload } from "../../ext/resume.ts";
import { signHandler } from "../../ext/sign.ts";
import { sync } from "../../ext/sync.ts";
import { openResponse, transfer } from "../../ext/transfer.ts";
import { writeWithHash } from "../../ext/write.ts";
import {
  InvalidArgumentError,
  isRemoteStoreError,
  RetryPolicy,
  Store,
} from "../../mod.ts";
import { FakeR2 } from "../fakes/r2/bucket.ts";

let asked = 0;
const fetch = () => {
  asked++;
  return Promise.reject(new Error("it was asked"));
};
const HANDLER = "http://127.0.0.1:9/sign";
const S3 = {
  bucket: "bucket",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  fetch,
  retry: { attempts: 1 },
};
const AZURE = {
  container: "abc",
  hns: false,
  accountName: "account",
  accountKey: btoa("key"),
  fetch,
  retry: { attempts: 1 },
};
const s3Store = new Store({ backend: new S3Backend(S3) });
const azureStore = new Store({ backend: new AzureBackend(AZURE) });
const filled = async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "abc");
  return store;
};
const memory = await filled();

/** What options are for: those it takes to work, and what takes them. */
type Row = readonly [object, (options: never) => unknown];

const ROWS: Readonly<Record<string, Row>> = {
  S3Backend: [S3, (o) => new S3Backend(o)],
  RemoteS3Backend: [
    { bucket: "bucket", fetch, signer: remoteSigner(HANDLER) },
    (o) => new RemoteS3Backend(o),
  ],
  AzureBackend: [AZURE, (o) => new AzureBackend(o)],
  HttpBackend: [
    { baseUrl: "http://127.0.0.1:9/", fetch },
    (o) => new HttpBackend(o),
  ],
  IndexedDBBackend: [{}, (o) => new IndexedDBBackend(o)],
  MemoryBackend: [{}, (o) => new MemoryBackend(o)],
  R2Backend: [{ bucket: new FakeR2() }, (o) => new R2Backend(o)],
  RetryPolicy: [{}, (o) => new RetryPolicy(o)],
  MemoryCache: [{}, (o) => new MemoryCache(o)],
  BufferedObserver: [{}, (o) => new BufferedObserver(() => {}, o)],
  Store: [{ backend: new MemoryBackend() }, (o) => new Store(o)],
  remoteSigner: [{ fetch }, (o) => remoteSigner(HANDLER, o)],
  connectRemote: [
    { fetch, retry: { attempts: 1 } },
    (o) => connectRemote(HANDLER, o),
  ],
  "presign of S3": [{}, (o) => presign(s3Store, "a", o)],
  "presign of Azure": [{}, (o) => presignAzure(azureStore, "a", o)],
  createServiceSas: [
    {
      accountName: "account",
      container: "abc",
      permissions: "r",
      expires: new Date(),
    },
    (o) => createServiceSas(o, btoa("key")),
  ],
  write: [{ overwrite: true }, (o) => memory.write("b", "b", o)],
  openAtomic: [{}, async (o) => {
    await using _ = await memory.openAtomic("new", o);
  }],
  openUpload: [{ size: 3 }, (o) => memory.openUpload("new", o)],
  read: [{}, (o) => memory.readBytes("a", o)],
  readText: [{}, (o) => memory.readText("a", o)],
  open: [{}, async (o) => await (await memory.open("a", o))?.body?.cancel()],
  copy: [{ overwrite: true }, (o) => memory.copy("a", "c", o)],
  move: [{ overwrite: true }, async (o) => (await filled()).move("a", "b", o)],
  delete: [{ missingOk: true }, (o) => memory.delete("none", o)],
  deleteMany: [{ missingOk: true }, (o) => memory.deleteMany(["none"], o)],
  deleteFolder: [{ missingOk: true }, (o) => memory.deleteFolder("none", o)],
  listFiles: [{}, (o) => Array.fromAsync(memory.listFiles("", o))],
  listFolders: [{}, (o) => Array.fromAsync(memory.listFolders("", o))],
  getFileInfo: [{}, (o) => memory.getFileInfo("a", o)],
  getFolderInfo: [{}, (o) => memory.getFolderInfo("", o)],
  batchDelete: [{ missingOk: true }, (o) => batchDelete(memory, ["none"], o)],
  copyFolder: [
    {},
    async (o) => copyFolder(await filled(), "none", "c", o).catch(missing),
  ],
  cache: [{}, (o) => cache(memory, o)],
  observe: [{}, (o) => observe(memory, o)],
  diagnoseCors: [
    { origin: "https://app.example.com", service: "s3", fetch },
    (o) => diagnoseCors("https://files.example.com/bucket", o),
  ],
  readRanges: [
    {},
    (o) => readRanges(new Blob(["abc"]), [{ offset: 0, length: 1 }], o),
  ],
  resumableUpload: [
    {},
    (o) => resumableUpload(memory, new Blob(["abc"]), "a", o),
  ],
  signHandler: [
    { store: s3Store, authorize: () => true, root: "users", fetch },
    (o) => signHandler(o),
  ],
  sync: [{}, async (o) => sync(memory, await filled(), o)],
  transfer: [
    { overwrite: true },
    async (o) => transfer(memory, "a", await filled(), "b", o),
  ],
  openResponse: [
    {},
    async (o) => (await openResponse(memory, "a", o)).body?.cancel(),
  ],
  writeWithHash: [
    { overwrite: true },
    (o) => writeWithHash(memory, "b", "b", o),
  ],
  checksum: [{}, (o) => checksum(memory, "a", o)],
  readVerified: [
    { expected: checksum(memory, "a") },
    (o) => readVerified(memory, "a", o),
  ],
  listPage: [{}, (o) => listPage(s3Store, "", o)],
};

function missing(error: unknown): void {
  if (!(isRemoteStoreError(error) && error.code === "NotFound")) throw error;
}

/** A value of each kind, and a text that says the contrary of what it counts as. */
const VALUES: Readonly<Record<string, unknown>> = {
  number: 7,
  string: "false",
  boolean: true,
  bigint: 7n,
  symbol: Symbol("x"),
  object: {},
  function: () => {},
};

/** Options that take two kinds beside objects. */
const TWO: readonly string[] = ["correlationId"];

for (const [name, [base, run]] of Object.entries(ROWS)) {
  Deno.test(`OPT-012 ${name} takes no option of a kind that it is not`, async () => {
    const all = await namesOf(base, run);
    assert(all.length > 0, name);
    for (const option of all) {
      const taken: string[] = [];
      for (const [kind, value] of Object.entries(VALUES)) {
        asked = 0;
        try {
          const given = kind === "function" && option === "fetch"
            ? fetch
            : value;
          await run({ ...base, [option]: given } as never);
          taken.push(kind);
        } catch (error) {
          const isRefused = error instanceof InvalidArgumentError;
          if (isRefused) assertEquals(asked, 0, `${option} ${kind}`);
          // What the service or the backend said to it.
          else if (asked > 0 || isRemoteStoreError(error)) taken.push(kind);
          // An object of another shape is an object.
          else if (kind !== "object") {
            throw new Error(`${option} ${kind}`, { cause: error });
          }
        }
      }
      const kinds = taken.filter((kind) => kind !== "object");
      const most = TWO.includes(option) ? 2 : 1;
      assert(kinds.length <= most, `${option} takes ${taken.join(", ")}`);
    }
  });
}

/** Returns the names of all options, as the refusal of one that is none tells them. */
async function namesOf(base: object, run: Row[1]): Promise<string[]> {
  try {
    await run({ ...base, zzzzzzzzz: 1 } as never);
  } catch (error) {
    const told = /the options are (.*)$/.exec(String(error));
    return told?.[1]?.split(", ") ?? [];
  }
  return [];
}
