// node cpu.mjs <bundle>: processor time of a put and a get of 1 KiB, here and by
// @azure/storage-blob, in interleaved rounds of one process. Answers come from memory.
import { Buffer } from "node:buffer";
import process from "node:process";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { BlockBlobClient, newPipeline, StorageSharedKeyCredential } from "@azure/storage-blob";

const ACCOUNT = "contoso";
const KEY = Buffer.from("a key of no account").toString("base64");
const CALLS = 2000;
const ROUNDS = 9;
// In the first rounds the engine still compiles, on threads whose time counts as well.
const WARM_UP = 3;
const BODY = new Uint8Array(1024).fill(65);
const FIELDS = {
  etag: '"0x8DE1"',
  "last-modified": "Fri, 26 Jun 2026 23:39:12 GMT",
  "x-ms-request-id": "5f2bb9f2-0000-0000-0000-000000000000",
  "x-ms-version": "2023-11-03",
  "content-type": "application/octet-stream",
};
const GOT = { ...FIELDS, "content-length": String(BODY.byteLength) };

const { AzureBackend, Store } = await import(pathToFileURL(process.argv[2]).href);
const store = new Store({
  backend: new AzureBackend({
    container: "files",
    hns: false,
    accountName: ACCOUNT,
    accountKey: KEY,
    fetch: (_, { method }) =>
      Promise.resolve(
        method === "PUT"
          ? new Response(null, { status: 201, headers: FIELDS })
          : new Response(BODY, { status: 200, headers: GOT }),
      ),
  }),
});

// The client's own kind of headers, as far as its adapter asks them.
const headersOf = (fields) => ({ toJson: () => fields, get: (name) => fields[name] });

const httpClient = {
  sendRequest: (request) =>
    Promise.resolve(
      request.method === "PUT"
        ? { request, status: 201, headers: headersOf(FIELDS) }
        : {
          request,
          status: 200,
          headers: headersOf(GOT),
          readableStreamBody: Readable.from([Buffer.from(BODY)]),
        },
    ),
};
const pipeline = newPipeline(new StorageSharedKeyCredential(ACCOUNT, KEY), { httpClient });
const client = new BlockBlobClient(`https://${ACCOUNT}.blob.core.windows.net/files/a.txt`, pipeline);

const SIDES = {
  "put, ours": () => store.write("a.txt", BODY, { overwrite: true }),
  "put, vendor": () => client.upload(BODY, BODY.byteLength),
  "get, ours": () => store.readBytes("a.txt"),
  // The vendor's call for a whole blob in memory asks for its size first.
  "get, vendor": () => client.downloadToBuffer(),
  // What is under it: the vendor's stream of one request, and an answer of the
  // platform's own kind, which ours reads and the vendor's side is spared.
  "get, vendor's stream": async () => {
    const chunks = [];
    for await (const chunk of (await client.download()).readableStreamBody) chunks.push(chunk);
    return Buffer.concat(chunks);
  },
  "put, bare Response": () => new Response(null, { status: 201, headers: FIELDS }),
  "get, bare Response": () => new Response(BODY, { status: 200, headers: GOT }).arrayBuffer(),
};

const times = Object.fromEntries(Object.keys(SIDES).map((name) => [name, []]));
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(SIDES)) {
    const before = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) await run();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times[name].push((user + system) / CALLS);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
process.stdout.write(JSON.stringify(
  Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)])),
));
