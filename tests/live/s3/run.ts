/**
 * Installs and starts real servers, runs the live tests on each, the conformance suite
 * from other runtimes too, and stops them. The strict fake counts as a server that needs
 * no start. Arguments name the servers; without any, all are taken.
 *
 * @module
 */
import { bundle } from "../../runtimes/bundle.ts";
import { type Outcome, report } from "../../runtimes/contract.ts";
import type { Place } from "../../runtimes/s3/suite.ts";
import { runInIsolate } from "../../runtimes/run_isolate.ts";
import { installPackages } from "../../servers/npm.ts";
import { type Env, output, placeOn, startS3 } from "./place.ts";

const SERVERS = ["fake", "ceph_rgw", "s3rver"];
const ROOT = new URL("../../../", import.meta.url);
const RUNTIMES = "tests/runtimes";
/** The runtimes that take the strict fake as well. */
const PLAIN = ["node", `${RUNTIMES}/s3/node_modules/.bin/bun`];

/** Returns how many test runs failed: none or one. */
async function failures(run: Promise<string>): Promise<number> {
  try {
    console.log(await run);
    return 0;
  } catch (error) {
    const text = error instanceof Error ? error.message : `${error}`;
    console.log(text);
    // What broke before it could count is counted as well, and found by its line.
    if (!/^FAILED \|/m.test(text)) {
      console.log(`FAILED | 0 passed | 1 failed (${text.split("\n")[0]})`);
    }
    return 1;
  }
}

async function fromDeno(tests: string, env: Env): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--config=deno.chosen.json",
      "--no-check",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-net=127.0.0.1",
      "--allow-run",
      tests,
    ],
    cwd: ROOT,
    env,
  }).spawn();
  return (await child.status).success ? 0 : 1;
}

async function fromPlain(
  server: string,
  place: Place | null,
): Promise<number> {
  const args = [server, ...place === null ? [] : [JSON.stringify(place)]];
  const runs = PLAIN.map((runtime) =>
    failures(output(runtime, [`${RUNTIMES}/s3/run.mjs`, files.main, ...args]))
  );
  return sum(await Promise.all(runs));
}

function reported(runtime: string, outcome: Outcome): string {
  const text = report(runtime, outcome);
  if (outcome.failed.length > 0) throw new Error(text);
  return text;
}

async function fromWorkerd(place: Place): Promise<string> {
  const outcome = await runInIsolate(`${RUNTIMES}/s3/edge.ts`, place);
  return reported("workerd on Ceph", outcome);
}

async function fromChromium(place: Place): Promise<string> {
  const args = [`${RUNTIMES}/undriven.mjs`, files.suite, JSON.stringify(place)];
  return reported("chromium on Ceph", JSON.parse(await output("node", args)));
}

async function runOn(server: string): Promise<number> {
  // What stands below it in the log has met this one.
  console.log(`\n== ${server}`);
  if (server === "fake") {
    const tests = "tests/backends/s3/conformance_test.ts";
    return await fromDeno(tests, {}) + await fromPlain(server, null);
  }
  const { env, stop } = await startS3(server);
  try {
    const place = await placeOn(env);
    const failed = [
      await fromDeno("tests/live/s3", env),
      await fromPlain(server, place),
    ];
    // What differs in these two is no matter of the server.
    if (server === "ceph_rgw") {
      failed.push(
        ...await Promise.all(
          [fromWorkerd(place), fromChromium(place)].map(failures),
        ),
      );
    }
    return sum(failed);
  } finally {
    await stop();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const folders = [
  "tests/oracles",
  "tests/servers/s3rver",
  `${RUNTIMES}/s3`,
  `${RUNTIMES}/azure`,
];
await Promise.all(folders.map(installPackages));
const temporary = await Deno.makeTempDir();
const files = {
  main: `${temporary}/main.mjs`,
  suite: `${temporary}/suite.mjs`,
};
let failed = 0;
try {
  for (const [name, file] of Object.entries(files)) {
    await Deno.writeTextFile(file, await bundle(`${RUNTIMES}/s3/${name}.ts`));
  }
  const chosen = Deno.args.length > 0 ? Deno.args : SERVERS;
  for (const server of chosen) failed += await runOn(server);
} finally {
  await Deno.remove(temporary, { recursive: true });
}
Deno.exit(failed);
