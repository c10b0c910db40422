// This module is browser compatible.
import { InvalidArgumentError, refuse } from "./errors.ts";

// Listings have a digest for each file: to look a byte up takes a quarter of the time.
const HEX = /* @__PURE__ */ Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/**
 * The hash of a file's content: an algorithm in the short spelling (`sha256`,
 * `md5`, `crc32c`) and a lower-case hexadecimal value. Never an ETag.
 *
 * @example Both spellings give one digest
 * ```ts
 * import { ContentDigest } from "@remote-store/core";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const digest = new ContentDigest("SHA-256", "AB".repeat(32));
 * assertEquals(digest.algorithm, "sha256");
 * assert(digest.equals(new ContentDigest("sha256", "ab".repeat(32))));
 * ```
 */
export class ContentDigest {
  /** The algorithm, lower-case and without a hyphen: `sha256`. */
  readonly algorithm: string;
  /** The hash, lower-case hexadecimal. */
  readonly value: string;

  /**
   * Creates a digest; both arguments are normalised.
   *
   * @throws {InvalidArgumentError} If one is empty or the value is not hexadecimal.
   */
  constructor(algorithm: string, value: string) {
    for (const given of [algorithm, value] as unknown[]) {
      if (typeof given === "string") continue;
      refuse(
        "create a digest",
        null,
        "it is made of two texts, an algorithm and a hexadecimal value",
      );
    }
    // WebCrypto says "SHA-256" where hashlib, and this library's data, say "sha256".
    const name = algorithm.trim().toLowerCase().replaceAll("-", "");
    const hex = value.trim().toLowerCase();
    if (name === "") {
      refuse("create a digest", null, "the algorithm is empty");
    }
    if (hex === "" || hex.length % 2 !== 0 || /[^0-9a-f]/.test(hex)) {
      const given = JSON.stringify(value);
      refuse(`create a ${name} digest`, null, `${given} is not hexadecimal`);
    }
    this.algorithm = name;
    this.value = hex;
    Object.freeze(this);
  }

  /** Creates a digest from the base64 text that HTTP headers carry. */
  static fromBase64(algorithm: string, base64: string): ContentDigest {
    // What is no text would be made one: "null" is base64 of three bytes.
    if (typeof base64 !== "string") {
      refuse("create a digest", null, "the base64 is no text");
    }
    let binary: string;
    try {
      binary = atob(base64.trim());
    } catch (cause) {
      throw new InvalidArgumentError(
        `Cannot create a ${algorithm} digest: ${
          JSON.stringify(base64)
        } is not base64`,
        { cause },
      );
    }
    let hex = "";
    for (let i = 0; i < binary.length; i++) hex += HEX[binary.charCodeAt(i)];
    return new ContentDigest(algorithm, hex);
  }

  /** Returns whether algorithm and value are the same. */
  equals(other: { algorithm: string; value: string } | null): boolean {
    return other !== null && this.algorithm === other.algorithm &&
      this.value === other.value;
  }

  /** Returns `algorithm:value`. */
  toString(): string {
    return `${this.algorithm}:${this.value}`;
  }
}
