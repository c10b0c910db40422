// This module is browser compatible.
import type { ContentDigest } from "../../core/digest.ts";
import type { ContentCheck } from "../../core/options.ts";
import { toBase64 } from "../_http/hmac.ts";
import type { Hasher } from "../../digest/hasher.ts";
import type { S3ChecksumAlgorithm } from "./dialect.ts";

/** Returns the SHA-256 of bytes in base64, as S3's header fields carry it. */
export async function sha256Base64(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return toBase64(
    new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
  );
}

/**
 * What the service is told to verify: a digest that the caller vouches for, or one that
 * is made here. SHA-256 goes with each part, a CRC with the whole, because S3 makes a
 * CRC of the whole from those of the parts, and no SHA-256.
 */
export class Verifier {
  /** The header field that carries a checksum. */
  readonly field: string;
  /** The algorithm as S3 spells it. */
  readonly algorithm: string;
  /** Whether the checksum is one of the whole content, in parts or not. */
  readonly whole: boolean;
  /** Takes bytes as they come, in order; then `ofAll` and `ofPart` do not. */
  readonly saw: ((bytes: Uint8Array) => void) | undefined;
  readonly #check: ContentCheck | null;
  readonly #crc: Hasher | null;
  #hasSeen = false;

  /** @param crc What makes a checksum of the whole, where no caller vouches for one. */
  constructor(
    algorithm: S3ChecksumAlgorithm,
    check: ContentCheck | null,
    crc: Hasher | null,
  ) {
    this.field = `x-amz-checksum-${algorithm}`;
    this.algorithm = algorithm.toUpperCase();
    this.#check = check;
    this.whole = algorithm !== "sha256";
    this.#crc = crc;
    this.saw = crc === null ? undefined : (bytes) => {
      this.#hasSeen = true;
      crc.update(bytes);
    };
  }

  /** Returns the checksum of content that is sent at once. */
  async ofAll(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    if (this.#check !== null) return toText(await this.#check.digest());
    if (!this.#hasSeen) this.#crc?.update(bytes);
    return await this.#ofCrc() ?? await sha256Base64(bytes);
  }

  /** Takes the bytes of the next part, in order. Their checksum, where parts have one. */
  ofPart(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
    if (!this.#hasSeen) this.#crc?.update(bytes);
    if (this.whole) return Promise.resolve(null);
    return this.#check === null
      ? sha256Base64(bytes)
      : this.#check.digestOf(bytes).then(toText);
  }

  /** Returns the checksum of all parts together, where there is one. */
  async ofParts(): Promise<string | null> {
    if (!this.whole) return null;
    if (this.#check !== null) return toText(await this.#check.digest());
    return await this.#ofCrc();
  }

  async #ofCrc(): Promise<string | null> {
    return this.#crc === null ? null : toBase64(await this.#crc.digest());
  }
}

/** Returns what checks a write; `null` where nothing does. */
export function verifierFor(
  option: S3ChecksumAlgorithm | null,
  check: ContentCheck | null,
): Promise<Verifier> | null {
  const algorithm = check?.algorithm as S3ChecksumAlgorithm | undefined ??
    option;
  return algorithm === null ? null : createVerifier(algorithm, check);
}

async function createVerifier(
  algorithm: S3ChecksumAlgorithm,
  check: ContentCheck | null,
): Promise<Verifier> {
  if (algorithm === "sha256" || check !== null) {
    return new Verifier(algorithm, check, null);
  }
  // Of no use to those who ask for no checksum, so it is no part of their bundle.
  const { createChecksum } = await import("../../digest/checksum.ts");
  return new Verifier(algorithm, null, createChecksum(algorithm));
}

/** Returns a digest in base64, as S3's header fields carry it. */
export function toText(digest: ContentDigest): string {
  const bytes = digest.value.match(/../g)?.map((hex) => parseInt(hex, 16));
  return toBase64(Uint8Array.from(bytes ?? []));
}
