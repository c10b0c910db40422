/**
 * Servers that give files away by one handler, as `docs/frameworks.md` has them stand in
 * each framework.
 *
 * @module
 */
import type { Consumer } from "./consumers.ts";

const FILES = `import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { toResponse } from "@remote-store/core/ext/transfer";

export const store = new Store({ backend: new MemoryBackend() });
await store.write("a b/ü.txt", "0123456789");

export const files = (request) =>
  toResponse(store, request, { base: "/files/" });
`;

const ASK = `import { setTimeout } from "node:timers/promises";

export async function ask(origin) {
  const url = origin + "/files/a%20b/%C3%BC.txt";
  const part = await fetch(url, { headers: { range: "bytes=2-4" } });
  const text = await part.text();
  const absent = await fetch(origin + "/files/none.txt");
  await absent.body?.cancel();
  const got = JSON.stringify([part.status, text, absent.status]);
  if (got !== '[206,"234",404]') throw new Error(origin + ": " + got);
}

export async function whenUp(origin) {
  for (;;) {
    const up = await fetch(origin).then((it) => it.text(), () => null);
    if (up !== null) return;
    await setTimeout(100);
  }
}
`;

const NODE = `import { createServer } from "node:http";
import { once } from "node:events";
import { serve } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { toNodeHandler } from "srvx/node";
import { ask } from "./ask.mjs";
import { files, store } from "./files.mjs";

const originOf = (server) => "http://127.0.0.1:" + server.address().port;

const hono = new Hono();
hono.get("/files/*", (c) => files(c.req.raw));
const byHono = serve({ fetch: hono.fetch, port: 0, hostname: "127.0.0.1" });

const app = express();
app.get("/files/*path", toNodeHandler(files));
app.put("/in/:name", async (request, response) => {
  const { size } = await store.write(request.params.name, request);
  response.json({ size });
});
const byExpress = app.listen(0, "127.0.0.1");

const fastify = Fastify();
fastify.get("/files/*", (request, reply) => {
  reply.hijack();
  return toNodeHandler(files)(request.raw, reply.raw);
});
await fastify.listen({ port: 0, host: "127.0.0.1" });

const plain = createServer(toNodeHandler(files)).listen(0, "127.0.0.1");

for (const server of [byHono, byExpress, fastify.server, plain]) {
  if (!server.listening) await once(server, "listening");
  await ask(originOf(server));
}
const put = await fetch(originOf(byExpress) + "/in/b.bin", {
  method: "PUT",
  body: new Uint8Array(3_000_000),
});
if ((await put.json()).size !== 3_000_000) throw new Error("it came short");
console.log("four servers answered");
process.exit(0);
`;

const NEXT = `import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { ask, whenUp } from "./ask.mjs";

const free = createServer().listen(0, "127.0.0.1");
await once(free, "listening");
const { port } = free.address();
free.close();
await once(free, "close");

const server = spawn(
  process.execPath,
  ["node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", port],
  { stdio: "inherit" },
);
const ended = once(server, "exit").then(() => {
  throw new Error("the server has ended");
});
ended.catch(() => {});
try {
  await Promise.race([whenUp("http://127.0.0.1:" + port), ended]);
  await ask("http://127.0.0.1:" + port);
} finally {
  server.kill();
}
console.log("Next.js answered");
`;

const PAGE = `"use client";
import { Store } from "@remote-store/core";
import { IndexedDBBackend } from "@remote-store/core/backends/indexeddb";

const store = new Store({ backend: new IndexedDBBackend() });

export default function Page() {
  return <p>{store.supports("write") ? "writes" : "reads"}</p>;
}
`;

/** The servers by the names of their frameworks. */
export const SERVERS: ReadonlyMap<string, Consumer> = new Map([
  ["Hono, Express, Fastify, node:http", {
    packages: [
      "hono@4.13.19",
      "@hono/node-server@2.1.9",
      "express@5.3.0",
      "fastify@5.12.8",
      "srvx@1.0.8",
    ],
    files: { "files.mjs": FILES, "ask.mjs": ASK, "servers.mjs": NODE },
    run: ["node", "servers.mjs"],
  }],
  ["Next.js", {
    packages: ["next@16.4.6", "react@19", "react-dom@19"],
    files: {
      "lib/files.mjs": FILES,
      "ask.mjs": ASK,
      "next.mjs": NEXT,
      "app/layout.jsx":
        "export default ({ children }) => <html><body>{children}</body></html>;\n",
      "app/page.jsx": PAGE,
      "app/files/[...path]/route.js": `import { files } from "@/lib/files.mjs";

export const GET = files;
export const HEAD = files;
`,
      "jsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    },
    run: [
      "sh",
      "-c",
      "NEXT_TELEMETRY_DISABLED=1 node_modules/.bin/next build && node next.mjs",
    ],
  }],
]);
