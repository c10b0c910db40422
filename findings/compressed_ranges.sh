#!/usr/bin/env bash
# Three middlewares that compress answers compress the pieces of a file, one by one.
#
# A range counts the bytes of the selected representation, which has its coding applied
# (RFC 9110, 8.4 and 14.1.2), and Content-Range tells its whole length (14.4). Under
# compression 1.8.2 (Express), @polka/compression 1.0.0-next.28 and http-compression 1.1.3 a
# 206 is a gzip of a piece of the plain file, with the numbers of the plain file: some 400
# bytes that call themselves "2000-3999/18890" of a representation that has 4500. Who keeps
# bodies as they come, a cache or a download that breaks off and goes on, gets a file that
# nothing unpacks. The middlewares of Hono 4.13.19, Koa (koa-compress 5.2.2) and Fastify
# (@fastify/compress 9.2.0) send pieces uncoded (the latter two tried by hand).
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund \
  compression@1.8.2 @polka/compression@1.0.0-next.28 http-compression@1.1.3 sirv@3.0.2 \
  hono@4.13.19 @hono/node-server@2.1.9 >/dev/null 2>&1
cat >ask.mjs <<'SCRIPT'
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { gunzipSync } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import polka from "@polka/compression";
import compression from "compression";
import { Hono } from "hono";
import { compress } from "hono/compress";
import httpCompression from "http-compression";
import sirv from "sirv";

mkdirSync("public");
const text = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join("");
writeFileSync("public/file.txt", text);
const files = sirv("public", { dev: true });
const before = (middleware) => (asked, answer) =>
  middleware(asked, answer, () => files(asked, answer));
const hono = new Hono().use(compress()).use("*", serveStatic({ root: "./public" }));
const listeners = {
  compression: before(compression()),
  "@polka/compression": before(polka()),
  "http-compression": before(httpCompression()),
  "hono/compress": getRequestListener(hono.fetch),
};
for (const [name, listener] of Object.entries(listeners)) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const get = (range) =>
    new Promise((resolve, reject) => {
      const headers = { "accept-encoding": "gzip" };
      if (range !== undefined) headers.range = range;
      request({ host: "127.0.0.1", port, path: "/file.txt", headers }, async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve({ answer, body: Buffer.concat(chunks) });
      }).on("error", reject).end();
    });
  const { answer, body } = await get("bytes=2000-3999");
  const { statusCode, headers } = answer;
  const coding = headers["content-encoding"] ?? "identity";
  const length = body.length === 2000 ? "2000 bytes" : "not 2000 bytes";
  console.log(`${name}: ${statusCode}, ${headers["content-range"]}, ${coding}, ${length}`);
  const started = (await get()).body.subarray(0, 2000);
  const resumed = Buffer.concat([started, (await get("bytes=2000-")).body]);
  let read = "not readable";
  try {
    if (`${gunzipSync(resumed)}` === text) read = "the file";
  } catch {
    // What "not readable" says.
  }
  if (coding === "gzip") console.log(`${name}, broken off after 2000 bytes and resumed: ${read}`);
  server.close();
  server.closeAllConnections();
}
SCRIPT
found=$(node ask.mjs)
printf '%s\n' "$found"
expected='compression: 206, bytes 2000-3999/18890, gzip, not 2000 bytes
compression, broken off after 2000 bytes and resumed: not readable
@polka/compression: 206, bytes 2000-3999/18890, gzip, not 2000 bytes
@polka/compression, broken off after 2000 bytes and resumed: not readable
http-compression: 206, bytes 2000-3999/18890, gzip, not 2000 bytes
http-compression, broken off after 2000 bytes and resumed: not readable
hono/compress: 206, bytes 2000-3999/18890, identity, 2000 bytes'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
