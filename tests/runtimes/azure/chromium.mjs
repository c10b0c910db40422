// node chromium.mjs <bundle> <origin>: the suite in a page of Chromium, kept on loopback.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { chromium } from "playwright-core";

const [bundle, origin] = process.argv.slice(2);
const PAGE = '<!doctype html><meta charset="utf-8"><title>azure</title>' +
  '<script type="module">globalThis.suite = await import("/bundle.mjs");</script>';

const server = createServer((request, response) => {
  const isScript = request.url === "/bundle.mjs";
  const type = isScript ? "text/javascript" : "text/html";
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
  response.end(isScript ? readFileSync(bundle) : PAGE);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.suite !== undefined);
  const outcome = await page.evaluate(
    (to) => globalThis.suite.runSuite(to),
    origin,
  );
  process.stdout.write(JSON.stringify(outcome));
} finally {
  await browser.close();
  server.close();
}
