// node workerd.mjs <bundle> <bindings>: two isolates of one module, at /a and /b, until the
// input ends; prints where. One process, so that both have the same cache.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import process from "node:process";

// Installed once, beside the suite that needs it most.
const require = createRequire(new URL("../azure/", import.meta.url));
const { Miniflare } = require("miniflare");
const contents = readFileSync(process.argv[2], "utf8");
const miniflare = new Miniflare({
  // Or it asks another host for a sample.
  cf: false,
  workers: ["a", "b"].map((name) => ({
    name,
    modules: [{ type: "ESModule", path: `${name}.mjs`, contents }],
    bindings: JSON.parse(process.argv[3]),
    compatibilityDate: "2026-07-01",
  })),
});
await miniflare.ready;
const server = createServer(async (request, response) => {
  try {
    const worker = await miniflare.getWorker(request.url.slice(1));
    const parts = [];
    for await (const part of request) parts.push(part);
    const answer = await worker.fetch("http://worker/", {
      method: "POST",
      body: Buffer.concat(parts),
    });
    response.writeHead(answer.status);
    response.end(await answer.text());
  } catch (error) {
    response.writeHead(500);
    response.end(String(error?.stack ?? error));
  }
});
// By itself it is 5 seconds: on a busy machine a POST goes on a connection that has just
// been closed.
server.keepAliveTimeout = 900_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
process.stdin.resume().on("end", async () => {
  server.close();
  server.closeAllConnections();
  await miniflare.dispose();
});
