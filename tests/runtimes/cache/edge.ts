/**
 * The module of an isolate that shares a cache with another one: each request is a job.
 *
 * @module
 */
import { S3Backend } from "../../../backends/s3/mod.ts";
import { Store } from "../../../mod.ts";
import type { WebCacheStorage } from "../../../ext/web_cache.ts";
import { type Job, sideOf } from "./side.ts";

interface Bindings {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

let doing: ((job: Job) => Promise<string>) | null = null;

function open({ endpoint, ...credentials }: Bindings) {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint,
    dialect: "aws",
    credentials,
  });
  const { default: storage } = caches as unknown as {
    readonly default: WebCacheStorage;
  };
  return sideOf(new Store({ backend }), storage, "shared");
}

/** The handler of requests. */
export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const job: Job = await request.json();
    return new Response(await (doing ??= open(bindings))(job));
  },
};
