/**
 * Every backend in each configuration that changes what it declares, over fakes
 * that count requests.
 *
 * @module
 */
import * as scope from "fake-indexeddb";
import { type Backend, RetryPolicy, Store } from "@remote-store/core";
import { AzureBackend } from "@remote-store/core/backends/azure";
import { HttpBackend } from "@remote-store/core/backends/http";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { R2Backend } from "@remote-store/core/backends/r2";
import { S3Backend, type S3Options } from "@remote-store/core/backends/s3";
import { FakeAzure } from "../../tests/fakes/azure/service.ts";
import { FakeDataLake } from "../../tests/fakes/azure_dfs/service.ts";
import { FakeR2 } from "../../tests/fakes/r2/bucket.ts";
import { ACCOUNT, FakeS3 } from "../../tests/fakes/s3/service.ts";

/** A backend that was opened. */
export interface Opened {
  /** The backend. */
  readonly backend: Backend;
  /** A store over it. */
  readonly store: Store;
  /** How many requests it has sent. */
  readonly sent: () => number;
  /** Sets the count to nothing. */
  readonly forget: () => void;
}

/** A backend in one configuration. */
export interface Configuration {
  /** The name of its backend in tables. */
  readonly backend: string;
  /** What is configured, in a table's first column. */
  readonly name: string;
  /** Whether it stands for its backend where there is one column for it. */
  readonly first?: true;
  /** Opens it, over an empty container. */
  readonly open: () => Opened;
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

const retry = RetryPolicy.disabled();

function counted(create: (fetch: Send) => Backend, send: Send): Opened {
  let count = 0;
  const backend = create((url, init) => {
    count++;
    return send(url, init);
  });
  return {
    backend,
    store: new Store({ backend }),
    sent: () => count,
    forget: () => void (count = 0),
  };
}

function s3(
  name: string,
  options: Partial<S3Options>,
  first?: true,
): Configuration {
  return {
    backend: "S3",
    name,
    ...first ? { first } : {},
    open() {
      const fake = new FakeS3({ trusting: true });
      return counted((fetch) =>
        new S3Backend({
          bucket: "bucket",
          endpoint: "http://s3.test",
          ...options.signer ? {} : { credentials: ACCOUNT },
          retry,
          fetch,
          ...options,
        }), fake.fetch);
    },
  };
}

const SAS = "sv=2021-12-02&ss=b&srt=sco&sp=rwdlac&sig=c2ln";

function azure(
  name: string,
  hns: boolean,
  credential: { accountKey?: string; sasToken?: string; token?: () => string },
  first?: true,
): Configuration {
  return {
    backend: "Azure",
    name,
    ...first ? { first } : {},
    open() {
      const fake = hns ? new FakeDataLake() : new FakeAzure();
      fake.create("files");
      return counted((fetch) =>
        new AzureBackend({
          container: "files",
          hns,
          accountName: "fake",
          ...credential,
          retry: { attempts: 1 },
          fetch,
        }), fake.fetch);
    },
  };
}

const PAGE = "id,total\n";

async function serve(url: string, init: RequestInit): Promise<Response> {
  await Promise.resolve();
  if (!url.endsWith(".txt")) return new Response(null, { status: 404 });
  const range = new Headers(init.headers).get("range");
  const [, from, to] = /^bytes=(\d+)-(\d*)/.exec(range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(Number(to || PAGE.length - 1), PAGE.length - 1);
  const body = PAGE.slice(start, end + 1);
  return new Response(init.method === "HEAD" ? null : body, {
    status: range === null ? 200 : 206,
    headers: {
      "accept-ranges": "bytes",
      "content-length": String(body.length),
      "content-type": "text/csv",
      etag: '"1"',
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      ...range === null
        ? {}
        : { "content-range": `bytes ${start}-${end}/${PAGE.length}` },
    },
  });
}

function http(name: string, ranges: boolean, first?: true): Configuration {
  return {
    backend: "HTTP",
    name,
    ...first ? { first } : {},
    open: () =>
      counted((fetch) =>
        new HttpBackend({
          baseUrl: "https://files.example.com/",
          ranges,
          retry,
          fetch,
        }), serve),
  };
}

function local(name: string, create: () => Backend): Configuration {
  return {
    backend: name,
    name: "as it is",
    first: true,
    open: () => counted(create, () => Promise.reject(new Error("no network"))),
  };
}

const key = { accountKey: btoa("key") };

/** The configurations, backend by backend. */
export const CONFIGURATIONS: readonly Configuration[] = [
  local("Memory", () => new MemoryBackend()),
  local("IndexedDB", () =>
    new IndexedDBBackend({
      scope: { ...scope, indexedDB: new scope.IDBFactory() },
    })),
  s3("AWS (dialect `aws`)", { dialect: "aws" }, true),
  s3("Cloudflare R2 (`r2`)", { dialect: "r2" }),
  s3("MinIO (`minio`)", { dialect: "minio" }),
  s3("Ceph (`ceph`)", { dialect: "ceph" }),
  s3("Google Cloud Storage (`gcs`)", { dialect: "gcs" }),
  s3("Backblaze B2 (`b2`)", { dialect: "b2" }),
  s3("any other (`generic`)", { dialect: "generic" }),
  s3("a `signer` in place of credentials, `aws`", {
    dialect: "aws",
    signer: (request) => Promise.resolve(request),
  }),
  s3('`credentials: "anonymous"`, `aws`', {
    dialect: "aws",
    credentials: "anonymous",
  }),
  azure("`accountKey`", false, key, true),
  azure("`token`", false, { token: () => "token" }),
  azure("`sasToken`", false, { sasToken: SAS }),
  azure("no credential: a public container", false, {}),
  azure("`hns: true`, `accountKey`", true, key),
  azure("`hns: true`, `sasToken`", true, { sasToken: SAS }),
  {
    backend: "R2",
    name: "as it is",
    first: true,
    open() {
      const bucket = new FakeR2();
      const backend = new R2Backend({ bucket });
      return {
        backend,
        store: new Store({ backend }),
        sent: () => [...bucket.counts.values()].reduce((sum, n) => sum + n, 0),
        forget: () => bucket.counts.clear(),
      };
    },
  },
  http("as it is", true, true),
  http("`ranges: false`", false),
];

/** The configuration that stands for each backend. */
export const FIRST: readonly Configuration[] = CONFIGURATIONS.filter((it) =>
  it.first
);
