#!/usr/bin/env bash
# @aws-crypto/sha256-js 5.2.0: the SHA-256 of 512 MiB or more is wrong.
#
# A message ends with its length in bits as 64 bits, big-endian (FIPS 180-4, 5.1.1). The
# package writes the upper 32 of them little-endian: right while they are zero, and another
# digest, without an error, from 2^32 bits on. It states 2^53 - 1 bytes as its limit, and is
# what @aws-crypto/sha256-browser hashes with where there is no WebCrypto.
#
# Installs the package in a temporary folder, compares it with Node's own hash (OpenSSL),
# and fails if the answers change. Takes some ten seconds of processor time.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @aws-crypto/sha256-js@5.2.0 >/dev/null
cat >digest.mjs <<'SCRIPT'
import { createHash } from "node:crypto";
import aws from "@aws-crypto/sha256-js";

const block = new Uint8Array(1 << 20);
for (const size of [2 ** 29 - 1, 2 ** 29]) {
  const expected = createHash("sha256");
  const hash = new aws.Sha256();
  for (let left = size; left > 0; left -= block.length) {
    const part = block.subarray(0, Math.min(left, block.length));
    expected.update(part);
    hash.update(part);
  }
  const digest = Buffer.from(await hash.digest()).toString("hex");
  console.log(`${size} bytes: ${digest === expected.digest("hex") ? "right" : "wrong"}`);
}
SCRIPT
found=$(node digest.mjs)
printf '%s\n' "$found"
[ "$found" = $'536870911 bytes: right\n536870912 bytes: wrong' ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
