/**
 * rclone and Microsoft's own client on Azurite: each side reads what the other has written.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { Store } from "../../../mod.ts";
import { createServiceSas } from "../../../backends/azure/mod.ts";
import { DEVELOPMENT } from "../../../backends/azure/connection_string.ts";
import { accountUrl, createContainer, openBackend } from "../azure/account.ts";
import { FILES as ALL } from "./names.ts";
import {
  askVendor,
  onDisk,
  putOnDisk,
  rclone,
  readDisk,
  readStore,
  told,
} from "./place.ts";

/** Without a name that ends in a dot, which rclone writes otherwise: the last test. */
const FILES = new Map([...ALL].filter(([path]) => !path.endsWith(".")));

const ORIGIN = `${Deno.env.get("AZURITE_ORIGIN")}`;
const CONNECTION = [
  "DefaultEndpointsProtocol=http",
  `AccountName=${DEVELOPMENT.accountName}`,
  `AccountKey=${DEVELOPMENT.accountKey}`,
  `BlobEndpoint=${accountUrl(ORIGIN)}`,
].join(";");

/** An empty container, its store, and rclone with a signature for this container alone. */
async function create() {
  const container = await createContainer(ORIGIN);
  const store = new Store({ backend: openBackend(ORIGIN, container) });
  const { accountName, accountKey } = DEVELOPMENT;
  const sas = createServiceSas({
    accountName,
    container,
    permissions: "racwdl",
    expires: new Date(Date.now() + 3_600_000),
    allowHttp: true,
  }, accountKey);
  const signed = `${accountUrl(ORIGIN)}/${container}?${sas}`;
  const remote = `:azureblob:${container}`;
  const onAzure = (...args: string[]) =>
    rclone(`--azureblob-sas-url=${signed}`, "--low-level-retries=1", ...args);
  return { container, store, remote, onAzure };
}

Deno.test("PEER-001: every name that rclone writes on Azure is read, and its type and time", async () => {
  const { store, remote, onAzure } = await create();
  await onDisk(async (folder) => {
    await putOnDisk(folder, FILES);
    const time = new Date("2020-01-02T03:04:05.678Z");
    await Deno.utime(`${folder}/a.txt`, time, time);
    await onAzure("copy", folder, remote);
  });
  assertEquals(told(await readStore(store)), told(FILES));
  const { contentType, metadata } = await store.getFileInfo("a.txt");
  assertEquals(contentType, "text/plain; charset=utf-8");
  assertEquals(metadata, { mtime: "2020-01-02T03:04:05.678000000Z" });
});

Deno.test("PEER-002: every name that is written on Azure is read by rclone", async () => {
  const { store, remote, onAzure } = await create();
  for (const [path, bytes] of FILES) {
    const { size } = await store.write(path, bytes);
    assertEquals(size, bytes.byteLength);
  }
  await onDisk(async (folder) => {
    await onAzure("copy", remote, folder);
    assertEquals(told(await readDisk(folder)), told(FILES));
  });
});

Deno.test("PEER-001, PEER-002: Microsoft's client and the store read each other's types, headers and metadata", async () => {
  const { container, store } = await create();
  const blobHTTPHeaders = {
    blobContentType: "text/markdown",
    blobCacheControl: "max-age=60",
  };
  const metadata = { author: "Ada" };
  await store.write("ours.txt", "ours", {
    contentType: "text/markdown",
    cacheControl: "max-age=60",
    metadata: { ...metadata, city: "Zürich" },
  });
  const jobs = [
    { name: "theirs.txt", body: "theirs", blobHTTPHeaders, metadata },
    { name: "ours.txt" },
  ];
  const [, ours] = await askVendor("azure/objects.mjs", {
    connection: CONNECTION,
    container,
    jobs,
  });
  assertEquals(ours, {
    contentType: "text/markdown",
    metadata: { author: "Ada", city: "=?UTF-8?B?WsO8cmljaA==?=" },
    contentLength: 4,
    cacheControl: "max-age=60",
    content: "ours",
  });
  const theirs = await store.getFileInfo("theirs.txt");
  assertEquals(theirs.contentType, "text/markdown");
  assertEquals(theirs.metadata, metadata);
  assertEquals(theirs.extra["cacheControl"], "max-age=60");
});

Deno.test("PEER-004: the markers of Azure's tools are folders: by a mark, and by a slash", async () => {
  const { container, store, remote, onAzure } = await create();
  const metadata = { "hdi_isfolder": "true" };
  const jobs = [
    { name: "marked", body: "", metadata },
    { name: "marked/deep", body: "", metadata },
    { name: "slash/", body: "" },
    { name: "bytes", body: "bytes", metadata },
  ];
  await askVendor("azure/objects.mjs", {
    connection: CONNECTION,
    container,
    jobs,
  });
  const folders = await Array.fromAsync(
    store.listFolders("", { maxDepth: 3 }),
    ({ path }) => path,
  );
  assertEquals(folders.sort(), ["marked", "marked/deep", "slash"]);
  // A mark with bytes is a file: nothing of it is to be lost.
  assertEquals(
    await Array.fromAsync(
      store.listFiles("", { recursive: true }),
      ({ path }) => path,
    ),
    ["bytes"],
  );
  for (const folder of ["marked", "slash"]) {
    assertEquals(await store.isFile(folder), false);
    await store.deleteFolder(folder, { recursive: true });
    assertEquals(await store.exists(folder), false);
  }
  // rclone of this age knows no marks: it takes what is marked for files.
  assertEquals((await onAzure("lsf", remote)).trim(), "bytes");
});

Deno.test("PEER-006: rclone writes a dot at a name's end as U+FF0E on Azure, and does not reach a blob that has a dot", async () => {
  const { store, remote, onAzure } = await create();
  await onDisk(async (folder) => {
    await putOnDisk(folder, new Map([["end.", new Uint8Array(1)]]));
    await onAzure("copy", folder, remote);
  });
  assertEquals([...(await readStore(store)).keys()], ["end\uff0e"]);
  await store.delete("end\uff0e");
  assertEquals((await store.write("end.", "1")).size, 1);
  assertEquals((await onAzure("lsf", remote)).trim(), "end.");
  const copy = () => onDisk((folder) => onAzure("copy", remote, folder));
  await assertRejects(copy, Error, "BlobNotFound");
});
