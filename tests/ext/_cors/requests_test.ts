import { assert, assertEquals } from "@std/assert";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import {
  type CorsOperation,
  type CorsService,
  type Demands,
  metadataFields,
  OPERATIONS,
  protocolOf,
  requestsOf,
  shownBy,
} from "../../../ext/_cors/requests.ts";
import { type Backend, Store } from "../../../mod.ts";
import { FakeAzure } from "../../fakes/azure/service.ts";
import { ACCOUNT, FakeS3 } from "../../fakes/s3/service.ts";

const MIB = 1024 * 1024;

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** What a store really sends, by operation: `METHOD field field …`. */
async function sentBy(
  open: (record: (inner: Send) => Send) => Backend,
): Promise<Map<CorsOperation, Map<string, Set<string>>>> {
  let operation: CorsOperation | null = null;
  const sent = new Map<CorsOperation, Map<string, Set<string>>>();
  const backend = open((inner) => async (url, init) => {
    if (operation !== null) {
      const methods = sent.get(operation) ?? new Map<string, Set<string>>();
      sent.set(operation, methods);
      const method = init.method ?? "GET";
      const fields = methods.get(method) ?? new Set();
      methods.set(method, fields);
      new Headers(init.headers).forEach((_, name) => fields.add(name));
    }
    return await inner(url, init);
  });
  const store = new Store({ backend });
  const during = async <T>(name: CorsOperation, act: () => Promise<T>) => {
    operation = name;
    const value = await act();
    operation = null;
    return value;
  };
  const metadata = { author: "ada" };
  const { etag } = await during("write", () =>
    store.write("a", "hello", {
      metadata,
      contentType: "a/b",
      cacheControl: "no-store",
      contentDisposition: "inline",
      contentEncoding: "identity",
      contentLanguage: "de",
    }));
  await during("write", () => store.write("a", "x", { ifMatch: etag! }));
  const large = new Blob([new Uint8Array(12 * MIB)]);
  const big = await during(
    "write",
    () => store.write("big", large, { metadata }),
  );
  await during(
    "write",
    () => store.write("big", large, { ifMatch: big.etag! }),
  );
  const info = await during("head", () => store.getFileInfo("a"));
  const ifMatch = info.etag!;
  const range = { offset: 0, length: 1 };
  await during("read", () => store.readBytes("a", { range, ifMatch }));
  await during("read", () => store.open("a", { ifNoneMatch: ifMatch }));
  await during("list", () => Array.fromAsync(store.listFiles("")));
  await during("copy", () => store.copy("a", "b"));
  await during("delete", async () => {
    await store.delete("b");
    // As the end of a move has it.
    const request = { ifMatch: info.etag, signal: undefined };
    await backend.delete("a", request);
  });
  await during(
    "deleteMany",
    () => store.deleteMany(["big"]),
  );
  return sent;
}

const DEMANDS: Demands = {
  service: "s3",
  operations: OPERATIONS,
  signing: "header",
  metadata: ["author"],
  fields: [],
};

// Every request of a page needs no leave for these, or the browser sends them by itself.
const FREE = ["accept-encoding"];

const STORES: Readonly<
  Record<string, (record: (inner: Send) => Send) => Backend>
> = {
  s3: (record) => {
    const fetch = record(new FakeS3().fetch as Send);
    const options = { bucket: "bucket", endpoint: "http://s3.test" };
    const backend = new S3Backend({
      ...options,
      credentials: ACCOUNT,
      dialect: "aws",
      fetch,
    });
    return backend;
  },
  azure: (record) => {
    const service = new FakeAzure();
    service.create("files");
    const backend = new AzureBackend({
      container: "files",
      hns: false,
      accountName: "fake",
      accountKey: btoa("key"),
      blockSize: MIB,
      fetch: record(service.fetch),
    });
    return backend;
  },
};

for (const [service, open] of Object.entries(STORES)) {
  Deno.test(`CORS-004: what the diagnosis asks for is what the backend sends, on ${service}`, async () => {
    const sent = await sentBy(open);
    const demands = { ...DEMANDS, service: service as CorsService };
    for (const operation of OPERATIONS) {
      const asked = requestsOf(operation, demands);
      const methods = sent.get(operation) ?? new Map<string, Set<string>>();
      assertEquals(
        asked.map(({ method }) => method).sort(),
        [...methods.keys()].sort(),
        operation,
      );
      for (const request of asked) {
        const { method } = request;
        const fields = methods.get(method) ?? new Set<string>();
        const missing = [...fields].filter((name) =>
          !request.fields.includes(name) && !FREE.includes(name)
        );
        assertEquals(missing, [], `${operation} ${method} sends more`);
        const idle = request.fields.filter((name) => !fields.has(name));
        assertEquals(idle, [], `${operation} ${method} never sends`);
      }
    }
  });
}

Deno.test("requestsOf() leaves signatures out that are in the URL, and takes further fields", () => {
  const demands = {
    ...DEMANDS,
    signing: "url",
    fields: ["X-Amz-Security-Token"],
  } as const;
  assertEquals(requestsOf("list", demands), [
    { method: "GET", fields: ["x-amz-security-token"] },
  ]);
  const [read] = requestsOf("read", { ...demands, service: "azure" });
  assert(!read?.fields.includes("authorization"));
});

Deno.test("shownBy() names what is lost, by what the page does", () => {
  const shown = shownBy(DEMANDS);
  assertEquals(
    shown.get("x-amz-meta-author")?.loss,
    "this metadata looks as if there were none",
  );
  const writes = shownBy({ ...DEMANDS, operations: ["write"], metadata: [] });
  assertEquals(writes.has("content-range"), false);
  assertEquals(writes.get("x-amz-checksum-crc32")?.operations, ["write"]);
  assertEquals(protocolOf("ceph"), protocolOf("r2"));
  assertEquals(metadataFields("azure", ["By"]), ["x-ms-meta-by"]);
});
