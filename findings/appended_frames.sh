#!/usr/bin/env bash
# Three packages end behind the first of several compressed pieces.
#
# Logs are appended to piece by piece, and compressors that work in parallel write one file
# of many pieces. The manual of bzip2 says that such a file decompresses to all of them; the
# frame format of LZ4 ("Frame Concatenation") has them for the adding of data to a file, and
# leaves it to programs to read them, as lz4 1.9.4 does (tried by hand). bz2 1.0.1 and lz4js
# 0.2.0 give the first piece, with no error and no word of how far they read, and so does
# @foxglove/wasm-lz4 1.0.2, which is told how many bytes there are and gives fewer.
# unbzip2-stream 1.4.3 gives the whole.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund lz4js@0.2.0 bz2@1.0.1 unbzip2-stream@1.4.3 \
  @foxglove/wasm-lz4@1.0.2 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { Readable } from "node:stream";
import wasmLz4 from "@foxglove/wasm-lz4";
import bz2 from "bz2";
import lz4js from "lz4js";
import unbzip2 from "unbzip2-stream";

const pieces = ["first ", "second"].map((piece) => Buffer.from(piece));
const lz4 = Buffer.concat(pieces.map((piece) => lz4js.compress(piece)));
// The same two pieces as bzip2 1.0.8 writes them.
const bzip2 = Buffer.concat([
  "QlpoOTFBWSZTWaRjnbsAAACRgEAAASAcACAAIYAMAycu4u5IpwoSFIxzt2A=",
  "QlpoOTFBWSZTWSaKAjQAAAKBgA4BiAAgACIYaDAHAphdyRThQkCaKAjQ",
].map((piece) => Buffer.from(piece, "base64")));

const show = (name, bytes) => console.log(`${name}: ${JSON.stringify(`${Buffer.from(bytes)}`)}`);
show("lz4js", lz4js.decompress(lz4));
await wasmLz4.isLoaded;
show("wasm-lz4, told 12 bytes", wasmLz4(lz4, 12));
show("bz2", bz2.decompress(bzip2));
const chunks = [];
Readable.from([bzip2]).pipe(unbzip2()).on("data", (chunk) => chunks.push(chunk))
  .on("end", () => show("unbzip2-stream", Buffer.concat(chunks)));
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='lz4js: "first "
wasm-lz4, told 12 bytes: "first "
bz2: "first "
unbzip2-stream: "first second"'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
