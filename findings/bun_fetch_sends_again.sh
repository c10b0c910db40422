#!/usr/bin/env bash
# bun 1.4.5 (npm), node 20 as the server: `fetch` sends a PUT or DELETE twice, a Blob too.
#
# Where a connection that has served before is closed after the request has arrived and
# before it is answered, Bun sends a PUT or DELETE again on a new one, and shows only the
# second answer: one with If-None-Match, which has been carried out the first time, is so
# refused because of itself (412). A Blob and the stream of one are sent again as well, and
# only a stream that the caller has made is not; its Content-Length is kept. A POST is sent
# once. RFC 9110 §9.2.2 allows to repeat what is idempotent, which a create is not.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund bun@1.4.5 >/dev/null 2>&1
cat >server.cjs <<'SCRIPT'
const seen = new Map();
require("node:http").createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.url === "/served") return response.end("served");
    const name = request.method + request.url;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    if (count === 1) request.socket.destroy();
    else response.writeHead(412).end();
  });
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
setTimeout(() => process.exit(), 60_000);
SCRIPT
cat >ask.mjs <<'SCRIPT'
const origin = `http://127.0.0.1:${process.argv[2]}`;
const bytes = new TextEncoder().encode("second");
const own = () =>
  new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
const bodies = {
  bytes: () => bytes,
  blob: () => new Blob([bytes]),
  "a blob's stream": () => new Blob([bytes]).stream(),
  "a stream of one's own": own,
};
const ask = async (method, name, body) => {
  // The connection that is used next has served a request.
  await (await fetch(`${origin}/served`)).text();
  const headers = { "if-none-match": "*", "content-length": "6" };
  const answer = await fetch(`${origin}/${encodeURIComponent(name)}`, {
    method,
    body,
    headers: body === undefined ? {} : headers,
  }).then(({ status }) => status, () => "an error");
  console.log(`${method} of ${name}: ${answer}`);
};
for (const name in bodies) await ask("PUT", name, bodies[name]());
await ask("POST", "bytes", bytes);
await ask("DELETE", "nothing", undefined);
SCRIPT
node server.cjs >port &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
until [ -s port ]; do sleep 0.1; done
found=$(npx bun ask.mjs "$(cat port)")
printf '%s\n' "$found"
expected="PUT of bytes: 412
PUT of blob: 412
PUT of a blob's stream: 412
PUT of a stream of one's own: an error
POST of bytes: an error
DELETE of nothing: 412"
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
