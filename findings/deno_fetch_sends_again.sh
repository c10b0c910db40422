#!/usr/bin/env bash
# deno 2.9.5 (npm), node 20 as the server: `fetch` sends a request with bytes twice.
#
# Where a connection is closed after the request has arrived and before it is answered, Deno
# sends the request again on a new one, whatever its method, and shows only the second
# answer. A PUT with If-None-Match or If-Match, which has been carried out the first time, is
# so refused because of itself (412), and nothing tells that there was a first time. RFC 9110
# §9.2.2 allows that for idempotent methods only. A Blob or a stream is sent once: its
# bytes are gone, and the error is seen.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DENO_DIR=$folder/cache NO_COLOR=1
npm install --silent --no-audit --no-fund deno@2.9.5 >/dev/null 2>&1
cat >server.cjs <<'SCRIPT'
const seen = new Map();
require("node:http").createServer((request, response) => {
  const count = (seen.get(request.url) ?? 0) + 1;
  seen.set(request.url, count);
  request.resume().on("end", () => {
    if (count === 1) request.socket.destroy();
    else response.writeHead(412).end();
  });
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
setTimeout(() => process.exit(), 60_000);
SCRIPT
cat >ask.mjs <<'SCRIPT'
const bytes = new TextEncoder().encode("second");
const bodies = {
  bytes: () => bytes,
  blob: () => new Blob([bytes]),
  stream: () => new Blob([bytes]).stream(),
};
const ask = async (method, name, body) => {
  const url = `http://127.0.0.1:${Deno.args[0]}/${method}/${name}`;
  const answer = await fetch(url, { method, body })
    .then(({ status }) => status, () => "an error");
  console.log(`${method} of ${name}: ${answer}`);
};
for (const method of ["PUT", "POST"]) {
  for (const name in bodies) await ask(method, name, bodies[name]());
}
await ask("DELETE", "nothing", null);
SCRIPT
node server.cjs >port &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
until [ -s port ]; do sleep 0.1; done
found=$(npx deno run --quiet --no-config --allow-net ask.mjs "$(cat port)")
printf '%s\n' "$found"
expected='PUT of bytes: 412
PUT of blob: an error
PUT of stream: an error
POST of bytes: 412
POST of blob: an error
POST of stream: an error
DELETE of nothing: 412'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
