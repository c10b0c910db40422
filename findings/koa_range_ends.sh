#!/usr/bin/env bash
# koa-range 0.3.0 promises bytes behind the end, and finds a range where there is none.
#
# A last position at or behind the end means the rest of the content (RFC 9110, 14.1.2), as
# whoever reads pieces of a fixed size asks for the last one. The package writes down what
# was asked for: of 10 bytes it announces "8-50/10" and 43 bytes. A range that begins at the
# end is not satisfiable, and 416 the answer (15.5.17); here it is a 206 with
# "bytes 10-9/10", which 14.4 calls invalid. A range in another unit than bytes, that a
# server MUST ignore (14.2), is a 416. @fastify/static 10.1.11 does as the RFC says.
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund koa@3.3.0 koa-range@0.3.0 @fastify/static@10.1.11 \
  fastify@5.12.8 >/dev/null 2>&1
mkdir public
printf 0123456789 >public/file
cat >ask.mjs <<'SCRIPT'
import { createServer, request } from "node:http";
import fastifyStatic from "@fastify/static";
import Fastify from "fastify";
import Koa from "koa";
import range from "koa-range";

const koa = new Koa();
koa.on("error", () => {});
koa.use(range).use((context) => {
  context.body = "0123456789";
});
const fastify = Fastify();
await fastify.register(fastifyStatic, { root: `${process.cwd()}/public` });
await fastify.ready();
const servers = [["koa-range", koa.callback()], ["@fastify/static", fastify.routing]];
for (const [name, listener] of servers) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  for (const asked of ["bytes=8-9", "bytes=8-50", "bytes=10-", "lines=0-1"]) {
    const headers = { range: asked };
    const { statusCode, headers: fields } = await new Promise((resolve, reject) =>
      request({ host: "127.0.0.1", port, path: "/file", headers }, (answer) => {
        answer.on("error", () => {}).resume();
        resolve(answer);
      }).on("error", reject).end()
    );
    const said = [statusCode, fields["content-range"], fields["content-length"]];
    console.log(`${name}, ${asked}: ${said.map((value) => value ?? "-").join(", ")}`);
  }
  server.close();
  server.closeAllConnections();
}
SCRIPT
found=$(node ask.mjs)
printf '%s\n' "$found"
expected='koa-range, bytes=8-9: 206, bytes 8-9/10, 2
koa-range, bytes=8-50: 206, bytes 8-50/10, 43
koa-range, bytes=10-: 206, bytes 10-9/10, 0
koa-range, lines=0-1: 416, -, 21
@fastify/static, bytes=8-9: 206, bytes 8-9/10, 2
@fastify/static, bytes=8-50: 206, bytes 8-9/10, 2
@fastify/static, bytes=10-: 416, bytes */10, 84
@fastify/static, lines=0-1: 200, -, 10'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
