#!/usr/bin/env bash
# miniflare 4.20260730.0: a range of R2 behind the end is an error without a number.
#
# R2 numbers its errors, and a range that begins at or behind the end is 10039. Where the
# range has a length, the emulator fails inside (an answer of 500 without R2's own error),
# and the binding throws "Unspecified error (0)": a client cannot tell it from an outage,
# and retries. Without a length, or by a suffix, the same range is 10039.
#
# Installs the package in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund miniflare@4.20260730.0 >/dev/null
cat >ask.mjs <<'SCRIPT'
import { Miniflare } from "miniflare";

const contents = `export default {
  async fetch(request, { BUCKET }) {
    await BUCKET.put("empty", "");
    await BUCKET.put("full", "hello");
    const lines = [];
    for (const [key, range] of [
      ["full", { offset: 5 }],
      ["full", { offset: 5, length: 1 }],
      ["empty", { offset: 0 }],
      ["empty", { suffix: 1 }],
      ["empty", { offset: 0, length: 1 }],
    ]) {
      const said = await BUCKET.get(key, { range }).then(
        () => "an object", (error) => error.message);
      lines.push(key + " " + JSON.stringify(range) + ": " + said);
    }
    return new Response(lines.join("\\n"));
  },
};`;
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "ask.mjs", contents }],
  compatibilityDate: "2026-07-01",
  r2Buckets: ["BUCKET"],
  cf: false,
});
console.log(await (await miniflare.dispatchFetch("http://ask/")).text());
await miniflare.dispose();
SCRIPT
found=$(node ask.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='full {"offset":5}: get: The requested range is not satisfiable (10039)
full {"offset":5,"length":1}: get: Unspecified error (0)
empty {"offset":0}: get: The requested range is not satisfiable (10039)
empty {"suffix":1}: get: The requested range is not satisfiable (10039)
empty {"offset":0,"length":1}: get: Unspecified error (0)'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
