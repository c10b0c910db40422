#!/usr/bin/env bash
# daikon 1.2.46 ends at a 64-bit integer, and the picture behind it is not there.
#
# With explicit types DICOM gives the length of a value in two bytes, and for some types in
# four, behind two of zeros; OV, SV and UV, the integers of 64 bits, are among the latter
# (PS3.5, 7.1.2). The package knows the older types and takes the zeros for the length. Of a
# file with a UV before the picture, here in a private element (PS3.5, 7.8.1), it makes an
# image with neither size nor pixels, and no error. dicom-parser 1.8.21 makes the same
# mistake and throws behind it; dcmjs 0.51.1 reads all of the file.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund daikon@1.2.46 dicom-parser@1.8.21 dcmjs@0.51.1 \
  >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import daikon from "daikon";
import dcmjs from "dcmjs";
import dicomParser from "dicom-parser";

const FOUR_BYTES = new Set(["OB", "OW", "UV"]);
function element(tag, type, value) {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(FOUR_BYTES.has(type) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(type, 4, "latin1");
  if (head.length === 12) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}
const short = (value) => [value & 255, value >> 8];
const wide = Buffer.alloc(8);
wide.writeBigUInt64LE(5_000_000_000n);

/** A secondary capture of two gray pixels in explicit little endian. */
function file(more) {
  const meta = Buffer.concat([
    element(0x00020001, "OB", [0, 1]),
    element(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.7\0"),
    element(0x00020003, "UI", "1.2.3.4\0"),
    element(0x00020010, "UI", "1.2.840.10008.1.2.1\0"),
    element(0x00020012, "UI", "1.2.3.5\0"),
  ]);
  const bytes = Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x00020000, "UL", [...short(meta.length), 0, 0]),
    meta,
    element(0x00080060, "CS", "OT"),
    ...more,
    element(0x00280002, "US", short(1)),
    element(0x00280004, "CS", "MONOCHROME2 "),
    element(0x00280010, "US", short(1)),
    element(0x00280011, "US", short(2)),
    element(0x00280100, "US", short(8)),
    element(0x00280101, "US", short(8)),
    element(0x00280102, "US", short(7)),
    element(0x00280103, "US", short(0)),
    element(0x7fe00010, "OW", [10, 20]),
  ]);
  return new Uint8Array(bytes).buffer;
}
const readers = {
  daikon(bytes) {
    const image = daikon.Series.parseImage(new DataView(bytes));
    return `${image.getCols()} columns, pixels: ${image.hasPixelData()}`;
  },
  "dicom-parser"(bytes) {
    const data = dicomParser.parseDicom(new Uint8Array(bytes));
    return `${data.uint16("x00280011")} columns, pixels: ${"x7fe00010" in data.elements}`;
  },
  dcmjs(bytes) {
    const { dict } = dcmjs.data.DicomMessage.readFile(bytes);
    return `${dict["00280011"].Value[0]} columns, pixels: ${"7FE00010" in dict}`;
  },
};
const own = [element(0x00090010, "LO", "EXAMPLE "), element(0x00091001, "UV", wide)];
const files = { without: file([]), with: file(own) };
for (const [title, bytes] of Object.entries(files)) {
  for (const [name, read] of Object.entries(readers)) {
    let said;
    try {
      said = read(bytes);
    } catch {
      said = "an error";
    }
    console.log(`${title}, ${name}: ${said}`);
  }
}
SCRIPT
found=$(node read.mjs 2>/dev/null | grep '^with')
printf '%s\n' "$found"
expected='without, daikon: 2 columns, pixels: true
without, dicom-parser: 2 columns, pixels: true
without, dcmjs: 2 columns, pixels: true
with, daikon: null columns, pixels: false
with, dicom-parser: an error
with, dcmjs: 2 columns, pixels: true'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
