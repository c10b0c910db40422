#!/usr/bin/env bash
# fitsjs 0.6.6 and fits-reader-js 1.0.0 read other numbers than a FITS table has.
#
# A column of the form K holds signed integers of 64 bits, in two's complement, the most
# significant byte first (FITS Standard 4.0, table 18 and section 5.2.4): numbers of sources
# and times are kept so. Both packages take the absolute values of the two halves and guess a
# sign from the last decimal digit of the upper one. Small numbers come out right; others
# have another size or sign, without an error, and two of them may be the same: 4294967301
# and -5 are both -5.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund fitsjs@0.6.6 fits-reader-js@1.0.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import fitsReader from "fits-reader-js";

const BLOCK = 2880;
const padded = (bytes, fill) =>
  Buffer.concat([bytes], Math.ceil(bytes.length / BLOCK) * BLOCK).fill(fill, bytes.length);
const text = (value) =>
  typeof value === "string" ? `'${value.padEnd(8)}'` : `${value}`.padStart(20);
const header = (cards) =>
  padded(
    Buffer.from(
      Object.entries(cards).map(([key, value]) =>
        `${key.padEnd(8)}= ${value === true ? "T".padStart(20) : text(value)}`.padEnd(80)
      ).join("") + "END".padEnd(80),
    ),
    " ",
  );
const numbers = [5n, 4294967301n, -5n, -7000000000n, 6000000000n];
const rows = Buffer.alloc(8 * numbers.length);
numbers.forEach((number, i) => rows.writeBigInt64BE(number, 8 * i));
const file = Buffer.concat([
  header({ SIMPLE: true, BITPIX: 8, NAXIS: 0, EXTEND: true }),
  header({
    XTENSION: "BINTABLE", BITPIX: 8, NAXIS: 2, NAXIS1: 8, NAXIS2: numbers.length,
    PCOUNT: 0, GCOUNT: 1, TFIELDS: 1, TTYPE1: "id", TFORM1: "1K",
  }),
  padded(rows, 0),
]);
const show = (name, table) => console.log(`${name}: ${table.map((row) => row.id).join(" ")}`);
console.log(`in the file: ${numbers.join(" ")}`);

const bytes = new Uint8Array(file).buffer;
show("fits-reader-js", fitsReader.parseFITS(bytes).getHDU(1).data.getRows(0, numbers.length));

// What fitsjs, made for pages, needs of one.
globalThis.FileReader = class {
  async readAsArrayBuffer(blob) {
    this.result = await blob.arrayBuffer();
    this.onloadend({ target: this });
  }
};
const { astro } = (await import("fitsjs")).default;
globalThis.astro = astro;
new astro.FITS(new Blob([file]), (fits) =>
  fits.getDataUnit(1).getRows(0, numbers.length, (table) => show("fitsjs", table)));
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='in the file: 5 4294967301 -5 -7000000000 6000000000
fits-reader-js: 5 -5 -5 -1589934592 -1705032704
fitsjs: 5 -5 -5 -1589934592 -1705032704'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
