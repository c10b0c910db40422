#!/usr/bin/env bash
# Two readers of tar archives find nothing in one that has a label, and one cuts long names.
#
# GNU tar (--label) begins a volume with an entry of type V that has a name and no content;
# its size is left blank. nanotar 0.3.0 and @andrewbranch/untar.js 1.0.4 make NaN of that and
# end: no file of the archive is there, without an error. A name of more than 100 bytes
# stands in two fields, prefix and name, with a slash between them (POSIX, pax, "ustar
# Interchange Format"). nanotar takes the second alone, so that files of many folders have
# the same name. modern-tar 0.8.6 reads both archives.
#
# Installs the packages in a temporary folder and fails if the answers change. Needs GNU tar.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund \
  nanotar@0.3.0 @andrewbranch/untar.js@1.0.4 modern-tar@0.8.6 >/dev/null 2>&1
long=$(printf '%060d' 1)/$(printf '%060d' 2)
mkdir -p "$long"
printf one >file
printf two >"$long/file"
tar --format=gnu --label=volume -cf label.tar file
tar --format=ustar -cf prefix.tar "$long/file"
cat >read.mjs <<'SCRIPT'
import { readFileSync } from "node:fs";
import { untar } from "@andrewbranch/untar.js";
import { unpackTar } from "modern-tar";
import { parseTar } from "nanotar";

const short = (name) => name.replaceAll(/0{50,}/g, "0..");
for (const archive of ["label", "prefix"]) {
  const bytes = new Uint8Array(readFileSync(`${archive}.tar`));
  const found = {
    nanotar: parseTar(bytes).map(({ name, text }) => [name, text]),
    "untar.js": untar(bytes.buffer).map(({ filename, fileData }) => [filename, fileData]),
    "modern-tar": (await unpackTar(bytes)).map(({ header, data }) => [header.name, data]),
  };
  for (const [name, entries] of Object.entries(found)) {
    const files = entries.filter(([, content]) => content?.length)
      .map(([file, content]) => `${short(file)} (${Buffer.from(content)})`);
    console.log(`${archive}, ${name}: ${files.join(" ") || "no file"}`);
  }
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='label, nanotar: no file
label, untar.js: no file
label, modern-tar: file (one)
prefix, nanotar: file (two)
prefix, untar.js: 0..1/0..2/file (two)
prefix, modern-tar: 0..1/0..2/file (two)'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
