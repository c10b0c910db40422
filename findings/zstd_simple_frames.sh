#!/usr/bin/env bash
# @oneidentity/zstd-js 1.0.3: ZstdSimple.decompress() leaves off the last 18 bytes.
#
# It takes the largest size that a frame header may have (RFC 8878, 3.1.1.1) away from the
# length of the content. A frame of another program comes out 18 bytes short, without an
# error, and one of a small file empty. ZstdStream.decompress() of the same package reads all
# of the frame, as does fzstd 0.1.1.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @oneidentity/zstd-js@1.0.3 fzstd@0.1.1 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { decompress } from "fzstd";
import zstd from "@oneidentity/zstd-js";

/** A frame of one segment that gives its size in a byte, with one raw block, the last. */
function frame(content) {
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length];
  const block = content.length << 3 | 1;
  return new Uint8Array([...header, block & 255, block >> 8, 0, ...Buffer.from(content)]);
}
const { ZstdSimple, ZstdStream } = await zstd.ZstdInit();
const text = "0123456789abcdefghijklmnopqrstuvwxyz";
for (const [name, read] of [
  ["ZstdSimple", (bytes) => ZstdSimple.decompress(bytes)],
  ["ZstdStream", (bytes) => ZstdStream.decompress(bytes)],
  ["fzstd", (bytes) => decompress(bytes)],
]) console.log(`${name}: ${Buffer.from(read(frame(text)))}`);
process.exit(0);
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='ZstdSimple: 0123456789abcdefgh
ZstdStream: 0123456789abcdefghijklmnopqrstuvwxyz
fzstd: 0123456789abcdefghijklmnopqrstuvwxyz'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
