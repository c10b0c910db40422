#!/usr/bin/env bash
# tfjs-npy 0.0.3 cuts 64-bit integers of a .npy file to their lower half.
#
# The dtype "<i8" is a signed integer of eight bytes (NumPy, "NPY format", "Format Version
# 1.0", and the array interface it refers to), and is what NumPy makes of Python's integers
# on most systems. The package takes the first four of the eight and calls them int32: 2^32
# is 0, and times in milliseconds are other times, without an error, although it refuses
# other types that it does not know. npyjs 1.2.0 reads what was written.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund tfjs-npy@0.0.3 npyjs@1.2.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { load } from "npyjs";
import tfjsNpy from "tfjs-npy";

const values = BigInt64Array.of(1n, -2n, 4294967296n, 1600000000000n);
const text = "{'descr': '<i8', 'fortran_order': False, 'shape': (4,), }".padEnd(117) + "\n";
const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length, 0]);
const bytes = Buffer.concat([start, Buffer.from(text), Buffer.from(values.buffer)]);
const file = new Uint8Array(bytes).buffer;
const tensor = tfjsNpy.parse(file);
console.log(`tfjs-npy, ${tensor.dtype}: ${tensor.dataSync().join(" ")}`);
const array = await load(file);
console.log(`npyjs, ${array.dtype}: ${array.data.join(" ")}`);
SCRIPT
found=$(node read.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='tfjs-npy, int32: 1 -2 0 -2022801408
npyjs, i8: 1 -2 4294967296 1600000000000'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
