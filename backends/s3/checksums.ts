// This module is browser compatible.
import type { ContentDigest } from "../../core/digest.ts";
import type { ContentCheck } from "../../core/options.ts";
import { toBase64 } from "../_http/hmac.ts";
import type { S3ChecksumAlgorithm } from "./dialect.ts";

/** A checksum that is fed as the bytes go by. */
export interface Crc {
  /** Takes the next bytes. */
  update(bytes: Uint8Array): void;
  /** Returns the checksum of all bytes so far, in base64. */
  base64(): string;
}

/** Returns the checksum of bytes in base64, as S3's header fields carry it. */
export async function checksumOf(
  algorithm: S3ChecksumAlgorithm,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  if (algorithm === "sha256") {
    return toBase64(
      new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
    );
  }
  const crc = createCrc(algorithm);
  crc.update(bytes);
  return crc.base64();
}

/** Returns a fresh checksum. */
export function createCrc(
  algorithm: Exclude<S3ChecksumAlgorithm, "sha256">,
): Crc {
  if (algorithm === "crc64nvme") return new Crc64();
  return new Crc32(algorithm === "crc32" ? 0xedb88320 : 0x82f63b78);
}

class Crc32 implements Crc {
  readonly #table: Uint32Array;
  #value = 0xffffffff;

  constructor(polynomial: number) {
    this.#table = Uint32Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit++) {
        value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
      }
      return value;
    });
  }

  update(bytes: Uint8Array): void {
    const table = this.#table;
    let value = this.#value;
    for (let i = 0; i < bytes.length; i++) {
      value = table[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
    }
    this.#value = value;
  }

  base64(): string {
    const out = new DataView(new ArrayBuffer(4));
    out.setUint32(0, ~this.#value >>> 0);
    return toBase64(new Uint8Array(out.buffer));
  }
}

/** CRC-64/NVME reflected: 0x9a6c9329ac4bc9b5 in two halves, because a BigInt a byte is slow. */
const NVME_HIGH = 0x9a6c9329;
const NVME_LOW = 0xac4bc9b5;

class Crc64 implements Crc {
  readonly #highs = new Uint32Array(256);
  readonly #lows = new Uint32Array(256);
  #high = 0xffffffff;
  #low = 0xffffffff;

  constructor() {
    for (let index = 0; index < 256; index++) {
      let high = 0;
      let low = index;
      for (let bit = 0; bit < 8; bit++) {
        const odd = low & 1;
        low = ((low >>> 1) | (high << 31)) >>> 0;
        high >>>= 1;
        if (odd) {
          high = (high ^ NVME_HIGH) >>> 0;
          low = (low ^ NVME_LOW) >>> 0;
        }
      }
      this.#highs[index] = high;
      this.#lows[index] = low;
    }
  }

  update(bytes: Uint8Array): void {
    const highs = this.#highs;
    const lows = this.#lows;
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < bytes.length; i++) {
      const index = (low ^ bytes[i]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ lows[index]!;
      high = (high >>> 8) ^ highs[index]!;
    }
    this.#high = high >>> 0;
    this.#low = low >>> 0;
  }

  base64(): string {
    const out = new DataView(new ArrayBuffer(8));
    out.setUint32(0, ~this.#high >>> 0);
    out.setUint32(4, ~this.#low >>> 0);
    return toBase64(new Uint8Array(out.buffer));
  }
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
  readonly #check: ContentCheck | null;
  readonly #crc: Crc | null;

  constructor(algorithm: S3ChecksumAlgorithm, check: ContentCheck | null) {
    this.field = `x-amz-checksum-${algorithm}`;
    this.algorithm = algorithm.toUpperCase();
    this.#check = check;
    this.whole = algorithm !== "sha256";
    this.#crc = algorithm === "sha256" || check !== null
      ? null
      : createCrc(algorithm);
  }

  /** Returns the checksum of content that is sent at once. */
  async ofAll(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    if (this.#check !== null) return toText(await this.#check.digest());
    this.#crc?.update(bytes);
    return this.#crc?.base64() ?? await checksumOf("sha256", bytes);
  }

  /** Takes the bytes of the next part, in order. Their checksum, where parts have one. */
  ofPart(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
    this.#crc?.update(bytes);
    if (this.whole) return Promise.resolve(null);
    return this.#check === null
      ? checksumOf("sha256", bytes)
      : this.#check.digestOf(bytes).then(toText);
  }

  /** Returns the checksum of all parts together, where there is one. */
  async ofParts(): Promise<string | null> {
    if (!this.whole) return null;
    if (this.#check !== null) return toText(await this.#check.digest());
    return this.#crc?.base64() ?? null;
  }
}

/** Returns what checks a write; `null` where nothing does. */
export function verifierFor(
  option: S3ChecksumAlgorithm | null,
  check: ContentCheck | null,
): Verifier | null {
  const algorithm = check?.algorithm as S3ChecksumAlgorithm | undefined ??
    option;
  return algorithm === null ? null : new Verifier(algorithm, check);
}

function toText(digest: ContentDigest): string {
  const bytes = digest.value.match(/../g)?.map((hex) => parseInt(hex, 16));
  return toBase64(Uint8Array.from(bytes ?? []));
}
