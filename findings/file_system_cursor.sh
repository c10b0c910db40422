#!/usr/bin/env bash
# Two stand-ins for the browser's file system write elsewhere than browsers do.
#
# The cursor of a FileSystemWritableFileStream begins at 0, with keepExistingData as well; a
# write at a position leaves it behind what was written, and truncate() pulls it back to the
# new end (File System Standard, "The FileSystemWritableFileStream interface"). With
# keepExistingData opfs-mock 2.8.0 begins at the end: what overwrites in browsers appends in
# tests. In memfs 4.80.1 (memfs/lib/fsa) a write at a position leaves the cursor where it
# was, so that the next one goes over the start of the file, and truncate() leaves it behind
# the end, so that zeros come between. native-file-system-adapter 3.0.1 does as the standard
# says.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund opfs-mock@2.8.0 memfs@4.80.1 \
  native-file-system-adapter@3.0.1 >/dev/null 2>&1
cat >write.mjs <<'SCRIPT'
import { fsa } from "memfs/lib/fsa/index.js";
import { getOriginPrivateDirectory } from "native-file-system-adapter";
import memory from "native-file-system-adapter/src/adapters/memory.js";
import { storageFactory } from "opfs-mock";

const roots = {
  "opfs-mock": await storageFactory().getDirectory(),
  memfs: fsa({ mode: "readwrite" }).dir,
  "native-file-system-adapter": await getOriginPrivateDirectory(memory),
};
const writes = {
  async "a write over a kept file"(stream) {
    await stream.write("ab");
  },
  async "a write at 3, and another"(stream) {
    await stream.write({ type: "write", position: 3, data: "ab" });
    await stream.write("c");
  },
  async "seven, cut to two, and another"(stream) {
    await stream.write("abcdefg");
    await stream.truncate(2);
    await stream.write("X");
  },
};
for (const [name, root] of Object.entries(roots)) {
  for (const [title, write] of Object.entries(writes)) {
    const file = await root.getFileHandle(title, { create: true });
    const first = await file.createWritable();
    await first.write("0123456789");
    await first.close();
    const stream = await file.createWritable({ keepExistingData: true });
    await write(stream);
    await stream.close();
    const text = await (await file.getFile()).text();
    console.log(`${name}, ${title}: ${text.replaceAll("\0", ".")}`);
  }
}
SCRIPT
found=$(node write.mjs)
printf '%s\n' "$found"
expected='opfs-mock, a write over a kept file: 0123456789ab
opfs-mock, a write at 3, and another: 012abc6789
opfs-mock, seven, cut to two, and another: 01X
memfs, a write over a kept file: ab23456789
memfs, a write at 3, and another: c12ab56789
memfs, seven, cut to two, and another: ab.....X
native-file-system-adapter, a write over a kept file: ab23456789
native-file-system-adapter, a write at 3, and another: 012abc6789
native-file-system-adapter, seven, cut to two, and another: abX'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
