#!/usr/bin/env bash
# localforage on localStorage: the default store of a database holds all its other stores.
#
# Version:    1.10.0 (npm)
# Behavior:   An instance is told apart by name and storeName. On localStorage the keys of
#             the default store begin with "app/", those of the store "drafts" with
#             "app/drafts/". So keys() and length() of the default store count the others,
#             and its clear() deletes them, and those of a database named "app/x".
# Expected:   separate stores, as with the driver for IndexedDB, which the same code uses
#             in browsers that have it.
#
# Needs node and npm. Prints what both drivers do; fails if that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund \
  localforage@1.10.0 fake-indexeddb@6.2.8 jsdom@29.1.1 >/dev/null 2>&1

cat >stores.mjs <<'JS'
import "fake-indexeddb/auto";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("", { url: "http://localhost/" });
Object.assign(globalThis, { window, self: globalThis });
globalThis.localStorage = window.localStorage;
const { default: localforage } = await import("localforage");
for (const driver of [localforage.INDEXEDDB, localforage.LOCALSTORAGE]) {
  const settings = localforage.createInstance({ name: "app", driver });
  const drafts = localforage.createInstance({ name: "app", storeName: "drafts", driver });
  await settings.setItem("theme", "dark");
  await drafts.setItem("letter", "Dear …");
  console.log(`${settings.driver()}: the default store has ${(await settings.keys()).sort()}`);
  await settings.clear();
  console.log(`after its clear() the other store has ${await drafts.getItem("letter")}`);
}
JS

expected='asyncStorage: the default store has theme
after its clear() the other store has Dear …
localStorageWrapper: the default store has drafts/letter,theme
after its clear() the other store has null'
found=$(node stores.mjs)
echo "$found"
[ "$found" = "$expected" ] || {
  echo "it is other than described" >&2
  exit 1
}
