/**
 * Faults on the way to a service, for authors of backends that use `fetch`: requests that
 * do not arrive or arrive late, answers that get lost, bodies that break off, "later" in
 * all its forms, pages of portals, wrong clocks, repeated cursors, other writers in
 * between.
 *
 * A {@linkcode FaultyFetch} stands in front of any `fetch`: a fake's, or the platform's on the
 * way to a real service. What happens to a request is drawn from a seed, so that a run
 * can be repeated; each request is a line of the log, which says what happened to it and whether
 * the service has got it. So a test knows what may be true, and can demand:
 *
 * - What a call reports as done is there.
 * - A call that is refused has changed nothing. Where nobody can know, the call says so.
 * - A create replaces nothing, a move never loses the only copy.
 * - A call that has settled sends nothing more, and every body is released.
 *
 * @example A write whose answer is lost
 * ```ts
 * import { RetryPolicy, Store } from "@remote-store/core";
 * import { S3Backend } from "@remote-store/core/backends/s3";
 * import { FaultyFetch, lost } from "@remote-store/core/conformance/faults";
 * import { assertEquals } from "@std/assert";
 *
 * // A server of one file, in place of a real one.
 * let stored: BodyInit | null = null;
 * const serve = (_url: string, { method, body = null }: RequestInit) => {
 *   if (method === "GET") return Promise.resolve(new Response(stored));
 *   stored = body;
 *   return Promise.resolve(new Response(null, { headers: { etag: '"1"' } }));
 * };
 *
 * const faulty = new FaultyFetch({
 *   fetch: serve,
 *   faults: [],
 *   seed: 1,
 *   choose: ({ number }) => number === 0 ? lost : null,
 * });
 * const store = new Store({
 *   backend: new S3Backend({
 *     bucket: "bucket",
 *     endpoint: "https://s3.example.com",
 *     credentials: "anonymous",
 *     retry: new RetryPolicy({ minDelay: 0 }),
 *     fetch: faulty.fetch,
 *   }),
 * });
 * void await store.write("a.txt", "A", { overwrite: true });
 *
 * assertEquals(
 *   faulty.log.map(({ fault, told }) => [fault?.name, told]),
 *   [["lost", "nothing"], [undefined, 200]],
 * );
 * assertEquals(faulty.openBodies, 0);
 * ```
 *
 * @example A hundred reads on a bad network
 * ```ts
 * import { isRemoteStoreError, RetryPolicy, Store } from "@remote-store/core";
 * import { HttpBackend } from "@remote-store/core/backends/http";
 * import { FaultyFetch, networkFaults } from "@remote-store/core/conformance/faults";
 * import { assertEquals } from "@std/assert";
 *
 * const serve = () => {
 *   const headers = { "content-length": "5", etag: '"1"' };
 *   return Promise.resolve(new Response("Hello", { headers }));
 * };
 *
 * for (let seed = 0; seed < 100; seed++) {
 *   await using faulty = new FaultyFetch({
 *     fetch: serve,
 *     faults: networkFaults,
 *     rate: 0.5,
 *     seed,
 *   });
 *   const store = new Store({
 *     backend: new HttpBackend({
 *       baseUrl: "https://example.com",
 *       retry: new RetryPolicy({ minDelay: 0, maxDelay: 0 }),
 *       fetch: faulty.fetch,
 *     }),
 *   });
 *   try {
 *     assertEquals(await store.readText("hello.txt"), "Hello", `${faulty}`);
 *   } catch (error) {
 *     if (!isRemoteStoreError(error)) throw error;
 *   }
 * }
 * ```
 *
 * @module
 */

export { azureFaults } from "./_faults/azure.ts";
export {
  broken,
  type Course,
  Exchange,
  type Fault,
  type Reach,
  type Send,
} from "./_faults/exchange.ts";
export { FaultyFetch, type FaultyFetchOptions } from "./_faults/fetch.ts";
export {
  between,
  busy,
  cutAnswer,
  cutRequest,
  delayed,
  dropped,
  foreign404,
  gateway,
  lost,
  networkFaults,
  page,
} from "./_faults/network.ts";
export { seeded } from "./_faults/random.ts";
export { s3Faults } from "./_faults/s3.ts";
