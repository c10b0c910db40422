#!/usr/bin/env bash
# Express, Koa and Fastify send again what a client says that it has.
#
# If-None-Match is * or a list of entity tags, and a tag may have commas in it (RFC 9110,
# 8.8.3: any visible character but the quote). fresh, by which Express 5.3.0 and Koa 3.3.0
# answer, and send 1.2.1 split the list at each comma: a tag "a,b" is none of the two
# halves, so the answer is 200 with the whole content each time, and send refuses If-Match
# with the very tag of the file by 412. @fastify/etag 6.2.0 compares the field as a whole:
# it knows neither a list nor *. Hono 4.13.19 does as the RFC says (13.1.2).
#
# Installs the packages in a temporary folder and fails if the answers change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund express@5.3.0 send@1.2.1 koa@3.3.0 \
  koa-conditional-get@3.0.0 fastify@5.12.8 @fastify/etag@6.2.0 hono@4.13.19 \
  @hono/node-server@2.1.9 >/dev/null 2>&1
printf content >file
cat >ask.mjs <<'SCRIPT'
import { createServer } from "node:http";
import fastifyEtag from "@fastify/etag";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { etag } from "hono/etag";
import Koa from "koa";
import conditionalGet from "koa-conditional-get";
import send from "send";

const serve = {
  express: (tag) => express().get("/file", (_, answer) => answer.set("ETag", tag).send("content")),
  send: (tag) => (asked, answer) => {
    answer.setHeader("ETag", tag);
    send(asked, "/file", { root: "." }).pipe(answer);
  },
  koa: (tag) =>
    new Koa().use(conditionalGet()).use((context) => {
      context.etag = tag;
      context.body = "content";
    }).callback(),
  fastify: async (tag) => {
    const app = fastify();
    await app.register(fastifyEtag);
    app.get("/file", (_, reply) => reply.header("ETag", tag).send("content"));
    await app.ready();
    return (asked, answer) => app.routing(asked, answer);
  },
  hono: (tag) =>
    getRequestListener(
      new Hono().use(etag())
        .get("/file", (context) => context.text("content", 200, { ETag: tag })).fetch,
    ),
};
async function ask(listener, fields) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/file`, {
    headers: { "cache-control": "max-age=0", ...fields },
  });
  await answer.text();
  server.close();
  return answer.status;
}
for (const [name, listener] of Object.entries(serve)) {
  const plain = await listener('"ab"'), comma = await listener('"a,b"');
  const said = [
    `one tag ${await ask(plain, { "if-none-match": '"ab"' })}`,
    `a list ${await ask(plain, { "if-none-match": '"z", "ab"' })}`,
    `* ${await ask(plain, { "if-none-match": "*" })}`,
    `a comma ${await ask(comma, { "if-none-match": '"a,b"' })}`,
  ];
  console.log(`${name}: ${said.join(", ")}`);
}
console.log(`send, If-Match: one tag ${await ask(serve.send('"ab"'), { "if-match": '"ab"' })}, ` +
  `a comma ${await ask(serve.send('"a,b"'), { "if-match": '"a,b"' })}`);
process.exit();
SCRIPT
found=$(node ask.mjs)
printf '%s\n' "$found"
expected='express: one tag 304, a list 304, * 304, a comma 200
send: one tag 304, a list 304, * 304, a comma 200
koa: one tag 304, a list 304, * 304, a comma 200
fastify: one tag 304, a list 200, * 200, a comma 304
hono: one tag 304, a list 304, * 304, a comma 304
send, If-Match: one tag 200, a comma 412'
[ "$found" = "$expected" ] || {
  printf 'the answers have changed\n' >&2
  exit 1
}
