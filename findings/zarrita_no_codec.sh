#!/usr/bin/env bash
# zarrita writes arrays that the Zarr v3 specification does not allow, unless it is told
# how to turn numbers into bytes.
#
# Version:    0.7.5 (npm)
# Behavior:   `create` without `codecs` writes "codecs": [] into zarr.json. A chain of
#             codecs has to have exactly one from arrays to bytes ("bytes", or a shard;
#             Zarr v3, "Codecs"), without which nobody knows the order of bytes: other readers
#             refuse the array. zarrita itself reads it back.
# Expected:   "bytes" as the default, or an error.
#
# Needs node and npm. Prints what was written and read; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund zarrita@0.7.5 >/dev/null 2>&1

cat >round_trip.mjs <<'JS'
import * as zarr from "zarrita";
const store = new Map();
const options = { shape: [2], chunkShape: [2], dtype: "float32" };
const array = await zarr.create(zarr.root(store), options);
await zarr.set(array, null, 1);
const { codecs } = JSON.parse(new TextDecoder().decode(store.get("/zarr.json")));
console.log(`codecs: ${JSON.stringify(codecs)}`);
console.log(`chunk: ${[...store.get("/c/0")].join(" ")}`);
const { data } = await zarr.get(await zarr.open.v3(zarr.root(store)));
console.log(`read back: ${[...data].join(" ")}`);
JS

expected='codecs: []
chunk: 0 0 128 63 0 0 128 63
read back: 1 1'
found=$(node round_trip.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
