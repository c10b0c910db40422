#!/usr/bin/env bash
# zarrita gives another value than the fill value for chunks of 64-bit integers that are
# not there.
#
# Version:    0.7.5 (npm)
# Behavior:   The fill value is a number in zarr.json, read as a double. That of netCDF for
#             uint64, 18446744073709551614, becomes 2^64 and wraps to 0, that for int64,
#             -9223372036854775806, the least of all integers. In a chunk that is there the
#             same values are read exactly: one array has two values for "nothing here",
#             the one of which is a valid zero.
# Expected:   the fill value, as zarr-python gives it (2.13.6, format 2, tried by hand).
#
# Needs node and npm. Prints what was read; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund zarrita@0.7.5 >/dev/null 2>&1

cat >read.mjs <<'JS'
import * as zarr from "zarrita";

for (const [type, fill, List] of [
  ["uint64", 18446744073709551614n, BigUint64Array],
  ["int64", -9223372036854775806n, BigInt64Array],
]) {
  const bytes = { name: "bytes", configuration: { endian: "little" } };
  const meta = JSON.stringify({
    zarr_format: 3,
    node_type: "array",
    shape: [2],
    data_type: type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: [1] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [bytes],
    fill_value: "FILL",
    attributes: {},
  }).replace('"FILL"', `${fill}`);
  const store = new Map([
    ["/zarr.json", new TextEncoder().encode(meta)],
    ["/c/0", new Uint8Array(List.of(fill).buffer)],
  ]);
  const { data } = await zarr.get(await zarr.open.v3(zarr.root(store), { kind: "array" }));
  console.log(`${type}: fill value ${fill}, a chunk of it ${data[0]}, no chunk ${data[1]}`);
}
JS

expected='uint64: fill value 18446744073709551614, a chunk of it 18446744073709551614, no chunk 0
int64: fill value -9223372036854775806, a chunk of it -9223372036854775806, no chunk -9223372036854775808'
found=$(node read.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
