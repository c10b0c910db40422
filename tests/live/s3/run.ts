/**
 * Installs and starts real servers, runs the live tests on each, the conformance suite
 * from Node and Bun too, and stops them. The strict fake counts as a server that needs
 * no start. Arguments name the servers; without any, all are taken.
 *
 * @module
 */

const SERVERS = ["fake", "ceph_rgw", "s3rver"];
const ROOT = new URL("../../../", import.meta.url);

type Env = Readonly<Record<string, string>>;

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

async function testFromDeno(tests: string, env: Env): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--config=deno.chosen.json",
      "--no-check",
      "--allow-read=.",
      "--allow-env",
      "--allow-net=127.0.0.1",
      "--allow-run=node",
      tests,
    ],
    cwd: ROOT,
    env,
  }).spawn();
  return (await child.status).success;
}

async function testFrom(runtime: string, env: Env): Promise<boolean> {
  const { success, stdout, stderr } = await new Deno.Command(runtime, {
    args: ["tests/runtimes/s3/run.mjs", bundle],
    cwd: ROOT,
    env,
  }).output();
  const decoder = new TextDecoder();
  console.log(decoder.decode(stderr) + decoder.decode(stdout));
  return success;
}

/** Runs everything on one server; returns how many runs failed. */
async function runAll(tests: string, env: Env): Promise<number> {
  const runtimes = ["node", "tests/runtimes/s3/node_modules/.bin/bun"];
  const ends = [
    await testFromDeno(tests, env),
    ...await Promise.all(runtimes.map((runtime) => testFrom(runtime, env))),
  ];
  return ends.filter((success) => !success).length;
}

async function testOn(server: string): Promise<number> {
  console.log(`\n${server}`);
  if (server === "fake") {
    return await runAll("tests/backends/s3/conformance_test.ts", {});
  }
  const script = `tests/servers/${server}.sh`;
  await output("bash", [script, "install"]);
  try {
    const lines = (await output("bash", [script, "start"])).trim().split("\n");
    const env = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf("=")),
        line.slice(line.indexOf("=") + 1),
      ]),
    );
    return await runAll("tests/live/s3", env);
  } finally {
    await output("bash", [script, "stop"]);
  }
}

for (const folder of ["tests/oracles", "tests/runtimes/s3"]) {
  await output("npm", [
    "ci",
    `--prefix=${folder}`,
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
}
const bundle = await Deno.makeTempFile({ suffix: ".mjs" });
let failed = 0;
try {
  await output(Deno.execPath(), [
    "bundle",
    "--quiet",
    "--config=deno.chosen.json",
    "--output",
    bundle,
    "tests/runtimes/s3/suite.ts",
  ]);
  const chosen = Deno.args.length > 0 ? Deno.args : SERVERS;
  for (const server of chosen) failed += await testOn(server);
} finally {
  await Deno.remove(bundle);
}
Deno.exit(failed);
