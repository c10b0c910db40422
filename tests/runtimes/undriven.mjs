// node undriven.mjs <bundle> <argument> [chromium|firefox]: runs the bundle's
// runSuite(argument) in a page, kept on loopback; the argument is JSON, or `@` and the
// file that has it. The page posts its
// outcome and nobody looks on: a driver is told of each request, which costs more than the
// request.
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const [bundle, given, name = "chromium"] = process.argv.slice(2);
const argument = given.startsWith("@")
  ? readFileSync(given.slice(1), "utf8")
  : given;
const BROWSER = name === "firefox"
  ? "/usr/bin/firefox-esr"
  : "/usr/bin/chromium";
// All but loopback goes to a proxy that is not there.
const FIREFOX_PREFS = {
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.dns.disabled": true,
  "browser.shell.checkDefaultBrowser": false,
  "browser.aboutwelcome.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
};
// A page that is gone says nothing any more, and its browser may stay.
const ALIVE_MS = 5000;
const SILENCE_MS = 180_000;
const SCRIPT = `setInterval(() => fetch("/alive").catch(() => {}), ${ALIVE_MS});
const run = async () => {
  const { runSuite } = await import("/bundle.mjs");
  return await runSuite(${argument});
};
const outcome = await run().catch((error) => ({
  passed: 0,
  failed: [\`the suite did not begin: \${error}\\n\${error?.stack}\`],
  points: "",
  skips: [],
}));
await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });`;
const PAGE = '<!doctype html><meta charset="utf-8"><title>suite</title>' +
  '<script type="module" src="/main.mjs"></script>';

let resolve;
let reject;
const outcome = new Promise((...both) => [resolve, reject] = both);
let isAsked = false;
let silence;
function hear() {
  clearTimeout(silence);
  silence = setTimeout(
    () =>
      reject(
        new Error(`the page has said nothing for ${SILENCE_MS} ms: ${said}`),
      ),
    SILENCE_MS,
  );
}
const server = createServer(async (request, response) => {
  isAsked = true;
  hear();
  if (request.url === "/alive") return response.writeHead(204).end();
  if (request.url === "/outcome") {
    response.end();
    return resolve(Buffer.concat(await request.toArray()));
  }
  const isScript = request.url.endsWith(".mjs");
  const script = () =>
    request.url === "/main.mjs" ? SCRIPT : readFileSync(bundle);
  const type = isScript ? "text/javascript" : "text/html";
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
  response.end(isScript ? script() : PAGE);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const profile = mkdtempSync(join(tmpdir(), `${name}-`));
const page = `http://127.0.0.1:${server.address().port}/`;
const FIREFOX_ARGS = ["--headless", "--no-remote", "--profile", profile, page];
if (name === "firefox") {
  const lines = Object.entries(FIREFOX_PREFS).map((pair) =>
    `user_pref(${pair.map((part) => JSON.stringify(part)).join(", ")});\n`
  );
  writeFileSync(join(profile, "user.js"), lines.join(""));
}
let browser;
let said = "";
function start(again) {
  said = "";
  hear();
  browser = spawn(
    BROWSER,
    name === "firefox" ? FIREFOX_ARGS : [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
      ...["--disable-background-networking", "--disable-dev-shm-usage"],
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      `--user-data-dir=${profile}`,
      page,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  browser.stderr.on("data", (chunk) => said = `${said}${chunk}`.slice(-4000));
  browser.on(
    "error",
    () =>
      reject(
        new Error(
          `${BROWSER} is missing: tests/runtimes/install.sh installs it`,
        ),
      ),
  );
  browser.on("exit", (code, signal) => {
    const why = `${BROWSER} ended with ${code ?? signal}: ${said}`;
    // Before it has asked for the page it has run nothing of the suite.
    if (isAsked || again) return reject(new Error(why));
    process.stderr.write(`${why}\nIt is started once more.\n`);
    start(true);
  });
}
start(false);
try {
  process.stdout.write(await outcome);
} finally {
  clearTimeout(silence);
  const { pid, exitCode, signalCode } = browser;
  if (pid !== undefined && exitCode === null && signalCode === null) {
    browser.kill();
    await once(browser, "exit");
  }
  server.close();
  server.closeAllConnections();
  try {
    const tries = { maxRetries: 9, retryDelay: 100 };
    rmSync(profile, { recursive: true, force: true, ...tries });
  } catch (error) {
    // A process of the browser that still writes there is no fault of the suite.
    process.stderr.write(`${profile} is left: ${error}\n`);
  }
}
