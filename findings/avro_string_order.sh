#!/usr/bin/env bash
# avsc 5.7.9 (npm) has two orders for the same strings.
#
# Avro orders strings by code points, which is the order of their bytes ("Sort Order": the
# same whether compared as data or as bytes, so that files are sorted and merged without
# decoding). compareBuffers() does so. compare(), on decoded values, goes by UTF-16 units:
# U+20BB7, which is in ordinary Japanese names, is behind U+FF21 in the one and before it in
# the other. A file that was sorted by the one is out of order to the other, and a merge or
# a search in it skips keys.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund avsc@5.7.9 >/dev/null 2>&1
cat >compare.mjs <<'SCRIPT'
import avsc from "avsc";

const [first, second] = ["\uff21", "\u{20bb7}"];
const byBytes = Buffer.compare(Buffer.from(first), Buffer.from(second));
console.log(`bytes: ${byBytes}`);
const type = avsc.Type.forSchema("string");
console.log(`compareBuffers: ${type.compareBuffers(type.toBuffer(first), type.toBuffer(second))}`);
console.log(`compare: ${type.compare(first, second)}`);
SCRIPT
found=$(node compare.mjs)
printf '%s\n' "$found"
expected='bytes: -1
compareBuffers: -1
compare: 1'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
