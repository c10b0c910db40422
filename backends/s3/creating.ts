// This module is browser compatible.
import { AlreadyExistsError } from "../../core/errors.ts";
import { CALL, requireKnown } from "../../core/known_options.ts";
import type { CallOptions } from "../../core/options.ts";
import { fieldsOnly } from "../_http/answer.ts";
import { S3Connection } from "./connection.ts";
import { failureCode } from "./failures.ts";
import type { S3Options } from "./options.ts";
import { toSigning } from "./sigv4.ts";

/** Where AWS creates what names no region. */
const DEFAULT_REGION = "us-east-1";

/**
 * Creates the bucket that the options name, in their region, unless it is there already
 * and the caller's own.
 *
 * @example The first steps with a new account
 *
 * It does not run here: it needs an account.
 * ```ts ignore
 * await createContainer(options);
 * const store = new Store({ backend: new S3Backend(options) });
 * ```
 *
 * @throws {AlreadyExistsError} If there is a bucket of this name that the service does
 *   not call the caller's own: on AWS another account's, on a server that knows no owners
 *   (s3rver is one) each that is there, one's own too: `ping()` of a store over it tells
 *   whether it can be used.
 * @throws {PermissionDeniedError} If the credentials do not allow it.
 */
export async function createContainer(
  options: S3Options,
  call: CallOptions = {},
): Promise<void> {
  requireKnown("create a bucket", null, call, CALL);
  const connection = new S3Connection(options, toSigning);
  const { bucket, region, address } = connection.settings;
  // Only AWS has the region in its host's name; others create where they are asked.
  const elsewhere = address.regional && region !== DEFAULT_REGION;
  const answer = await connection.ask(
    {
      method: "PUT",
      key: null,
      kind: "other",
      ...elsewhere && { body: inRegion(region) },
    },
    { answers: { 200: fieldsOnly }, signal: call.signal },
    [409],
  );
  if (answer.outcome === "done") return;
  const code = failureCode(answer.failure);
  // The answer of a try before may have been lost.
  if (code === "BucketAlreadyOwnedByYou") return;
  if (code !== "BucketAlreadyExists") throw answer.error;
  throw new AlreadyExistsError(
    `Cannot create the bucket ${
      JSON.stringify(bucket)
    }: it exists, and may be your own or another account's, as the service does not tell (${code}); ping() of a store over it tells whether it can be used`,
    { backend: "s3", cause: answer.error },
  );
}

function inRegion(region: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`,
  );
}
