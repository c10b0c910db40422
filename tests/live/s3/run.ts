/**
 * Installs and starts real servers, runs the live tests on each, and stops them.
 * Arguments name the servers; without any, all are taken.
 *
 * @module
 */

const SERVERS = ["ceph_rgw", "s3rver"];
const ROOT = new URL("../../../", import.meta.url);

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

async function testOn(server: string): Promise<boolean> {
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
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--config=deno.chosen.json",
        "--no-check",
        "--allow-read=.",
        "--allow-env",
        "--allow-net=127.0.0.1",
        "--allow-run=node",
        "tests/live/s3",
      ],
      cwd: ROOT,
      env,
    }).spawn().status;
    return success;
  } finally {
    await output("bash", [script, "stop"]);
  }
}

const chosen = Deno.args.length > 0 ? Deno.args : SERVERS;
await output("npm", [
  "ci",
  "--prefix=tests/oracles",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
]);
let failed = 0;
for (const server of chosen) if (!await testOn(server)) failed++;
Deno.exit(failed);
