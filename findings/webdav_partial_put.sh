#!/usr/bin/env bash
# webdav-server 2.6.3 (npm) takes a part of a file for all of it.
#
# A PUT with Content-Range replaces a part of a file where a server knows how to, and clients
# that go on with an upload try it. RFC 9110, 14.5: a server that does not SHOULD answer 400,
# since taken for a usual PUT the part would replace the whole. The package answers 200, and
# the file is two bytes long.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund webdav-server@2.6.3 >/dev/null 2>&1
cat >ask.mjs <<'SCRIPT'
import { createServer } from "node:net";
import webdav from "webdav-server";

// A port that is free: the package takes no zero.
const { port } = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const address = probe.address();
    probe.close(() => resolve(address));
  });
});
const server = new webdav.v2.WebDAVServer({ port, hostname: "127.0.0.1" });
await server.startAsync();
const file = `http://127.0.0.1:${port}/file`;
const read = async () => (await fetch(file)).text();
await fetch(file, { method: "PUT", body: "0123456789" });
console.log(`before: ${await read()}`);
const headers = { "content-range": "bytes 2-3/10" };
const { status } = await fetch(file, { method: "PUT", headers, body: "ZZ" });
console.log(`PUT of bytes 2-3/10: ${status}`);
console.log(`after: ${await read()}`);
process.exit(0);
SCRIPT
found=$(node --no-deprecation ask.mjs)
printf '%s\n' "$found"
expected='before: 0123456789
PUT of bytes 2-3/10: 200
after: ZZ'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
