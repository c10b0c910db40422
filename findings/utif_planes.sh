#!/usr/bin/env bash
# utif 3.1.0 and utif2 4.1.0 make an RGB picture of its red plane alone.
#
# With PlanarConfiguration 2 a TIFF keeps its colors in planes of their own: first all strips
# of red, then those of green and of blue (TIFF 6.0, section 8; StripOffsets has one entry
# for each plane). GDAL writes so with INTERLEAVE=BAND. Both packages leave the field unread:
# they put the first plane where the mixed samples should be, fill up with zeros, and
# toRGBA8() shows three gray values beside each other as one color. Nothing is reported.
# geotiff 3.0.5 gives the planes.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund utif@3.1.0 utif2@4.1.0 geotiff@3.0.5 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { fromArrayBuffer } from "geotiff";
import utif from "utif";
import utif2 from "utif2";

// Two pixels, (10, 30, 50) and (20, 40, 60), in three planes of one strip each.
const SHORT = 3, LONG = 4;
const entries = [
  [256, SHORT, 1, 2], [257, SHORT, 1, 1], [258, SHORT, 3, 14], [259, SHORT, 1, 1],
  [262, SHORT, 1, 2], [273, LONG, 3, 20], [277, SHORT, 1, 3], [278, SHORT, 1, 1],
  [279, LONG, 3, 32], [284, SHORT, 1, 2],
];
const file = new DataView(new ArrayBuffer(44 + 2 + 12 * entries.length + 4));
[0x4949, 42, 44, 0].forEach((value, i) => file.setUint16(2 * i, value, true));
[10, 20, 30, 40, 50, 60].forEach((value, i) => file.setUint8(8 + i, value));
[8, 8, 8].forEach((value, i) => file.setUint16(14 + 2 * i, value, true));
[8, 10, 12, 2, 2, 2].forEach((value, i) => file.setUint32(20 + 4 * i, value, true));
file.setUint16(44, entries.length, true);
entries.forEach(([tag, type, count, value], i) => {
  file.setUint16(46 + 12 * i, tag, true);
  file.setUint16(48 + 12 * i, type, true);
  file.setUint32(50 + 12 * i, count, true);
  file.setUint32(54 + 12 * i, value, true);
});
for (const [name, library] of [["utif", utif], ["utif2", utif2]]) {
  const [page] = library.decode(file.buffer);
  library.decodeImage(file.buffer, page);
  console.log(`${name}: ${library.toRGBA8(page).join(" ")}`);
}
const image = await (await fromArrayBuffer(file.buffer)).getImage();
console.log(`geotiff: ${(await image.readRasters({ interleave: true })).join(" ")}`);
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='utif: 10 20 0 255 0 0 0 255
utif2: 10 20 0 255 0 0 0 255
geotiff: 10 30 50 20 40 60'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
