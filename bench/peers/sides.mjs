// What is compared: one object for each client, with the same few jobs. Runs on Deno, Node
// and Bun alike. A client that cannot do a job lacks it.

const MIB = 1024 * 1024;
const BUCKET = "bucket";
const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const region = "us-east-1";
const type = "application/octet-stream";

/** Reads a web stream to its end and drops it. */
export async function drop(stream) {
  const reader = stream.getReader();
  let bytes = 0;
  for (let next; !(next = await reader.read()).done;) {
    bytes += next.value.byteLength;
  }
  return bytes;
}

async function release(response) {
  if (!response.ok) throw new Error(`answered ${response.status}`);
  await response.body?.cancel();
}

/** Static fields and nothing signed: no client on `fetch` gets below it. */
function raw({ endpoint }) {
  const url = (key) => `${endpoint}/${BUCKET}/${key}`;
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${"x".repeat(150)}`,
    "x-amz-date": "20261121T040000Z",
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
  };
  const put = async (key, body) =>
    await release(await fetch(url(key), { method: "PUT", body, headers }));
  return {
    put,
    get: async (key) =>
      new Uint8Array(await (await fetch(url(key), { headers })).arrayBuffer()),
    /** Parts of 8 MiB, four at once, all of the same bytes. */
    async upload(_source, _size, total) {
      const part = new Uint8Array(8 * MIB);
      let left = total / part.byteLength;
      const lane = async () => {
        while (left-- > 0) await put("part", part);
      };
      await Promise.all([lane(), lane(), lane(), lane()]);
    },
    download: async (key) =>
      await drop((await fetch(url(key), { headers })).body),
  };
}

/** This library, from a bundle: this checkout's, or another one's. */
async function own({ endpoint, bundle, options = {} }) {
  const { Store, S3Backend } = await import(bundle);
  const backend = new S3Backend({
    bucket: BUCKET,
    endpoint,
    credentials,
    region,
    dialect: "aws",
    ...options,
  });
  const store = new Store({ backend });
  const replace = { overwrite: true };
  return {
    put: (key, bytes) => store.write(key, bytes, replace),
    get: (key) => store.readBytes(key),
    upload: (source, size) => store.write("large", source(), replace),
    download: async (key) => await drop(await store.read(key)),
    async list() {
      let count = 0;
      for await (const _ of store.listFiles("", { recursive: true })) count++;
      return count;
    },
    store,
  };
}

async function aws4fetch({ endpoint }) {
  const { AwsClient } = await import("aws4fetch");
  const client = new AwsClient({ ...credentials, service: "s3", region });
  const url = (key) => `${endpoint}/${BUCKET}/${key}`;
  return {
    put: async (key, body) =>
      await release(await client.fetch(url(key), { method: "PUT", body })),
    get: async (key) =>
      new Uint8Array(await (await client.fetch(url(key))).arrayBuffer()),
    download: async (key) => await drop((await client.fetch(url(key))).body),
  };
}

async function s3mini({ endpoint }) {
  const { S3mini } = await import("s3mini");
  const client = new S3mini({
    ...credentials,
    endpoint: `${endpoint}/${BUCKET}`,
    region,
  });
  return {
    put: async (key, bytes) =>
      await release(await client.putObject(key, bytes)),
    get: async (key) => new Uint8Array(await client.getObjectArrayBuffer(key)),
    download: async (key) =>
      await drop((await client.getObjectResponse(key)).body),
    async list() {
      return (await client.listObjects("/", "", 100_000)).length;
    },
  };
}

async function lite({ endpoint }) {
  const { S3Client } = await import("@bradenmacdonald/s3-lite-client");
  const client = new S3Client({
    endPoint: endpoint,
    region,
    bucket: BUCKET,
    accessKey: credentials.accessKeyId,
    secretKey: credentials.secretAccessKey,
  });
  return {
    put: (key, bytes) => client.putObject(key, bytes),
    get: async (key) =>
      new Uint8Array(await (await client.getObject(key)).arrayBuffer()),
    upload: (source) =>
      client.putObject("large", source(), { partSize: 8 * MIB }),
    download: async (key) => await drop((await client.getObject(key)).body),
    async list() {
      let count = 0;
      for await (const _ of client.listObjects()) count++;
      return count;
    },
  };
}

async function sdk({ endpoint, stubbed = false }) {
  const {
    GetObjectCommand,
    paginateListObjectsV2,
    PutObjectCommand,
    S3Client,
  } = await import("@aws-sdk/client-s3");
  const handler = stubbed
    ? {
      requestHandler: new (await import("@smithy/fetch-http-handler"))
        .FetchHttpHandler(),
    }
    : {};
  const client = new S3Client({
    endpoint,
    credentials,
    region,
    forcePathStyle: true,
    ...handler,
  });
  const at = (Key) => ({ Bucket: BUCKET, Key });
  return {
    put: (key, Body) => client.send(new PutObjectCommand({ ...at(key), Body })),
    get: async (key) => {
      const { Body } = await client.send(new GetObjectCommand(at(key)));
      return await Body.transformToByteArray();
    },
    async upload(source) {
      const { Upload } = await import("@aws-sdk/lib-storage");
      const params = { ...at("large"), Body: source() };
      const parts = { partSize: 8 * MIB, queueSize: 4 };
      await new Upload({ client, params, ...parts }).done();
    },
    async download(key) {
      const { Body } = await client.send(new GetObjectCommand(at(key)));
      let bytes = 0;
      for await (const chunk of Body) bytes += chunk.byteLength;
      return bytes;
    },
    async list() {
      let count = 0;
      const pages = paginateListObjectsV2({ client }, { Bucket: BUCKET });
      for await (const page of pages) count += page.Contents?.length ?? 0;
      return count;
    },
  };
}

async function files({ endpoint }) {
  const { Files } = await import("files-sdk");
  const { s3 } = await import("files-sdk/s3");
  const client = new Files({
    adapter: s3({
      bucket: BUCKET,
      endpoint,
      credentials,
      region,
      forcePathStyle: true,
    }),
  });
  return {
    put: (key, bytes) => client.upload(key, bytes, { contentType: type }),
    get: async (key) =>
      new Uint8Array(await (await client.download(key)).arrayBuffer()),
  };
}

const AZURE_KEY = btoa("0123456789abcdef0123456789abcdef");

async function ownAzure({ endpoint, bundle }) {
  const { Store, AzureBackend } = await import(bundle);
  const backend = new AzureBackend({
    accountUrl: `${endpoint}/account`,
    accountName: "account",
    accountKey: AZURE_KEY,
    container: "container",
    hns: false,
  });
  const store = new Store({ backend });
  return {
    put: (key, bytes) => store.write(key, bytes, { overwrite: true }),
    get: (key) => store.readBytes(key),
  };
}

/** Sends by `fetch`, as the vendor's client does in browsers; in servers it does not. */
const byFetch = {
  async sendRequest(request) {
    const { url, method, body } = request;
    const headers = new Headers();
    for (const { name, value } of request.headers.headersArray()) {
      headers.append(name, value);
    }
    const { signal } = new AbortController();
    const init = { method, headers, body, signal, cache: "no-store" };
    const response = await fetch(url, init);
    const fields = Object.fromEntries(response.headers);
    const read = method === "GET"
      ? { readableStreamBody: await toNode(response) }
      : {};
    return {
      request,
      status: response.status,
      headers: { toJson: () => fields, get: (name) => fields[name] },
      ...read,
    };
  },
};

async function toNode(response) {
  const { Readable } = await import("node:stream");
  return Readable.from([new Uint8Array(await response.arrayBuffer())]);
}

async function vendorAzure({ endpoint, stubbed = false }) {
  const { BlobServiceClient, newPipeline, StorageSharedKeyCredential } =
    await import("@azure/storage-blob");
  const credential = new StorageSharedKeyCredential("account", AZURE_KEY);
  const pipeline = newPipeline(
    credential,
    stubbed ? { httpClient: byFetch } : {},
  );
  const service = new BlobServiceClient(`${endpoint}/account`, pipeline);
  const container = service.getContainerClient("container");
  return {
    put: (key, bytes) =>
      container.getBlockBlobClient(key).upload(bytes, bytes.byteLength),
    get: (key) => container.getBlockBlobClient(key).downloadToBuffer(0, 1024),
  };
}

/** Every side by its name. */
export const SIDES = {
  "raw fetch": raw,
  ours: own,
  base: own,
  aws4fetch,
  s3mini,
  "s3-lite-client": lite,
  "AWS SDK": sdk,
  "files-sdk": files,
  "ours, Azure": ownAzure,
  "base, Azure": ownAzure,
  "@azure/storage-blob": vendorAzure,
};
