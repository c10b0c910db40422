/**
 * Pure: stores over the strict fake, and the seams that tests of the S3 backend cut at.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  RetryPolicy,
  Store,
} from "../../../mod.ts";
import type { Arrived } from "../../fakes/s3/answers.ts";
import { ACCOUNT, type FakeS3, type Fault } from "../../fakes/s3/service.ts";

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

/** Requests by what they do. */
export const isComplete = ({ method, query }: Arrived): boolean =>
  method === "POST" && query.has("uploadId");
export const isPut = ({ method, query }: Arrived): boolean =>
  method === "PUT" && !query.size;
export const isDelete = ({ method, query }: Arrived): boolean =>
  method === "DELETE" && !query.size;

/** Does something with the first request that fits, and lets the others pass. */
export function first(
  fits: (arrived: Arrived) => boolean,
  act: (next: () => Promise<Response>) => unknown,
): Fault {
  let done = false;
  return async (arrived, next) => {
    if (done || !fits(arrived)) return await next();
    done = true;
    await act(next);
    throw new TypeError("connection reset");
  };
}

/** Puts a file that was there before. */
export function putOld(
  fake: FakeS3,
  key: string,
  bytes: Uint8Array,
  etag: string,
): void {
  const object = fake.bucket.put(key, bytes.slice(), {}, etag);
  const HOUR = 3_600_000;
  const modified = object.modified - HOUR;
  fake.bucket.objects.set(key, { ...object, modified });
}

/** Expects a call to say that nobody knows, because of something. */
export async function isInDoubt(
  call: () => Promise<unknown>,
  cause: string,
): Promise<void> {
  const error = await assertRejects(call, BackendUnavailableError);
  assert(error.inDoubt, "the error does not say that it is in doubt");
  assert(isRemoteStoreError(error.cause), `${error.cause}`);
  assertEquals(error.cause.code, cause);
}

/** Returns the code of the error that a call is rejected with, and that nothing was changed. */
export async function refusal(call: () => Promise<unknown>): Promise<string> {
  const error = await call().then(() => null, (error: unknown) => error);
  assert(isRemoteStoreError(error), `it came to ${error}`);
  if (error.code === "BackendUnavailable") assertEquals(error.inDoubt, false);
  return error.code;
}
