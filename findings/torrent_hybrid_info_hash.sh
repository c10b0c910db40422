#!/usr/bin/env bash
# parse-torrent 11.0.24 gives a valid torrent another info hash, by which nobody has it.
#
# The info hash is the SHA-1 of the bytes of "info" in the file. The package (WebTorrent's
# reader) decodes them, encodes them again, and hashes that. bencode 4.0.1 sorts keys as
# JavaScript does, by UTF-16 units, where BEP 3 sorts raw bytes: U+20BB7 comes before U+FF21
# in the one and after it in the other. File names are keys since BEP 52 ("file tree"), so
# two ordinary Japanese names in a hybrid torrent are enough. An integer above 2^53 (as is
# put into "info" to make it unique) is rounded to another one.
#
# libtorrent 2.0.8, which wrote the first file, gives both the hashes of their bytes.
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund parse-torrent@11.0.24 bencode@4.0.1 >/dev/null 2>&1
cat >hash.mjs <<'SCRIPT'
import { createHash } from "node:crypto";
import parseTorrent from "parse-torrent";

const hybrid = Buffer.from(
  "ZDQ6aW5mb2Q5OmZpbGUgdHJlZWQzOu+8oWQwOmQ2Omxlbmd0aGkzZTExOnBpZWNlcyByb290MzI6dpLDrTVA" +
    "u4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me1lZTQ68KCut2QwOmQ2Omxlbmd0aGkzZTExOnBpZWNlcyByb290" +
    "MzI6P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vNlZWU1OmZpbGVzbGQ2Omxlbmd0aGkzZTQ6cGF0" +
    "aGwzOu+8oWVlZDQ6YXR0cjE6cDY6bGVuZ3RoaTE2MzgxZTQ6cGF0aGw0Oi5wYWQ1OjE2MzgxZWVkNjpsZW5n" +
    "dGhpM2U0OnBhdGhsNDrwoK63ZWVkNDphdHRyMTpwNjpsZW5ndGhpMTYzODFlNDpwYXRobDQ6LnBhZDU6MTYz" +
    "ODFlZWUxMjptZXRhIHZlcnNpb25pMmU0Om5hbWUxOmQxMjpwaWVjZSBsZW5ndGhpMTYzODRlNjpwaWVjZXM0" +
    "MDokCrNXynBTr8mmXZb/z1Wip3ExDaieru6vfWR8P7xri2MO6tJ6ZBU3ZTEyOnBpZWNlIGxheWVyc2RlZQ==",
  "base64",
);
const hello = createHash("sha1").update("hello").digest("latin1");
const unique = Buffer.from(
  "d4:infod7:entropyi9007199254740993e6:lengthi5e4:name5:hello" +
    `12:piece lengthi16384e6:pieces20:${hello}ee`,
  "latin1",
);
const files = [
  ["two names", hybrid, hybrid.subarray(7, hybrid.indexOf("12:piece layers"))],
  ["an integer", unique, unique.subarray(7, -1)],
];
for (const [title, torrent, info] of files) {
  const expected = createHash("sha1").update(info).digest("hex");
  const { infoHash } = await parseTorrent(new Uint8Array(torrent));
  console.log(`${title}: ${expected.slice(0, 8)}, read as ${infoHash.slice(0, 8)}`);
}
SCRIPT
found=$(node hash.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='two names: 98ddd22e, read as 8e86c9b7
an integer: 4bfa88af, read as 1b949678'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
