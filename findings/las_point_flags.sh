#!/usr/bin/env bash
# @loaders.gl/las 4.5.1 gives ground that has a flag another class.
#
# In the point formats 0 to 3 of a LAS file (clouds of points from laser scanners) one byte
# holds the class in its five lower bits, and three flags: synthetic, key-point, withheld
# (LAS 1.2, "Classification Bit Field Encoding"). The package gives all of the byte as the
# classification, which has no value above 31: ground, 2, is 34, 66 or 130 where a flag is
# set, so that whoever picks the ground by its class loses these points. copc 0.0.8 takes
# class and flags apart.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @loaders.gl/core@4.4.5 @loaders.gl/las@4.5.1 \
  copc@0.0.8 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { parse } from "@loaders.gl/core";
import { LASLoader } from "@loaders.gl/las";
import { Las } from "copc";

// LAS 1.2, point format 0: ground without a flag, synthetic, key-point, withheld.
const bytes = [2, 2 | 1 << 5, 2 | 1 << 6, 2 | 1 << 7];
const HEADER = 227, POINT = 20;
const file = Buffer.alloc(HEADER + POINT * bytes.length);
file.write("LASF");
file.set([1, 2], 24);
file.writeUInt16LE(HEADER, 94);
file.writeUInt32LE(HEADER, 96);
file.writeUInt16LE(POINT, 105);
file.writeUInt32LE(bytes.length, 107);
file.writeUInt32LE(bytes.length, 111);
[0.01, 0.01, 0.01, 0, 0, 0, 3, 0, 3, 0, 3, 0].forEach((value, i) =>
  file.writeDoubleLE(value, 131 + 8 * i)
);
bytes.forEach((byte, i) => {
  for (const axis of [0, 4, 8]) file.writeInt32LE(100 * i, HEADER + POINT * i + axis);
  file[HEADER + POINT * i + 14] = 0b00_001_001;
  file[HEADER + POINT * i + 15] = byte;
});
const options = { worker: false, core: { worker: false } };
const { attributes } = await parse(new Uint8Array(file).buffer, LASLoader, options);
console.log(`@loaders.gl/las: ${attributes.classification.value.join(" ")}`);
const view = Las.View.create(file.subarray(HEADER), {
  pointDataRecordFormat: 0,
  pointDataRecordLength: POINT,
  pointCount: bytes.length,
  scale: [0.01, 0.01, 0.01],
  offset: [0, 0, 0],
});
for (const field of ["Classification", "Synthetic", "KeyPoint", "Withheld"]) {
  console.log(`copc, ${field}: ${bytes.map((_, i) => view.getter(field)(i)).join(" ")}`);
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='@loaders.gl/las: 2 34 66 130
copc, Classification: 2 2 2 2
copc, Synthetic: 0 1 0 0
copc, KeyPoint: 0 0 1 0
copc, Withheld: 0 0 0 1'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
