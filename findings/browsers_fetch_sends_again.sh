#!/usr/bin/env bash
# Chromium 156 and Firefox ESR 153 (Debian), node 20 as the server: `fetch` sends a POST twice.
#
# Where a connection that has served before is closed after a request has arrived and before
# it is answered, both browsers send the request again on a new one, whatever its method and
# whether its body is bytes or a Blob, and the page sees the second answer only. A PUT with
# If-None-Match, which has been carried out the first time, is so refused because of itself
# (412). RFC 9110 §9.2.2 lets a client repeat by itself what is idempotent, which neither a
# POST nor a create is.
#
# Takes the browsers that are installed, or Debian's, and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
server=
browser=
trap 'kill $browser $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for package in chromium firefox-esr; do
  command -v "$package" >/dev/null || apt-get install -y "$package" >/dev/null 2>&1 || {
    apt-get update >/dev/null && apt-get install -y "$package" >/dev/null 2>&1
  }
done
cd "$folder"
cat >page.html <<'SCRIPT'
<!doctype html>
<script type="module">
  const bytes = new TextEncoder().encode("second");
  const bodies = {
    nothing: () => undefined,
    bytes: () => bytes,
    blob: () => new Blob([bytes]),
  };
  const lines = [];
  for (const method of ["PUT", "POST", "DELETE"]) {
    for (const name in bodies) {
      // The connection that is used next has served a request.
      await (await fetch("/served")).text();
      const headers = { "if-none-match": "*" };
      const answer = await fetch(`/${name}`, {
        method,
        headers,
        body: bodies[name](),
      }).then(({ status }) => status, () => "an error");
      lines.push(`${method} of ${name}: ${answer}`);
    }
  }
  await fetch("/found", { method: "PUT", body: lines.join("\n") });
</script>
SCRIPT
cat >server.cjs <<'SCRIPT'
const { readFileSync, writeFileSync } = require("node:fs");
const seen = new Map();
require("node:http").createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => text += chunk).on("end", () => {
    if (request.url === "/served") return response.end("served");
    if (request.url === "/found") {
      writeFileSync("found.part", text);
      require("node:fs").renameSync("found.part", "found");
      return response.end();
    }
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html");
      return response.end(request.url === "/" ? readFileSync("page.html") : "");
    }
    const name = request.method + request.url;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    if (count === 1) request.socket.destroy();
    else response.writeHead(412).end();
  });
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
setTimeout(() => process.exit(), 120_000);
SCRIPT
expected='PUT of nothing: 412
PUT of bytes: 412
PUT of blob: 412
POST of nothing: 412
POST of bytes: 412
POST of blob: 412
DELETE of nothing: 412
DELETE of bytes: 412
DELETE of blob: 412'
for name in chromium firefox-esr; do
  rm -f port found
  node server.cjs >port &
  server=$!
  until [ -s port ]; do sleep 0.1; done
  page="http://127.0.0.1:$(cat port)/"
  if [ "$name" = chromium ]; then
    chromium --headless --no-sandbox --disable-gpu --user-data-dir="$folder/chromium" \
      --disable-background-networking --disable-component-update --no-first-run \
      --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" \
      --remote-debugging-port=0 "$page" >/dev/null 2>&1 &
  else
    mkdir -p "$folder/firefox"
    # Nothing but this machine is asked for anything.
    cat >"$folder/firefox/user.js" <<'PREFS'
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.proxy.no_proxies_on", "127.0.0.1");
user_pref("network.dns.disabled", true);
PREFS
    firefox-esr --headless --no-remote --profile "$folder/firefox" "$page" >/dev/null 2>&1 &
  fi
  browser=$!
  for _ in $(seq 600); do
    if [ -s found ]; then break; fi
    sleep 0.1
  done
  kill "$browser" "$server" 2>/dev/null || true
  wait "$browser" "$server" 2>/dev/null || true
  printf '%s\n' "$("$name" --version 2>/dev/null)"
  cat found
  printf '\n'
  [ "$(cat found)" = "$expected" ] || {
    printf 'the answers have changed\n' >&2
    exit 1
  }
done
