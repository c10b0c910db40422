/**
 * Runs the hashing suite in another runtime, which it installs:
 *
 * ```sh
 * deno task test:hashing node bun workerd chromium
 * deno task test:hashing node bun workerd chromium bench
 * ```
 *
 * @module
 */
import { interleave, ratio, type Round, show } from "../../../bench/rounds.ts";
import { installPackages } from "../../servers/npm.ts";
import type { SuiteReport } from "./suite.ts";

const HERE = new URL(".", import.meta.url);
const ROOT = new URL("../../../", import.meta.url);
const SIDES = ["bare", "hashStream", "checksumStream", "transformStream"];

type Report = SuiteReport & { readonly speeds: Record<string, string> };

interface Process {
  getBuiltinModule(name: "node:module"): {
    // deno-lint-ignore no-explicit-any -- miniflare's types are not installed
    createRequire(from: URL): (name: string) => any;
  };
}

const runners: Record<string, (measures: boolean) => Promise<Report>> = {
  node: (measures) => runMain("node", measures),
  bun: (measures) =>
    runMain(new URL("node_modules/.bin/bun", HERE).pathname, measures),
  workerd: runWorker,
  chromium: runBrowser,
};

await installPackages("tests/runtimes/hashing");
const measures = Deno.args.includes("bench");
let failures = 0;
for (const name of Deno.args) {
  if (name === "bench") continue;
  const run = runners[name];
  if (run === undefined) {
    throw new Error(`Cannot run in "${name}": it is unknown`);
  }
  const { passed, failed, runtime, speeds } = await run(measures);
  const brings = Object.entries(runtime).map(([what, has]) =>
    `${has ? "" : "no "}${what}`
  );
  console.log(`${name} (${brings.join(", ")})`);
  for (const [side, speed] of Object.entries(speeds)) {
    console.log(
      `  sha256 ${side.padEnd(26)} to ${
        name === "chromium" ? "@std/crypto" : "a bare loop"
      } ${speed}`,
    );
  }
  for (const failure of failed) console.log(`  ${failure}`);
  const verdict = failed.length === 0 ? "ok" : "FAILED";
  console.log(`${verdict} | ${passed} passed | ${failed.length} failed`);
  failures += failed.length;
}
Deno.exit(failures === 0 ? 0 : 1);

async function bundle(entry: string): Promise<string> {
  const out = new URL(`../../../.chosen/hashing_${entry}.mjs`, HERE).pathname;
  await execute("deno", [
    "bundle",
    "--quiet",
    "--config=deno.chosen.json",
    "--platform=browser",
    `--output=${out}`,
    new URL(`${entry}.ts`, HERE).pathname,
  ]);
  return out;
}

async function runMain(
  command: string,
  measures: boolean,
): Promise<Report> {
  const args = [await bundle("main"), ...(measures ? ["bench"] : [])];
  return JSON.parse(await execute(command, args));
}

async function execute(command: string, args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot run ${command} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

/** Without node compatibility: the worker has nothing but the web and `DigestStream`. */
async function runWorker(measures: boolean): Promise<Report> {
  const contents = await Deno.readTextFile(await bundle("worker"));
  // It is CommonJS, and an import of node's module would bring node's types over all
  // that is checked together with this file.
  const { process } = globalThis as unknown as { process: Process };
  const { createRequire } = process.getBuiltinModule("node:module");
  const { Miniflare } = createRequire(HERE)("miniflare");
  const worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents }],
    compatibilityDate: "2025-05-01",
    cf: false,
  });
  try {
    const get = (query: string): Promise<Response> =>
      worker.dispatchFetch(`http://worker/${query}`);
    const report: SuiteReport = await (await get("")).json();
    const speeds: Record<string, string> = {};
    if (measures) {
      const times = await interleave(
        Object.fromEntries(SIDES.map((side): [string, Round] => [
          side,
          async () => void await (await get(`?side=${side}`)).arrayBuffer(),
        ])),
        7,
      );
      for (const side of SIDES.slice(1)) {
        speeds[`${side}, 1024 KiB`] = show(
          ratio(times.get("bare") ?? [], times.get(side) ?? []),
        );
      }
    }
    return { ...report, speeds };
  } finally {
    await worker.dispose();
  }
}

async function runBrowser(measures: boolean): Promise<Report> {
  const script = await Deno.readTextFile(await bundle("page"));
  const reported = Promise.withResolvers<Report>();
  const page = `<!doctype html><script type="module" src="/page.mjs"></script>`;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/report") reported.resolve(await request.json());
      const [body, type] = pathname === "/page.mjs"
        ? [script, "text/javascript"]
        : [page, "text/html"];
      return new Response(body, { headers: { "content-type": type } });
    },
  );
  const profile = await Deno.makeTempDir();
  const browser = new Deno.Command("chromium", {
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${profile}`,
      `http://127.0.0.1:${server.addr.port}/${measures ? "?bench" : ""}`,
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    return await Promise.race([
      reported.promise,
      browser.status.then(() => {
        throw new Error("Cannot run in chromium: it ended without a report");
      }),
    ]);
  } finally {
    browser.kill();
    await browser.status;
    await server.shutdown();
    await Deno.remove(profile, { recursive: true }).catch(() => {});
  }
}
