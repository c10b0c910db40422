/**
 * The suite in other runtimes than Deno, and a long upload in a Worker. Each is a process
 * of its own that runs the bundle which `deno task test:azure` has made; in workerd each
 * test has a request of its own.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Outcome } from "../../runtimes/contract.ts";
import { runInIsolate } from "../../runtimes/run_isolate.ts";
import type { Upload } from "../../runtimes/azure/upload.ts";
import { allowPages } from "./cors.ts";
import { BUNDLE, ORIGIN } from "./origin.ts";

const HERE = new URL("../../runtimes/azure/", import.meta.url);
const BUN = new URL("node_modules/.bin/bun", HERE).pathname;
const MIB = 1024 * 1024;
const LONG = 512 * MIB;
/** The backend's own: 8 MiB of a block, and 4 in flight. */
const BOUND = 8 * MIB * (4 + 1);

async function run<T>(
  command: string,
  script: string,
  args: string[],
): Promise<T> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [new URL(`${script}.mjs`, HERE).pathname, BUNDLE, ...args],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success, `${command} ${script} failed: ${text(stderr)}`);
  return JSON.parse(text(stdout));
}

function runSuite(runtime: string): Promise<Outcome> {
  return runtime === "chromium"
    ? run("node", "../undriven", [JSON.stringify(ORIGIN)])
    : runtime === "workerd"
    ? runInIsolate("tests/runtimes/azure/edge.ts", ORIGIN)
    : run(runtime === "bun" ? BUN : "node", "plain", [ORIGIN]);
}

for (const runtime of ["node", "bun", "workerd", "chromium"]) {
  Deno.test(`AZ-001 the suite holds in ${runtime}`, async () => {
    await allowPages(ORIGIN);
    const { passed, failed, points, skips } = await runSuite(runtime);
    console.log(`${runtime}: ${passed} tests passed; ${points}`);
    for (const { test, reason } of skips) {
      console.log(`   skipped ${test}: ${reason}`);
    }
    assertEquals(failed, []);
    assert(passed > 0, "nothing was run");
  });
}

Deno.test("AZ-035 a Worker uploads a long stream of unknown length with few bytes in flight", async () => {
  const peaks: string[] = [];
  for (const way of ["stream", "buffered"]) {
    const { size, arrived, inFlight, peak } = await run<
      Upload & { peak: string }
    >("node", "workerd", [String(LONG / MIB), way]);
    peaks.push(`${way}: ${inFlight} bytes in flight, peak RSS ${peak}`);
    assertEquals([size, arrived], [LONG, LONG]);
    assert(inFlight <= BOUND, `${inFlight} bytes in flight`);
  }
  console.log(`${LONG / MIB} MiB in workerd, bound ${BOUND}`, peaks);
});
