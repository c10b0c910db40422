#!/usr/bin/env bash
# grib-js 1.0.0 makes one value of a whole weather map.
#
# A packed value of GRIB edition 2 is (R + X * 2^E) / 10^D (WMO-No. 306, regulation 92.9.4),
# and negative numbers have the first bit set, not two's complement (regulation 92.1.5). The
# package reads coordinates so and the scale factors E and D as two's complement: -1 is
# -32767. With E below zero, as fields with fractions may have it, each point has the
# value of R, here 10; with D below zero each is Infinity. Nothing is reported. ecCodes
# 2.28.0 reads the same files as 10 10.5 11.5 14 and 100 110 130 180 (tried by hand).
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund grib-js@1.0.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import grib from "grib-js";

const unsigned = (value, size) =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
const signed = (value, size) => unsigned(value < 0 ? 2 ** (8 * size - 1) - value : value, size);
const float = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [...bytes];
};
const section = (number, ...parts) => {
  const content = parts.flat();
  return [...unsigned(content.length + 5, 4), number, ...content];
};
const zeros = (count) => Array(count).fill(0);

/** Four points at 10 degrees south, in one group of complex packing, with X = 0 1 3 8. */
function message(binaryScale, decimalScale) {
  const place = [signed(-10e6, 4), unsigned(0, 4)], last = [signed(-10e6, 4), unsigned(3e6, 4)];
  const sections = [
    section(1, unsigned(255, 2), zeros(2), 4, 0, 1, unsigned(2020, 2), 1, 2, zeros(4), 1),
    section(3, 0, unsigned(4, 4), zeros(4), 6, zeros(15), unsigned(4, 4), unsigned(1, 4),
      zeros(4), unsigned(0xffffffff, 4), ...place, 0x30, ...last, unsigned(1e6, 4),
      unsigned(1e6, 4), 0),
    section(4, zeros(6), 2, zeros(5), 1, zeros(4), 1, zeros(5), 255, zeros(5)),
    section(5, unsigned(4, 4), unsigned(3, 2), float(10), signed(binaryScale, 2),
      signed(decimalScale, 2), 8, 0, 1, zeros(9), unsigned(1, 4), 8, 8, unsigned(4, 4), 1,
      unsigned(4, 4), 8, 2, 2),
    section(6, 255),
    section(7, signed(0, 2), signed(1, 2), signed(1, 2), 0, 0, 0, [0, 0, 0, 2]),
    [...Buffer.from("7777")],
  ].flat();
  return Buffer.from([
    ...Buffer.from("GRIB"), 0, 0, 0, 2, ...unsigned(sections.length + 16, 8), ...sections,
  ]);
}
for (const [binaryScale, decimalScale] of [[0, 0], [0, 1], [-1, 0], [0, -1]]) {
  grib.readData(message(binaryScale, decimalScale), (error, messages) => {
    if (error) throw error;
    console.log(`E ${binaryScale}, D ${decimalScale}: ${messages[0].fields[0].data.join(" ")}`);
  });
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='E 0, D 0: 10 11 13 18
E 0, D 1: 1 1.1 1.3 1.8
E -1, D 0: 10 10 10 10
E 0, D -1: Infinity Infinity Infinity Infinity'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
