// This module is browser compatible.
import { AwsV4Signer } from "aws4fetch";
import { type HmacKey, hmacSha256, toHex, toHmacKey } from "../_http/hmac.ts";
import { sha256 } from "../_http/sha256.ts";

/** What aws4fetch's signer is made from. */
export type SignerInit = ConstructorParameters<typeof AwsV4Signer>[0];

/** Signing keys, by what they are derived from: secrets, both. */
export type SigningKeys = Map<string, HmacKey>;

const ENCODER = new TextEncoder();

/** Old days and accounts are of no use. */
const MAX_KEYS = 8;

/**
 * aws4fetch's signer, which hashes where it stands: by SubtleCrypto each signature takes
 * three hops between threads, a tenth of a millisecond and more.
 */
export class SynchronousSigner extends AwsV4Signer {
  readonly #keys: SigningKeys;

  /** `keys` are those of earlier signatures, and get this one's. */
  constructor(init: SignerInit, keys: SigningKeys) {
    super(init);
    this.#keys = keys;
  }

  /** Returns the signature, in hexadecimal (Signature Version 4). */
  override async signature(): Promise<string> {
    const request = ENCODER.encode(await this.canonicalString());
    const text = [
      "AWS4-HMAC-SHA256",
      this.datetime,
      this.credentialString,
      toHex(sha256(request)),
    ].join("\n");
    return toHex(hmacSha256(this.#key(), text));
  }

  #key(): HmacKey {
    const scope = this.credentialString.split("/");
    const name = [this.secretAccessKey, ...scope].join("\n");
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const secret = ENCODER.encode(`AWS4${this.secretAccessKey}`);
    const key = scope.reduce(
      (from, part) => toHmacKey(hmacSha256(from, part)),
      toHmacKey(secret),
    );
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}
