#!/usr/bin/env bash
# tiff 7.1.3 (npm) gives heights below the sea as ones of 65 kilometers.
#
# SampleFormat says what the bits of a sample are: 2 is a signed integer, 3 a floating-point
# number (TIFF 6.0, section 19), and a reader that cannot handle a value must terminate.
# Models of the ground come as signed integers of 16 bits. The package reads the field, and
# gives all integers as unsigned ones and floating-point numbers of 16 bits as the integers
# that their bits would be. geotiff 3.0.5 reads both as they are.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund tiff@7.1.3 geotiff@3.0.5 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { fromArrayBuffer } from "geotiff";
import { decode } from "tiff";

/** A picture of one strip of three samples of 16 bits. */
function picture(sampleFormat, samples) {
  const entries = [
    [256, 3], [257, 1], [258, 16], [259, 1], [262, 1], [273, 8], [277, 1], [278, 1], [279, 6],
    [339, sampleFormat],
  ];
  const file = new DataView(new ArrayBuffer(14 + 2 + 12 * entries.length + 4));
  [0x4949, 42, 14, 0].forEach((value, i) => file.setUint16(2 * i, value, true));
  samples.forEach((value, i) => file.setUint16(8 + 2 * i, value, true));
  file.setUint16(14, entries.length, true);
  entries.forEach(([tag, value], i) => {
    file.setUint16(16 + 12 * i, tag, true);
    file.setUint16(18 + 12 * i, 3, true);
    file.setUint32(20 + 12 * i, 1, true);
    file.setUint16(24 + 12 * i, value, true);
  });
  return file.buffer;
}
for (const [what, file] of [
  ["signed -4, 0, 12", picture(2, [-4, 0, 12])],
  ["floating-point 1, -2, 0.5", picture(3, [0x3c00, 0xc000, 0x3800])],
]) {
  const [band] = await (await (await fromArrayBuffer(file)).getImage()).readRasters();
  console.log(`${what}: tiff ${decode(file)[0].data.join(" ")}, geotiff ${band.join(" ")}`);
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='signed -4, 0, 12: tiff 65532 0 12, geotiff -4 0 12
floating-point 1, -2, 0.5: tiff 15360 49152 14336, geotiff 1 -2 0.5'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
