#!/usr/bin/env bash
# Four readers of tar archives take a sparse file for another one.
#
# GNU tar (--sparse) leaves the holes of a file out of the archive, and bsdtar does so
# unasked. Its manual ("Storing Sparse Files") gives the three forms of their maps in pax
# headers, which GNU tar, bsdtar and Python's tarfile read. tar-stream 3.2.2, tar 7.5.23,
# modern-tar 0.8.6 and nanotar 0.3.0 hand out the pieces without the holes, without an
# error: a disk image comes out short and shifted. In form 1.0 it begins with the map and
# has a name like GNUSparseFile.7/disk.img.
#
# Installs the packages in a temporary folder and fails if the answers change. Needs GNU tar.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund \
  tar-stream@3.2.2 tar@7.5.23 modern-tar@0.8.6 nanotar@0.3.0 >/dev/null
cat >write.mjs <<'SCRIPT'
import { closeSync, openSync, writeSync } from "node:fs";

const image = openSync("disk.img", "w");
writeSync(image, "head".repeat(1024), 0);
writeSync(image, "tail".repeat(1024), (1 << 20) - 4096);
closeSync(image);
SCRIPT
node write.mjs
for form in 0.0 0.1 1.0; do
  tar --sparse --hole-detection=raw --format=posix --sparse-version="$form" \
    -cf "$form.tar" disk.img
  mkdir "gnu-$form"
  tar -xf "$form.tar" -C "gnu-$form"
  cmp disk.img "gnu-$form/disk.img"
done
cat >read.mjs <<'SCRIPT'
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unpackTar } from "modern-tar";
import { parseTar } from "nanotar";
import * as tar from "tar";
import { extract } from "tar-stream";

const readers = {
  async "tar-stream"(archive) {
    const reader = extract();
    reader.end(archive);
    for await (const entry of reader) {
      return [entry.header.name, Buffer.concat(await Array.fromAsync(entry))];
    }
  },
  async tar(_archive, form) {
    mkdirSync(`node-${form}`);
    await tar.extract({ file: `${form}.tar`, cwd: `node-${form}` });
    const names = readdirSync(`node-${form}`, { recursive: true });
    const name = names.find((name) => name.endsWith("disk.img"));
    return [name, readFileSync(join(`node-${form}`, name))];
  },
  async "modern-tar"(archive) {
    const [entry] = await unpackTar(archive);
    return [entry.header.name, entry.data];
  },
  async nanotar(archive) {
    const [entry] = parseTar(archive);
    return [entry.name, entry.data];
  },
};
const whole = readFileSync("disk.img");
Array.fromAsync ??= async (items) => {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
};
for (const form of ["0.0", "0.1", "1.0"]) {
  for (const [reader, read] of Object.entries(readers)) {
    const [name, data] = await read(readFileSync(`${form}.tar`), form);
    const known = name === "disk.img" ? "its name" : "another name";
    const same = whole.equals(data) ? "its content" : `${data.length} of ${whole.length} bytes`;
    console.log(`form ${form}, ${reader}: ${known}, ${same}`);
  }
}
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected=
for reader in tar-stream tar modern-tar nanotar; do
  expected+="form 0.0, $reader: its name, 8192 of 1048576 bytes"$'\n'
done
for reader in tar-stream tar modern-tar nanotar; do
  expected+="form 0.1, $reader: another name, 8192 of 1048576 bytes"$'\n'
done
for reader in tar-stream tar modern-tar nanotar; do
  expected+="form 1.0, $reader: another name, 8704 of 1048576 bytes"$'\n'
done
[ "$found"$'\n' = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
