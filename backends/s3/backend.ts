// This module is browser compatible.
import { BucketBackend } from "./bucket.ts";
import { S3Connection } from "./connection.ts";
import type { S3Options } from "./options.ts";
import { toSigning } from "./sigv4.ts";

/**
 * Files in a bucket of S3, or of a service that speaks its protocol. Safe for
 * concurrent calls. `close` is for good.
 */
export class S3Backend extends BucketBackend {
  /**
   * Checks the options; sends nothing.
   *
   * @throws {InvalidArgumentError} If an option is missing or wrong.
   */
  constructor(options: S3Options) {
    super(new S3Connection(options, toSigning));
  }
}
