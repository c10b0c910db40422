#!/usr/bin/env bash
# Five static file servers of npm answer a resumed download with bytes of another file.
#
# A client that goes on with a broken download sends Range, and If-Range with the time (or
# the tag) of what it has. RFC 9110, 13.1.5: if that is not what the server has now, it must
# ignore Range and send the whole file; a time matches exactly or not at all. sirv, hono's
# serveStatic, serve-handler and http-server do not look at If-Range and send the rest of
# the new file. send, which serves Express's static files, does, but takes any time that is
# not before the file's: a file put back to an older state is still mixed. nginx 1.22.1
# answers 200 in both cases (tried by hand).
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund sirv@3.0.2 hono@4.13.19 @hono/node-server@2.1.9 \
  serve-handler@6.1.8 http-server@14.1.1 send@1.2.1 >/dev/null 2>&1
cat >resume.mjs <<'SCRIPT'
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import httpServer from "http-server";
import send from "send";
import serveHandler from "serve-handler";
import sirv from "sirv";

mkdirSync("public");
const write = (text, time) => {
  writeFileSync("public/file.txt", text);
  utimesSync("public/file.txt", time, time);
};
const listeners = {
  sirv: sirv("public", { dev: true }),
  hono: getRequestListener(new Hono().use("*", serveStatic({ root: "./public" })).fetch),
  "serve-handler": (asked, answer) => serveHandler(asked, answer, { public: "public" }),
  "http-server": httpServer.createServer({ root: "public" }).server.listeners("request")[0],
  send: (asked, answer) => send(asked, asked.url, { root: "public" }).pipe(answer),
};
const resume = (port, time) =>
  new Promise((resolve, reject) => {
    const headers = { range: "bytes=5-", "if-range": time.toUTCString() };
    const sent = request({ host: "127.0.0.1", port, path: "/file.txt", headers });
    sent.on("error", reject).on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => text += part);
      answer.on("end", () => resolve(`${answer.statusCode} ${text}`));
    }).end();
  });
const then = new Date("2026-06-01T00:00:00Z");
for (const [name, listener] of Object.entries(listeners)) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  write("A newer f", new Date("2026-07-01T00:00:00Z"));
  const newer = await resume(port, then);
  write("An older f", new Date("2026-05-01T00:00:00Z"));
  console.log(`${name}: newer ${newer}, older ${await resume(port, then)}`);
}
process.exit();
SCRIPT
found=$(node resume.mjs 2>/dev/null)
printf '%s\n' "$found"
expected='sirv: newer 206 er f, older 206 der f
hono: newer 206 er f, older 206 der f
serve-handler: newer 206 er f, older 206 der f
http-server: newer 206 er f, older 206 der f
send: newer 200 A newer f, older 206 der f'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
