#!/usr/bin/env bash
# unstorage 1.17.6: two ways to a namespace of its own, one that clears too much and one
# that clears nothing.
#
# The driver for IndexedDB takes a `base`, which its documentation gives to avoid collisions
# of keys. Two storages with other bases in one store list each other's keys, and clear() of
# one deletes both. With the driver for localStorage, which has the same option, each
# lists and clears its own. `prefixStorage` is said to prefix all operations: its clear()
# does nothing, and reports nothing, while its getKeys() gives what is to be deleted.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund \
  unstorage@1.17.6 idb-keyval@6.3.0 fake-indexeddb@6.2.8 jsdom@29.1.1 >/dev/null
cat >ask.mjs <<'SCRIPT'
import "fake-indexeddb/auto";
import { JSDOM } from "jsdom";
import { createStorage, prefixStorage } from "unstorage";
import indexedDB from "unstorage/drivers/indexedb";
import localStorage from "unstorage/drivers/localstorage";
import memory from "unstorage/drivers/memory";

const { window } = new JSDOM("", { url: "http://localhost/" });
const drivers = {
  IndexedDB: (base) => indexedDB({ base }),
  localStorage: (base) => localStorage({ base, window, localStorage: window.localStorage }),
};
const sorted = async (storage) => (await storage.getKeys()).sort().join(" ") || "nothing";
for (const [name, driver] of Object.entries(drivers)) {
  const users = createStorage({ driver: driver("users") });
  const cache = createStorage({ driver: driver("cache") });
  await users.setItem("ada", "1");
  await cache.setItem("page", "2");
  console.log(`${name}, users: ${await sorted(users)}`);
  await cache.clear();
  console.log(`${name}, users after cache.clear(): ${await sorted(users)}`);
}
const storage = createStorage({ driver: memory() });
const cache = prefixStorage(storage, "cache");
await cache.setItem("page", "2");
await cache.clear();
console.log(`prefixStorage after clear(): ${await sorted(cache)}`);
process.exit();
SCRIPT
found=$(node ask.mjs)
printf '%s\n' "$found"
expected='IndexedDB, users: cache:page users:ada
IndexedDB, users after cache.clear(): nothing
localStorage, users: ada
localStorage, users after cache.clear(): ada
prefixStorage after clear(): page'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
