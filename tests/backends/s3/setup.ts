/**
 * Pure: stores over the strict fake, and the seams that tests of the S3 backend cut at.
 *
 * @module
 */
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import { ACCOUNT, type FakeS3 } from "../../fakes/s3/service.ts";

/** Retries without waiting. */
export const QUICK: RetryPolicy = new RetryPolicy({
  attempts: 3,
  minDelay: 0,
  maxDelay: 0,
});

/** Returns the options of a backend over a fake. */
export function optionsOf(
  fake: FakeS3,
  options: Partial<S3Options> = {},
): S3Options {
  return {
    bucket: "bucket",
    endpoint: "http://s3.test",
    dialect: "aws",
    credentials: ACCOUNT,
    fetch: fake.fetch,
    retry: QUICK,
    ...options,
  };
}

/** Returns a store over a fake. */
export function storeOf(
  fake: FakeS3,
  options: Partial<S3Options> = {},
): Store {
  return new Store({ backend: new S3Backend(optionsOf(fake, options)) });
}

/** A source that tells how it ended. */
export interface Given {
  readonly stream: ReadableStream<Uint8Array>;
  /** The reasons it was cancelled with. */
  readonly cancelled: unknown[];
  /** Whether all of it was taken. */
  ended: boolean;
}

/** Returns a stream of `size` bytes in chunks, whose cancellation is seen. */
export function source(
  size: number,
  fail?: { readonly at: number; readonly error: unknown },
): Given {
  const CHUNK = 1024 * 1024;
  const cancelled: unknown[] = [];
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (fail !== undefined && sent >= fail.at) {
        return controller.error(fail.error);
      }
      if (sent >= size) {
        given.ended = true;
        return controller.close();
      }
      const chunk = new Uint8Array(Math.min(CHUNK, size - sent));
      chunk.fill(sent / CHUNK);
      sent += chunk.byteLength;
      controller.enqueue(chunk);
    },
    cancel(reason) {
      cancelled.push(reason);
    },
  }, { highWaterMark: 0 });
  const given: Given = { stream, cancelled, ended: false };
  return given;
}
