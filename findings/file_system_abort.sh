#!/usr/bin/env bash
# An aborted write stays in the file with two stand-ins for the browser's file system.
#
# What goes into a FileSystemWritableFileStream is in the file once it is closed, and not
# before; after abort() the file is as it was (File System Standard, "The
# FileSystemWritableFileStream interface": the steps for closing set the file's data, those
# for aborting only release its lock). memfs 4.80.1 (memfs/lib/fsa) and
# native-file-system-adapter 3.0.1 with its adapter for Node write into the file itself:
# readers see half of it, and abort() leaves that instead of the old content. The adapter
# for memory of the same package and opfs-mock 2.8.0 do as the standard says.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund opfs-mock@2.8.0 memfs@4.80.1 \
  native-file-system-adapter@3.0.1 >/dev/null 2>&1
mkdir root
cat >write.mjs <<'SCRIPT'
import { fsa } from "memfs/lib/fsa/index.js";
import { getOriginPrivateDirectory } from "native-file-system-adapter";
import memory from "native-file-system-adapter/src/adapters/memory.js";
import node from "native-file-system-adapter/src/adapters/node.js";
import { storageFactory } from "opfs-mock";

const roots = {
  memfs: fsa({ mode: "readwrite" }).dir,
  "the adapter for Node": await getOriginPrivateDirectory(node, "root"),
  "the adapter for memory": await getOriginPrivateDirectory(memory),
  "opfs-mock": await storageFactory().getDirectory(),
};
for (const [name, root] of Object.entries(roots)) {
  const file = await root.getFileHandle("file", { create: true });
  const read = async () => JSON.stringify(await (await file.getFile()).text());
  const first = await file.createWritable();
  await first.write("all of it");
  await first.close();
  const stream = await file.createWritable();
  await stream.write("half of the");
  const written = await read();
  await stream.abort();
  console.log(`${name}: written ${written}, aborted ${await read()}`);
}
SCRIPT
found=$(node write.mjs)
printf '%s\n' "$found"
expected='memfs: written "half of the", aborted "half of the"
the adapter for Node: written "half of the", aborted "half of the"
the adapter for memory: written "all of it", aborted "all of it"
opfs-mock: written "all of it", aborted "all of it"'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
