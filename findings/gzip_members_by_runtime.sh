#!/usr/bin/env bash
# deno 2.9.5 and bun 1.4.5 (npm): a gzip of two members is another text to each `fetch`.
#
# RFC 1952 section 2.2 makes a file a series of members, and `gzip -d` gives all of them:
# logs that were appended to and the blocked gzip of genomics are made so. Sent with
# Content-Encoding: gzip, Bun's fetch gives both members, and Deno's ends behind the first
# one as if the body had ended there: no error, and the Content-Length of both. Of the same
# bytes Deno's DecompressionStream makes a TypeError, Bun's all of the text.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.5 bun@1.4.5 >/dev/null 2>&1
{ printf 'first ' | gzip -n && printf 'second' | gzip -n; } >members.gz
cat >ask.mjs <<'SCRIPT'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";

const members = readFileSync("members.gz");
const server = createServer((_, response) => {
  response.writeHead(200, {
    "content-encoding": "gzip",
    "content-length": members.length,
  });
  response.end(members);
});
async function say(what, make) {
  const said = await make().then(JSON.stringify, (error) => error.name);
  console.log(`${what}: ${said}`);
}
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  await say("fetch", async () =>
    (await fetch(`http://127.0.0.1:${port}/`)).text());
  await say("DecompressionStream", () =>
    new Response(
      new Blob([members]).stream().pipeThrough(new DecompressionStream("gzip")),
    ).text());
  process.exit();
});
SCRIPT
found=$(
  printf 'gzip -d: "%s"\n' "$(gzip -dc members.gz)"
  printf 'deno\n' && npx deno run --quiet --no-config --allow-all ask.mjs
  printf 'bun\n' && npx bun ask.mjs
)
printf '%s\n' "$found"
expected='gzip -d: "first second"
deno
fetch: "first "
DecompressionStream: TypeError
bun
fetch: "first second"
DecompressionStream: "first second"'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
