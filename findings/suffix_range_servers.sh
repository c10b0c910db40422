#!/usr/bin/env bash
# Asked for the last bytes of a file, servers of npm give the first ones, or none.
#
# "bytes=-3" is how readers of ZIP, Parquet and the like fetch what stands at the end; it
# means the last three bytes, and the whole file if that is shorter (RFC 9110, 14.1.2). sirv
# 3.0.2 (which SvelteKit and Vite serve files with) and s3rver 3.7.1 (an S3 for tests)
# read it as "from the start to 3": a 206 with four bytes, well formed. send 1.2.1 (Express)
# and serve-handler 6.1.8 answer 416 where the file is shorter than what is asked for,
# http-server 14.1.1 always. Only @hono/node-server 2.1.9 does as the RFC says, as nginx.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund sirv@3.0.2 hono@4.13.19 @hono/node-server@2.1.9 \
  serve-handler@6.1.8 http-server@14.1.1 send@1.2.1 s3rver@3.7.1 >/dev/null 2>&1
mkdir -p public/bucket data
printf 0123456789 >public/bucket/file
cat >ask.mjs <<'SCRIPT'
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import httpServer from "http-server";
import S3rver from "s3rver";
import send from "send";
import serveHandler from "serve-handler";
import sirv from "sirv";

const root = "public";
const s3rver = new S3rver({
  directory: "data", silent: true, configureBuckets: [{ name: "bucket" }],
});
await s3rver.configureBuckets();
const listeners = {
  sirv: sirv(root, { dev: true }),
  s3rver: s3rver.getMiddleware(),
  send: (asked, answer) => send(asked, asked.url, { root }).pipe(answer),
  "serve-handler": (asked, answer) => serveHandler(asked, answer, { public: root }),
  "http-server": httpServer.createServer({ root }).server.listeners("request")[0],
  hono: getRequestListener(new Hono().use("*", serveStatic({ root: "./public" })).fetch),
};
for (const [name, listener] of Object.entries(listeners)) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/bucket/file`;
  if (name === "s3rver") await (await fetch(url, { method: "PUT", body: "0123456789" })).text();
  const said = [];
  for (const last of [3, 50]) {
    const answer = await fetch(url, { headers: { range: `bytes=-${last}` } });
    const text = await answer.text();
    said.push(`the last ${last}: ${answer.status}${answer.status === 206 ? ` ${text}` : ""}`);
  }
  console.log(`${name}, ${said.join(", ")}`);
}
process.exit();
SCRIPT
found=$(node ask.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='sirv, the last 3: 206 0123, the last 50: 206 0123456789
s3rver, the last 3: 206 0123, the last 50: 206 0123456789
send, the last 3: 206 789, the last 50: 416
serve-handler, the last 3: 206 789, the last 50: 416
http-server, the last 3: 416, the last 50: 416
hono, the last 3: 206 789, the last 50: 206 0123456789'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
