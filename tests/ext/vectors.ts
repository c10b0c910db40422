/**
 * Official test vectors, from the documents that define the algorithms.
 *
 * @module
 */
import type { HashAlgorithm } from "../../digest/algorithm.ts";

/** One message and its hash. */
export interface Vector {
  readonly algorithm: HashAlgorithm;
  /** The document, and which of its messages. */
  readonly from: string;
  readonly message: Uint8Array<ArrayBuffer>;
  readonly hex: string;
}

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (length: number, of: (i: number) => number) =>
  Uint8Array.from({ length }, (_, i) => of(i));

const TWO_BLOCKS_448 = text(
  "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
);
const TWO_BLOCKS_896 = text(
  "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" +
    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
);
const MILLION = bytes(1_000_000, () => 0x61);

// NIST "Examples with Intermediate Values", and the empty message of its SHAVS
// files: nothing, "abc", two blocks, a million times "a".
const SHA: Readonly<
  Record<"sha1" | "sha256" | "sha384" | "sha512", readonly string[]>
> = {
  sha1: [
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "a9993e364706816aba3e25717850c26c9cd0d89d",
    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
    "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
  ],
  sha256: [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  ],
  sha384: [
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
    "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985",
  ],
  sha512: [
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
  ],
};

// RFC 1321 §A.5.
const MD5: readonly (readonly [string, string])[] = [
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  [
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "d174ab98d277d9f5a5611c2c9f419d9f",
  ],
  ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
];

const CHECK = text("123456789");

/** Every vector. */
export const VECTORS: readonly Vector[] = [
  ...(["sha1", "sha256", "sha384", "sha512"] as const).flatMap((algorithm) =>
    SHA[algorithm].map((hex, i): Vector => ({
      algorithm,
      from: `NIST examples, message ${i}`,
      message: [
        text(""),
        text("abc"),
        algorithm === "sha384" || algorithm === "sha512"
          ? TWO_BLOCKS_896
          : TWO_BLOCKS_448,
        MILLION,
      ][i]!,
      hex,
    }))
  ),
  ...MD5.map(([message, hex]): Vector => ({
    algorithm: "md5",
    from: `RFC 1321 §A.5 ${JSON.stringify(message)}`,
    message: text(message),
    hex,
  })),
  crc("crc32", "ITU-T V.42 check value", CHECK, "cbf43926"),
  crc("crc32", "nothing", text(""), "00000000"),
  crc("crc32c", "check value", CHECK, "e3069283"),
  crc("crc32c", "nothing", text(""), "00000000"),
  // RFC 3720 §B.4 prints the bytes lowest first.
  crc("crc32c", "RFC 3720 §B.4 zeros", bytes(32, () => 0), "8a9136aa"),
  crc("crc32c", "RFC 3720 §B.4 ones", bytes(32, () => 255), "62a8ab43"),
  crc("crc32c", "RFC 3720 §B.4 upwards", bytes(32, (i) => i), "46dd794e"),
  crc(
    "crc32c",
    "RFC 3720 §B.4 downwards",
    bytes(32, (i) => 31 - i),
    "113fdb5c",
  ),
  crc(
    "crc32c",
    "RFC 3720 §B.4 iSCSI read command",
    Uint8Array.from(
      ("01c00000 00000000 00000000 00000000 14000000 00000400 " +
        "00000014 00000018 28000000 00000000 02000000 00000000")
        .replaceAll(" ", "").match(/../g)!,
      (hex) => parseInt(hex, 16),
    ),
    "d9963a56",
  ),
  crc("crc64nvme", "check value", CHECK, "ae8b14860a799888"),
  crc("crc64nvme", "nothing", text(""), "0000000000000000"),
  crc(
    "crc64nvme",
    "NVM Express zeros",
    bytes(4096, () => 0),
    "6482d367eb22b64e",
  ),
  crc(
    "crc64nvme",
    "NVM Express ones",
    bytes(4096, () => 255),
    "c0ddba7302eca3ac",
  ),
  crc(
    "crc64nvme",
    "NVM Express upwards",
    bytes(4096, (i) => i),
    "3e729f5f6750449c",
  ),
  crc(
    "crc64nvme",
    "NVM Express downwards",
    bytes(4096, (i) => 255 - i),
    "9a2df64b8e9e517e",
  ),
];

function crc(
  algorithm: HashAlgorithm,
  from: string,
  message: Uint8Array<ArrayBuffer>,
  hex: string,
): Vector {
  return { algorithm, from, message, hex };
}
