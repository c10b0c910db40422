/**
 * Signs for pages that have no secret: what `signHandler` of `ext/sign` needs to know of S3.
 * Only for servers.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { S3Backend } from "@remote-store/core/backends/s3";
 * import { s3Signing } from "@remote-store/core/backends/s3-signing";
 * import { signHandler } from "@remote-store/core/ext/sign";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({
 *   backend: new S3Backend({
 *     bucket: "photos",
 *     region: "eu-central-1",
 *     credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
 *   }),
 * });
 * const sign = signHandler({
 *   store,
 *   signing: s3Signing,
 *   root: () => "users/42",
 *   authorize: ({ operation }) => operation === "read",
 * });
 * const answer = await sign(new Request("https://app.example.com/sign"));
 * assertEquals(answer.status, 405);
 * ```
 *
 * @module
 */
import { hmacSha256, toHmacKey } from "../_http/hmac.ts";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
} from "../../core/errors.ts";
import type {
  SigningCase,
  SigningQuestion,
  SigningService,
  UnsignedFields,
} from "../../core/signing.ts";
import type { StoreLike } from "../../core/store_like.ts";
import { readKeys, readParts } from "./asked_bodies.ts";
import { readAsked } from "./asked.ts";
import { BucketBackend, connectionOf } from "./bucket.ts";
import { AskedCase } from "./asked_case.ts";
import { refusesUnsigned } from "./dialect.ts";
import type { S3Connection } from "./connection.ts";

/**
 * Returns what signs for a store over S3.
 *
 * @throws {CapabilityNotSupportedError} If the store is over something else.
 * @throws {InvalidArgumentError} If it is not said what the service does with unsigned
 * fields, and its dialect is not `aws`; or if the backend's options hold a key of the
 * customer's, which each page would be told.
 */
export function s3Signing(
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  { unsignedFields }: { readonly unsignedFields: UnsignedFields | undefined },
): SigningService {
  const backend = store.unwrap(BucketBackend);
  const connection = connectionOf(backend);
  const { dialect, headers } = connection.settings;
  const unsigned = unsignedFields ??
    (refusesUnsigned(dialect) ? "refused" : null);
  if (unsigned === null) {
    throw new InvalidArgumentError(
      `Cannot sign for pages: what the service (dialect ${dialect.name}) does with header fields that are not signed has to be said: unsignedFields is refused, scoped or accepted`,
    );
  }
  if (!["refused", "scoped", "accepted"].includes(unsigned)) {
    throw new InvalidArgumentError(
      `Cannot sign for pages: unsignedFields is ${JSON.stringify(unsigned)}`,
    );
  }
  if (Object.keys(headers).some((name) => name.includes("-customer-"))) {
    throw new InvalidArgumentError(
      "Cannot sign for pages: the option headers holds a key of the customer's, which every page would be told",
    );
  }
  const { signing } = connection;
  if (signing.isDelegated || !signing.presigns) {
    throw new CapabilityNotSupportedError(
      "the backend has no credentials to sign with",
      { capability: "presign" },
    );
  }
  return new S3SigningService(backend, store, connection, unsigned);
}

class S3SigningService implements SigningService {
  readonly #backend: BucketBackend;
  readonly #store: Pick<StoreLike, "unwrap" | "nativePath">;
  readonly #connection: S3Connection;
  readonly #unsignedFields: UnsignedFields;

  constructor(
    backend: BucketBackend,
    store: Pick<StoreLike, "unwrap" | "nativePath">,
    connection: S3Connection,
    unsignedFields: UnsignedFields,
  ) {
    this.#backend = backend;
    this.#store = store;
    this.#connection = connection;
    this.#unsignedFields = unsignedFields;
  }

  describe(): Readonly<Record<string, unknown>> {
    const { settings } = this.#connection;
    const { bucket, address, region, dialect, partSize } = settings;
    return {
      service: "s3",
      endpoint: address.endpoint,
      pathStyle: address.bucketUrl.startsWith(`${address.endpoint}/`),
      bucket,
      region,
      dialect: dialect.name,
      partSize,
      unsignedFields: this.#unsignedFields,
    };
  }

  keyOf(path: string): string {
    return this.#backend.toKey(this.#store.nativePath(path));
  }

  async read(question: SigningQuestion): Promise<SigningCase> {
    const asked = readAsked(question, this.#connection);
    const { body } = question;
    const checksum = asked.headers["x-amz-checksum-sha256"];
    const keys = asked.name === "deleteMany" && body !== null
      ? await readKeys(body, checksum)
      : [];
    const parts = asked.name === "complete" && body !== null
      ? readParts(body)
      : [];
    return new AskedCase(this.#connection, question, asked, keys, parts);
  }

  deriveKey(purpose: string): Uint8Array<ArrayBuffer> | null {
    const kept = this.#connection.signing.kept?.() ?? null;
    // A session ends, and its secret with it.
    if (kept === null || kept.sessionToken !== undefined) return null;
    const key = toHmacKey(new TextEncoder().encode(kept.secretAccessKey));
    return hmacSha256(key, purpose);
  }
}
