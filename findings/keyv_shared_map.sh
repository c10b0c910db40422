#!/usr/bin/env bash
# Keyv 5.6.0: two namespaces on one Map are one for iterator() and clear().
#
# Its README: a namespace avoids collisions and allows "to clear only a certain namespace",
# iterator() gives the entries of the current one, and any store with the API of Map will do.
# The name is also written onto the store itself, where the last instance made wins. The keys
# are kept apart ("users:k", "cache:k"), and get() answers rightly, but the iterator of
# "users" gives the entries of "cache" as its own, and clear() of "cache" leaves neither.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund keyv@5.6.0 >/dev/null
cat >ask.mjs <<'SCRIPT'
import Keyv from "keyv";

const store = new Map();
const users = new Keyv({ store, namespace: "users" });
const cache = new Keyv({ store, namespace: "cache" });
await users.set("ada", 1);
await cache.set("page", 2);
console.log("get:", await users.get("ada"), await cache.get("page"));
for await (const [key, value] of users.iterator()) console.log("users has:", key, value);
await cache.clear();
console.log("after cache.clear():", await users.get("ada"), await cache.get("page"));
SCRIPT
found=$(node ask.mjs)
printf '%s\n' "$found"
expected='get: 1 2
users has: page 2
after cache.clear(): undefined undefined'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
