#!/usr/bin/env bash
# nifti-js 1.0.1 gives the first parameter of a statistic three times.
#
# A NIfTI-1 header says what its voxels mean: intent_code 4 is an F statistic, whose degrees
# of freedom are intent_p1 and intent_p2, at bytes 56 and 60 (nifti1.h; intent_p3 is at 64).
# The package reads all three at byte 56. A map of F(2, 17) is F(2, 2), and the p-values
# that are computed from it are others. nifti-reader-js 0.8.0 reads the header as it is.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund nifti-js@1.0.1 nifti-reader-js@0.8.0 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import niftiJs from "nifti-js";
import * as niftiReader from "nifti-reader-js";

// One voxel, an unsigned byte, of an F statistic with 2 and 17 degrees of freedom.
const file = new DataView(new ArrayBuffer(353));
file.setInt32(0, 348, true);
file.setInt16(40, 1, true);
file.setInt16(42, 1, true);
[2, 17, 0].forEach((parameter, i) => file.setFloat32(56 + 4 * i, parameter, true));
file.setInt16(68, 4, true);
file.setInt16(70, 2, true);
file.setInt16(72, 8, true);
file.setFloat32(76, 1, true);
file.setFloat32(80, 1, true);
file.setFloat32(108, 352, true);
[..."n+1"].forEach((letter, i) => file.setUint8(344 + i, letter.charCodeAt(0)));

const show = (name, { intent_code, intent_p1, intent_p2, intent_p3 }) =>
  console.log(`${name}: intent ${intent_code}, ${intent_p1} ${intent_p2} ${intent_p3}`);
show("nifti-js", niftiJs.parseNIfTIHeader(new Uint8Array(file.buffer)));
show("nifti-reader-js", niftiReader.readHeader(file.buffer));
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='nifti-js: intent 4, 2 2 2
nifti-reader-js: intent 4, 2 17 0'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
