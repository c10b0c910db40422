/**
 * A store on the fake bucket, and faults on the way to it.
 *
 * @module
 */
import {
  R2Backend,
  type R2BucketBinding,
  type R2Options,
  type R2Upload,
} from "../../../backends/r2/mod.ts";
import { checkOptions, type Settings } from "../../../backends/r2/options.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import { FakeR2 } from "../../fakes/r2/bucket.ts";

/**
 * What happens to a call instead: an error, or `"lost"`: the service acts, and its answer
 * does not arrive. `null` for nothing. Calls are counted from 1 by method.
 */
export type Fault = (method: string, number: number) => Error | "lost" | null;

/** How a connection ends. */
export const LOST = "Network connection lost.";

/** Everything that a test of the fake needs. */
export interface FakeStore {
  readonly fake: FakeR2;
  readonly bucket: R2BucketBinding;
  readonly settings: Settings;
  readonly backend: R2Backend;
  readonly store: Store;
}

/** Returns a fault that hits one call. */
export function at(
  method: string,
  number: number,
  fault: Error | "lost",
): Fault {
  return (called, count) =>
    called === method && count === number ? fault : null;
}

/** Creates a store on an empty fake bucket. */
export function createFake(
  fault: Fault = () => null,
  options: Partial<R2Options> = {},
): FakeStore {
  const fake = new FakeR2();
  const bucket = withFaults(fake, fault);
  const retry = new RetryPolicy({ attempts: 3, minDelay: 0 });
  const all = { bucket, retry, ...options };
  const backend = new R2Backend(all);
  return {
    fake,
    bucket,
    settings: checkOptions(all),
    backend,
    store: new Store({ backend }),
  };
}

/** Puts faults before a bucket. */
export function withFaults(fake: FakeR2, fault: Fault): R2BucketBinding {
  const counts = new Map<string, number>();
  const through = async <T>(method: string, act: () => Promise<T>) => {
    const number = (counts.get(method) ?? 0) + 1;
    counts.set(method, number);
    const found = fault(method, number);
    if (found instanceof Error) throw found;
    const value = await act();
    if (found === null) return value;
    throw new Error(LOST);
  };
  const upload = (inner: R2Upload): R2Upload => ({
    uploadPart: (number, value) =>
      through("uploadPart", () => inner.uploadPart(number, value)),
    abort: () => through("abort", () => inner.abort()),
    complete: (parts) => through("complete", () => inner.complete(parts)),
  });
  return {
    head: (key) => through("head", () => fake.head(key)),
    get: (key, options) => through("get", () => fake.get(key, options)),
    put: (key, value, options) =>
      through("put", () => fake.put(key, value, options)),
    delete: (keys) => through("delete", () => fake.delete(keys)),
    list: (options) => through("list", () => fake.list(options)),
    createMultipartUpload: async (key, options) =>
      upload(
        await through(
          "createMultipartUpload",
          () => fake.createMultipartUpload(key, options),
        ),
      ),
  };
}

/** Returns an error with a number of R2's. */
export function numbered(code: number): Error {
  return new Error(`call: what R2 says of it (${code})`);
}

/** Returns a stream of bytes, whose length nobody is told. */
export function streamOf(
  size: number,
  fill = 0,
  end: (controller: ReadableStreamDefaultController) => void = (controller) =>
    controller.close(),
): ReadableStream<Uint8Array> {
  const CHUNK = 256 * 1024;
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return end(controller);
      const chunk = new Uint8Array(Math.min(CHUNK, left)).fill(fill);
      left -= chunk.byteLength;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
}
