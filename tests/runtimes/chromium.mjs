// node chromium.mjs <bundle> <argument>: runs the bundle's runSuite(argument) in a page of
// Chromium, kept on loopback; the argument is JSON. The page posts its outcome and nobody
// looks on: a driver is told of each request, which costs more than the request.
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const BROWSER = "/usr/bin/chromium";
const [bundle, argument] = process.argv.slice(2);
const SCRIPT = `import { runSuite } from "/bundle.mjs";
const outcome = await runSuite(${argument}).catch((error) => ({ failed: [String(error)] }));
await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });`;
const PAGE = '<!doctype html><meta charset="utf-8"><title>suite</title>' +
  `<script type="module">${SCRIPT}</script>`;

let resolve;
let reject;
const outcome = new Promise((...both) => [resolve, reject] = both);
const server = createServer(async (request, response) => {
  if (request.url === "/outcome") {
    response.end();
    return resolve(Buffer.concat(await request.toArray()));
  }
  const isScript = request.url === "/bundle.mjs";
  const type = isScript ? "text/javascript" : "text/html";
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
  response.end(isScript ? readFileSync(bundle) : PAGE);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const profile = mkdtempSync(join(tmpdir(), "chromium-"));
const browser = spawn(BROWSER, [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
  ...["--disable-background-networking", "--disable-dev-shm-usage"],
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  `--user-data-dir=${profile}`,
  `http://127.0.0.1:${server.address().port}/`,
], { stdio: "ignore" });
browser.on(
  "error",
  () =>
    reject(
      new Error(`${BROWSER} is missing: tests/runtimes/install.sh installs it`),
    ),
);
browser.on(
  "exit",
  (code) => reject(new Error(`${BROWSER} ended with ${code}`)),
);
try {
  process.stdout.write(await outcome);
} finally {
  if (browser.pid !== undefined && browser.exitCode === null) {
    browser.kill();
    await once(browser, "exit");
  }
  server.close();
  server.closeAllConnections();
  rmSync(profile, {
    recursive: true,
    force: true,
    maxRetries: 9,
    retryDelay: 100,
  });
}
