#!/usr/bin/env bash
# netcdfjs reads the padding between records of a netCDF file as data.
#
# Version:    4.0.0 (npm)
# Behavior:   In the classic format each record of a variable is filled up to four bytes.
#             The reader takes them for values: a variable of shorts with one value in a
#             record has two, the second being the fill value, -32767. A file whose only
#             record variable is of shorts (or bytes, or characters) has no such padding,
#             by the format's "Note on padding"; there it reads behind the end and throws.
# Expected:   1 2 3, as ncdump 4.9.0 prints both files (they are as ncgen writes them).
#
# Needs node and npm. Prints what was read; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund netcdfjs@4.0.0 >/dev/null 2>&1

cat >read.mjs <<'JS'
import { NetCDFReader } from "netcdfjs";

const int = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const short = (value) => int(value << 16).subarray(0, 2);
const name = (text) => [int(text.length), Buffer.from(text.padEnd(4, "\0"))];
const DIMENSION = 10, VARIABLE = 11, SHORT = 3, INT = 4, RECORDS = 3;

/** A file with one unlimited dimension and variables of one value in a record. */
function file(variables, records) {
  const header = (begin) =>
    Buffer.concat([
      Buffer.from("CDF\x01"), int(RECORDS),
      int(DIMENSION), int(1), ...name("t"), int(0),
      int(0), int(0),
      int(VARIABLE), int(variables.length),
      ...variables.flatMap(([title, type], i) => [
        ...name(title), int(1), int(0), int(0), int(0), int(type), int(4), int(begin + 4 * i),
      ]),
    ]);
  return Buffer.concat([header(header(0).length), ...records]);
}
const FILL = short(-32767);
const files = {
  "shorts and ints": file(
    [["a", SHORT], ["b", INT]],
    [1, 2, 3].flatMap((n) => [short(n), FILL, int(10 * n)]),
  ),
  "shorts alone": file([["a", SHORT]], [1, 2, 3].map(short)),
};
for (const [title, bytes] of Object.entries(files)) {
  const reader = new NetCDFReader(bytes);
  for (const variable of reader.variables) {
    let values;
    try {
      values = JSON.stringify(reader.getDataVariable(variable));
    } catch (error) {
      values = error.constructor.name;
    }
    console.log(`${title}, ${variable.name}: ${values}`);
  }
}
JS

expected='shorts and ints, a: [[1,-32767],[2,-32767],[3,-32767]]
shorts and ints, b: [10,20,30]
shorts alone, a: RangeError'
found=$(node read.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
