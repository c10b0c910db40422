#!/usr/bin/env bash
# jsfive leaves holes where an HDF5 file has its fill value.
#
# Version:    0.4.2 (npm)
# Behavior:   A chunk that was never written takes no room in the file; its elements have the
#             dataset's fill value (HDF5 file format, "Fill Value Message"). jsfive gives an
#             array with empty items for them, in the middle or at the end, although it reads
#             the fill value itself: sums become NaN, and JSON has nulls in a column of
#             integers. A dataset that has grown, as logs of instruments do, is enough.
# Expected:   zeros, as h5wasm 0.10.3 (the library of HDF5 itself) reads the file.
#
# Needs node and npm. Prints what both read; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund jsfive@0.4.2 h5wasm@0.10.3 >/dev/null 2>&1

cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import h5wasm from "h5wasm/node";
import * as jsfive from "jsfive";

await h5wasm.ready;
const made = new h5wasm.File("grown.h5", "w");
const data = new Int32Array([1, 2, 3]);
made.create_dataset({ name: "a", data, shape: [3], maxshape: [null], chunks: [2] }).resize([6]);
made.close();

const show = (name, values) =>
  console.log(`${name}: ${JSON.stringify([...values])}, sum ${[...values].reduce((a, b) => a + b)}`);
const read = new h5wasm.File("grown.h5", "r");
show("h5wasm", read.get("a").value);
read.close();
const { buffer } = new Uint8Array(readFileSync("grown.h5"));
const dataset = new jsfive.File(buffer).get("a");
show(`jsfive, fill value ${dataset.fillvalue}`, dataset.value);
JS

expected='h5wasm: [1,2,3,0,0,0], sum 6
jsfive, fill value 0: [1,2,3,0,null,null], sum NaN'
found=$(node read.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
