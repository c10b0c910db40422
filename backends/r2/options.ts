// This module is browser compatible.
import { refuse as refuseCall } from "../../core/errors.ts";
import { checkWhole } from "../../core/gates.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { type RetryOptions, RetryPolicy } from "../../core/retry.ts";
import { REAL_TIMING, type Timing } from "../_http/retry.ts";
import type { UploadLimits } from "../_http/upload_plan.ts";
import type { R2BucketBinding } from "./binding.ts";

/** What fails where an option is wrong. */
const CREATE = "create an R2Backend";

/** Options of {@linkcode R2Backend}. */
export interface R2Options {
  /** The Worker's binding: `env.BUCKET`. */
  readonly bucket: R2BucketBinding;
  /**
   * The bucket's name, which the binding does not tell. Native paths then begin with it,
   * as they do on S3.
   */
  readonly bucketName?: string | undefined;
  /**
   * The size of an upload's parts in bytes, 5 MiB at least. A stream of unknown length
   * that ends within the first part is stored at once.
   *
   * @default {8388608}
   */
  readonly partSize?: number | undefined;
  /**
   * How many parts of one upload are in flight. An upload holds
   * `partSize × (concurrency + 1)` bytes at most, of the 128 MB that a Worker has.
   *
   * @default {2}
   */
  readonly concurrency?: number | undefined;
  /** When requests are repeated. */
  readonly retry?: RetryPolicy | RetryOptions | undefined;
}

/** The options, complete and checked. */
export interface Settings {
  /** The binding. */
  readonly bucket: R2BucketBinding;
  /** The bucket's name; `null` where it was not given. */
  readonly bucketName: string | null;
  /** The size of parts. */
  readonly partSize: number;
  /** Parts in flight. */
  readonly concurrency: number;
  /** When to repeat. */
  readonly retry: RetryPolicy;
  /** The most bytes that are stored at once, and so under a condition. */
  readonly putLimit: number;
  /** The clock. */
  readonly timing: Timing;
}

const MIB = 1024 * 1024;
const MIN_PART_SIZE = 5 * MIB;
/** R2's limit of one part. */
const MAX_PART_SIZE = 5 * 1024 * MIB;
/** R2's limit of one put: 5 GiB less 5 MiB, as its page of limits has it. */
const PUT_LIMIT = MAX_PART_SIZE - 5 * MIB;
/** R2's limit of parts. */
const MAX_PARTS = 10_000;

/** Returns what R2 takes of an upload in parts, which are of one size. */
export function uploadLimits(
  { partSize, concurrency }: Pick<Settings, "partSize" | "concurrency">,
): UploadLimits {
  return {
    partSize,
    concurrency,
    maxParts: MAX_PARTS,
    maxPartSize: MAX_PART_SIZE,
    equalParts: true,
  };
}

const METHODS = [
  "head",
  "get",
  "put",
  "createMultipartUpload",
  "delete",
  "list",
] as const;

const KNOWN: KnownOptions<R2Options> = {
  bucket: true,
  bucketName: "string",
  partSize: "number",
  concurrency: "number",
  retry: true,
};

/**
 * Checks the options without any I/O.
 *
 * @throws {InvalidArgumentError} If one is missing, wrong or not known.
 */
export function checkOptions(options: R2Options): Settings {
  if (typeof options !== "object" || options === null) {
    refuse("the options are no object");
  }
  requireKnown(CREATE, null, options, KNOWN);
  const {
    bucket,
    bucketName,
    partSize = 8 * MIB,
    concurrency = 2,
    retry,
  } = options;
  const missing = METHODS.find((name) => typeof bucket?.[name] !== "function");
  if (missing !== undefined) {
    refuse(
      bucket === undefined
        ? "bucket is undefined: does the Worker's configuration name this binding?"
        : `bucket is no R2 binding, it has no ${missing}()`,
    );
  }
  const name = bucketName?.trim();
  if (name === "" || /[\s/?#\\]/.test(name ?? "")) {
    refuse(`bucketName is ${JSON.stringify(bucketName)}`);
  }
  checkWhole(CREATE, null, "partSize", partSize, MIN_PART_SIZE, MAX_PART_SIZE);
  checkWhole(CREATE, null, "concurrency", concurrency, 1, 1000);
  return {
    bucket,
    bucketName: name ?? null,
    partSize,
    concurrency,
    retry: new RetryPolicy(retry),
    putLimit: PUT_LIMIT,
    timing: REAL_TIMING,
  };
}

function refuse(why: string): never {
  refuseCall(CREATE, null, why);
}
