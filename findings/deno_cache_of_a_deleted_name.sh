#!/usr/bin/env bash
# deno 2.9.5 (npm): a Cache whose name was deleted puts answers into another cache.
#
# `caches.delete(name)` takes a name away; whoever holds the Cache goes on with what was
# under it, and nobody else sees that (Service Workers, section 5.4). Deno knows a cache by
# the number of a row and gives the number of the last deleted one to the next that is
# opened: a write that was under way when its cache was deleted lands in a cache of another
# name, and is found there.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DENO_DIR=$folder/cache
npm install --silent --no-audit --no-fund deno@2.9.5 >/dev/null 2>&1
cat >ask.mjs <<'SCRIPT'
const first = await caches.open("first");
console.log(`deleted: ${await caches.delete("first")}`);
const second = await caches.open("second");
await first.put("https://example.com/", new Response("put into the first"));
const found = await second.match("https://example.com/");
console.log(`the second has: ${await found?.text()}`);
SCRIPT
found=$(npx deno run --quiet --no-config --allow-all ask.mjs)
printf '%s\n' "$found"
expected='deleted: true
the second has: put into the first'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
