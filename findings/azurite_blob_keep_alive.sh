#!/usr/bin/env bash
# azurite 3.37.0: `azurite-blob` takes --blobKeepAliveTimeout, and leaves it.
#
# Its help names the option. The Blob service alone reads it by another name
# (`flags.keepAliveTimeout`), which nothing sets, so that an idle connection is closed after
# 5 seconds whatever was asked for. `azurite`, which starts all three services, does as it
# is asked. A client on a busy machine sends on connections that have just been closed.
#
# Installs the package in a temporary folder, and fails if either answer changes.
set -euo pipefail

folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund azurite@3.37.0 >/dev/null
cat >ask.mjs <<'SCRIPT'
import { request } from "node:http";

const [port] = process.argv.slice(2);
const ask = () =>
  new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: "/devstoreaccount1?comp=list" });
    sent.setHeader("connection", "keep-alive");
    sent.on("response", (answer) => resolve(answer.headers["keep-alive"]));
    sent.on("error", reject);
    sent.end();
  });
for (let tries = 0;; tries++) {
  try {
    console.log(await ask());
    process.exit(0);
  } catch (error) {
    if (tries === 120) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
SCRIPT
found=
for program in azurite-blob azurite; do
  ports=$(node -e '
    const { createServer } = require("node:net");
    const servers = [0, 0, 0].map(() => createServer().listen(0, "127.0.0.1"));
    setTimeout(() => {
      console.log(servers.map((server) => server.address().port).join(" "));
      process.exit(0);
    }, 200);')
  read -r blob queue table <<<"$ports"
  others=()
  if [ "$program" = azurite ]; then
    others=(--queuePort "$queue" --tablePort "$table")
  fi
  node_modules/.bin/$program --blobPort "$blob" ${others[@]+"${others[@]}"} \
    --blobKeepAliveTimeout 600 --inMemoryPersistence --silent --disableTelemetry \
    >/dev/null 2>&1 &
  server=$!
  found+="$program: $(node ask.mjs "$blob")"$'\n'
  kill "$server"
  wait "$server" 2>/dev/null || true
done
printf '%s' "$found"
[ "$found" = $'azurite-blob: timeout=5\nazurite: timeout=600\n' ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
