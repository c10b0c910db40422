/**
 * `deno task test:runtimes`: the contract in every runtime over every backend, as one
 * table. Arguments name runtimes or backends; without any, all are taken. What came of each
 * cell is kept in `results.json`, which the pages' table is made of.
 *
 * @module
 */
import { allowPages } from "../../live/azure/cors.ts";
import { placeOn, startS3 } from "../../live/s3/place.ts";
import { startAzurite } from "../../servers/azurite/server.ts";
import { installPackages } from "../../servers/npm.ts";
import { whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import type { Outcome } from "../contract.ts";
import { servePages } from "../page_server.ts";
import { runInIsolate } from "../run_isolate.ts";
import { callProgram, openPage } from "../session.ts";
import { launchWebKit } from "../webkit.ts";
import type { Cell } from "./suite.ts";
import { keepResults, RESULTS_FILE, toCellResult } from "./results.ts";
import { versionOf } from "./versions.ts";
import { serveFiles } from "./web_server.ts";

const BACKENDS = ["memory", "indexeddb", "s3", "azure", "http"] as const;
const RUNTIMES = [
  ...["deno", "node20", "node24", "bun", "workerd"],
  ...["chromium", "firefox", "webkit"],
] as const;
const BROWSERS = new Set<string>(["chromium", "firefox", "webkit"]);
const HERE = new URL(".", import.meta.url);
const MINUTES = 60_000;
/** How many runtimes are at work at once. */
const LANES = 2;

/** What came of a cell: an outcome, or why there is none. */
type Found = Outcome | string;

const wanted = (name: string, names: readonly string[]) => {
  const chosen = Deno.args.filter((one) => names.includes(one));
  return chosen.length === 0 || chosen.includes(name);
};
const runtimes = RUNTIMES.filter((name) => wanted(name, RUNTIMES));
const backends = BACKENDS.filter((name) => wanted(name, BACKENDS));

await Promise.all(
  ["tests/runtimes", "tests/runtimes/s3", "tests/runtimes/azure"]
    .concat(["tests/servers/azurite"]).map(installPackages),
);
const folder = await Deno.makeTempDir();
const suite = `${folder}/suite.mjs`;
await Deno.writeTextFile(suite, await bundle("tests/runtimes/table/suite.ts"));
await using files = serveFiles();
const cells = await startServers();
const table = new Map<string, Found>();
try {
  await runAll();
} finally {
  await cells.stop();
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(report());

/** Starts what the backends talk to. */
async function startServers() {
  const found: Record<string, Cell> = {
    memory: { backend: "memory" },
    indexeddb: { backend: "indexeddb" },
    http: { backend: "http", origin: files.origin },
  };
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops) await one();
  };
  try {
    if (wanted("azure", BACKENDS)) {
      const azurite = await startAzurite();
      stops.push(() => azurite.stop());
      await allowPages(azurite.origin);
      found.azure = { backend: "azure", origin: azurite.origin };
    }
    if (wanted("s3", BACKENDS)) {
      const ceph = await startS3("ceph_rgw");
      stops.push(ceph.stop);
      found.s3 = { backend: "s3", place: await placeOn(ceph.env) };
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { found, stop };
}

async function runAll(): Promise<void> {
  const queue = [...runtimes];
  const lane = async () => {
    for (let name; (name = queue.shift()) !== undefined;) await runIn(name);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function runIn(runtime: string): Promise<void> {
  const why = BROWSERS.has(runtime)
    ? await whyNot(runtime as "chromium")
    : null;
  await using opened = why === null && runtime === "webkit"
    ? await openWebKit()
    : null;
  for (const backend of backends) {
    const start = performance.now();
    const found = why ?? await runCell(runtime, backend, opened?.run)
      .catch((error): Found => ({
        passed: 0,
        failed: [`${error?.stack ?? error}`],
        points: "",
        skips: [],
      }));
    table.set(`${runtime} ${backend}`, found);
    await keep(runtime, backend);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${runtime}, ${backend}: ${inShort(found)} (${seconds} s)`);
  }
}

async function runCell(
  runtime: string,
  backend: string,
  inPage: ((cell: Cell) => Promise<Outcome>) | undefined,
): Promise<Found> {
  const cell = cells.found[backend]!;
  if (backend === "indexeddb" && !BROWSERS.has(runtime)) {
    return "the runtime has no IndexedDB; the backend's own tests run there over fake-indexeddb";
  }
  if (inPage !== undefined) return await inPage(cell);
  const argument = JSON.stringify(cell);
  if (runtime === "workerd") {
    return await runInIsolate("tests/runtimes/table/edge.ts", cell);
  }
  const plain = new URL("plain.mjs", HERE).pathname;
  const module = (path: string) => new URL(`../${path}`, HERE).pathname;
  const commands: Record<string, string[]> = {
    deno: [Deno.execPath(), "run", "--quiet", "--no-config", "--allow-all"],
    node20: [module("node_modules/node20/bin/node")],
    node24: [module("node_modules/node24/bin/node")],
    bun: [module("s3/node_modules/.bin/bun")],
  };
  const [command, ...args] = commands[runtime] ?? ["node"];
  const { success, stdout, stderr } = await new Deno.Command(command!, {
    args: runtime in commands
      ? [...args, plain, suite, argument]
      : [module("undriven.mjs"), suite, argument, runtime],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success) return JSON.parse(text(stdout));
  throw new Error(`${runtime} failed: ${text(stderr)}`);
}

/** Opens a page of WebKitGTK, which takes no address but from its driver. */
async function openWebKit() {
  const server = servePages({
    table: await bundle("tests/runtimes/table/page.ts", { lowered: true }),
  });
  const context = await launchWebKit();
  const page = await openPage(context, `${server.origin}/table`);
  return {
    run: (cell: Cell) =>
      callProgram<Outcome>(page, "runSuite", cell, 8 * MINUTES),
    async [Symbol.asyncDispose]() {
      await context.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function inShort(found: Found): string {
  if (typeof found === "string") return `skipped: ${found}`;
  const { passed, failed, skips } = found;
  return `${passed} passed, ${failed.length} failed, ${skips.length} skipped`;
}

/** Writes down what came of a cell, so that a run that is ended has not been for nothing. */
async function keep(runtime: string, backend: string): Promise<void> {
  const found = table.get(`${runtime} ${backend}`);
  if (found === undefined) return;
  keepResults(RESULTS_FILE, {
    [`${runtime} ${backend}`]: toCellResult(await versionOf(runtime), found),
  });
}

/** Prints the table, and returns the exit code. */
function report(): number {
  const reasons: string[] = [];
  const failures: string[] = [];
  let passed = 0;
  const numberOf = (reason: string) => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return reasons.indexOf(reason) + 1;
  };
  const cellOf = (runtime: string, backend: string): string => {
    const found = table.get(`${runtime} ${backend}`) ?? "it was not run";
    if (typeof found === "string") return `skipped [${numberOf(found)}]`;
    passed += found.passed;
    for (const one of found.failed) {
      failures.push(`${runtime}, ${backend}: ${one}`);
    }
    const notes = new Set(
      found.skips.map(({ test, reason }) => numberOf(`${test}: ${reason}`)),
    );
    const skipped = notes.size === 0
      ? "0"
      : `${found.skips.length} [${[...notes].join(", ")}]`;
    return `${found.passed} / ${found.failed.length} / ${skipped}`;
  };
  const rows = [
    ["", ...backends],
    ["---", ...backends.map(() => "---")],
    ...runtimes.map((name) => [
      name,
      ...backends.map((backend) => cellOf(name, backend)),
    ]),
  ];
  console.log("\nTests passed / failed / skipped:\n");
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  console.log("");
  for (const [i, reason] of reasons.entries()) {
    console.log(`[${i + 1}] ${reason}`);
  }
  for (const failure of failures) console.log(`\nfailed: ${failure}`);
  const verdict = failures.length === 0 ? "ok" : "FAILED";
  console.log(`\n${verdict} | ${passed} passed | ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}
