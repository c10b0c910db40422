/**
 * Runs the suite on Azurite from Node, Bun, workerd and Chromium, and measures a long
 * upload on workerd: `deno task test:azure:runtimes`. Names of runtimes choose some.
 *
 * @module
 */
import { startAzurite } from "../../servers/azurite/server.ts";
import { allowPages } from "../../live/azure/cors.ts";
import type { Outcome } from "./suite.ts";
import type { Upload } from "./upload.ts";

const HERE = new URL("./", import.meta.url).pathname;
const ROOT = new URL("../../../", import.meta.url).pathname;
const LONG_MIB = 512;
const BLOCK_MIB = 8;
const CONCURRENCY = 4;

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  const said = new TextDecoder().decode(stdout);
  if (success) return said;
  throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}

async function makeBundle(folder: string): Promise<string> {
  const path = `${folder}/bundle.mjs`;
  await run(Deno.execPath(), [
    ...["bundle", "--quiet", `--config=${ROOT}deno.chosen.json`],
    ...["--platform=browser", "--output", path, `${HERE}entry.ts`],
  ]);
  return path;
}

const folder = await Deno.makeTempDir();
const bundle = await makeBundle(folder);
const node = (script: string, ...args: string[]) =>
  run("node", [`${HERE}${script}.mjs`, bundle, ...args]);

const RUNTIMES: Readonly<Record<string, (origin: string) => Promise<string>>> =
  {
    node: (origin) => node("plain", origin),
    bun: (origin) =>
      run(`${HERE}node_modules/.bin/bun`, [`${HERE}plain.mjs`, bundle, origin]),
    workerd: (origin) => node("workerd", "suite", origin),
    chromium: (origin) => node("chromium", origin),
  };

let failures = 0;

function check(ok: boolean, line: string): void {
  if (!ok) failures++;
  console.log(`${ok ? "ok" : "FAILED"} ${line}`);
}

async function measure(): Promise<void> {
  const bound = BLOCK_MIB * (CONCURRENCY + 1) * 1024 * 1024;
  for (const way of ["stream", "buffered"]) {
    const text = await node("workerd", "upload", String(LONG_MIB), way);
    const { size, arrived, inFlight, peak }: Upload & { peak: string } = JSON
      .parse(text);
    const whole = size === LONG_MIB * 1024 * 1024 && arrived === size;
    check(
      whole && inFlight <= bound,
      `${LONG_MIB} MiB on workerd, ${way}: ${inFlight} bytes in flight (bound ${bound}), peak RSS ${peak}`,
    );
  }
}

const azurite = await startAzurite();
try {
  await allowPages(azurite.origin);
  const chosen = Deno.args.length > 0
    ? Deno.args
    : [...Object.keys(RUNTIMES), "upload"];
  for (const name of chosen) {
    if (name === "upload") {
      await measure();
      continue;
    }
    const started = performance.now();
    const text = await RUNTIMES[name]?.(azurite.origin) ?? "{}";
    const { passed, failed, points }: Outcome = JSON.parse(text);
    const seconds = Math.round((performance.now() - started) / 1000);
    check(
      failed.length === 0 && passed > 0,
      `${name}: ${passed} tests passed, ${failed.length} failed, ${seconds} s; ${points}`,
    );
    for (const line of failed) console.log(`   ${line}`);
  }
} finally {
  await azurite.stop();
  await Deno.remove(folder, { recursive: true });
}
// One line as test runners write it, which .ci/run adds up.
console.log(
  failures === 0
    ? `ok | 1 passed | 0 failed`
    : `FAILED | 0 passed | ${failures} failed`,
);
Deno.exitCode = failures === 0 ? 0 : 1;
