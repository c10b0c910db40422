#!/usr/bin/env bash
# Four readers by ranges take the start of a file for its middle.
#
# A server may ignore Range and answer 200 with the whole file (RFC 9110, 14.2); only 206
# and its Content-Range say that the bytes are the ones asked for (15.3.7).
# @chunkd/source-http 11.4.0, @zarrita/storage 0.2.0, copc 0.0.8 and unzipit 2.1.1 look at
# neither: asked for four bytes at 500 they give all of the file, whose first bytes stand
# where those should be. hyparquet 1.33.0 cuts the four bytes out of the whole;
# generic-filehandle2 2.1.10 refuses it, as do pmtiles 4.5.0 and geotiff 3.0.5 (tried by
# hand).
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @chunkd/source-http@11.4.0 @zarrita/storage@0.2.0 \
  copc@0.0.8 unzipit@2.1.1 hyparquet@1.33.0 generic-filehandle2@2.1.10 >/dev/null 2>&1
cat >read.mjs <<'SCRIPT'
import { createServer } from "node:http";
import { SourceHttp } from "@chunkd/source-http";
import { FetchStore } from "@zarrita/storage";
import { Getter } from "copc";
import { RemoteFile } from "generic-filehandle2";
import { asyncBufferFromUrl } from "hyparquet";
import { HTTPRangeReader } from "unzipit";

const file = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
const server = createServer((_, answer) => answer.end(file));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const readers = {
  "@chunkd/source-http": () => new SourceHttp(`${url}/file`).fetch(500, 4),
  "@zarrita/storage": () => new FetchStore(url).getRange("/file", { offset: 500, length: 4 }),
  copc: () => Getter.http(`${url}/file`)(500, 504),
  unzipit: () => new HTTPRangeReader(`${url}/file`).read(500, 4),
  hyparquet: async () =>
    (await asyncBufferFromUrl({ url: `${url}/file`, byteLength: 1000 })).slice(500, 504),
  "generic-filehandle2": () => new RemoteFile(`${url}/file`).read(4, 500),
};
console.log(`asked for: ${file.subarray(500, 504).join(" ")}`);
for (const [name, read] of Object.entries(readers)) {
  try {
    const bytes = new Uint8Array(await read());
    console.log(`${name}: ${bytes.subarray(0, 4).join(" ")} (${bytes.length} bytes)`);
  } catch {
    console.log(`${name}: an error`);
  }
}
process.exit();
SCRIPT
found=$(node read.mjs)
printf '%s\n' "$found"
expected='asked for: 249 250 0 1
@chunkd/source-http: 0 1 2 3 (1000 bytes)
@zarrita/storage: 0 1 2 3 (1000 bytes)
copc: 0 1 2 3 (1000 bytes)
unzipit: 0 1 2 3 (1000 bytes)
hyparquet: 249 250 0 1 (4 bytes)
generic-filehandle2: an error'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
