/**
 * Files in a Worker's own R2 bucket, by its binding: nothing to sign, and creates that
 * are free of races. For Cloudflare Workers; from elsewhere R2 is reached by the S3
 * backend.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { R2Backend, type R2BucketBinding } from "@remote-store/core/backends/r2";
 * import { assert } from "@std/assert";
 *
 * interface Env {
 *   readonly BUCKET: R2BucketBinding;
 * }
 *
 * let store: Store | undefined;
 *
 * // In a Worker this is the default export.
 * const worker = {
 *   async fetch(request: Request, env: Env): Promise<Response> {
 *     // One for all requests.
 *     store ??= new Store({ backend: new R2Backend({ bucket: env.BUCKET }) });
 *     return new Response(await store.read(new URL(request.url).pathname));
 *   },
 * };
 * assert(typeof worker.fetch === "function");
 * ```
 *
 * @module
 */

export { R2Backend } from "./backend.ts";
export type {
  R2BucketBinding,
  R2Condition,
  R2Hashes,
  R2Headers,
  R2ObjectContent,
  R2ObjectFacts,
  R2Page,
  R2PageOptions,
  R2ReadOptions,
  R2StoreOptions,
  R2Upload,
  R2UploadedPart,
  R2UploadOptions,
} from "./binding.ts";
export type { R2Options } from "./options.ts";
