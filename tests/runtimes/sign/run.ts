/**
 * `deno task test:pages`: the contract over a page without a secret, its handler and a
 * service. Arguments name pages (deno, chromium, firefox), handlers (process, http, workerd),
 * services (fake, ceph, azurite) and who ends uploads (page, here); without any, all are
 * taken. What came of each cell is kept in `results.json`, which a table of the docs is made
 * of.
 *
 * @module
 */
import { installPackages } from "../../servers/npm.ts";
import { whyNot } from "../browsers.ts";
import { type Outcome, report } from "../contract.ts";
import { bundle } from "../bundle.ts";
import { runInPage } from "./cells.ts";
import { keepResults, PAGES_FILE, toCellResult } from "../table/results.ts";
import { versionOf } from "../table/versions.ts";
import { handlerOf, type Service } from "./handler.ts";
import {
  serveHandler,
  type ServiceName,
  SERVICES,
  startService,
} from "./services.ts";
import { runSuite } from "./suite.ts";

const PAGES = ["deno", "chromium", "firefox"] as const;
const HANDLERS = ["process", "http", "workerd"] as const;
const ENDS = ["page", "here"] as const;

function chosen<T extends string>(names: readonly T[]): readonly T[] {
  const some = names.filter((name) => Deno.args.includes(name));
  return some.length > 0 ? some : names;
}

async function runCell(
  page: (typeof PAGES)[number],
  handler: (typeof HANDLERS)[number],
  service: Service,
): Promise<Outcome> {
  if (handler === "process") {
    const sign = handlerOf(service);
    return await runSuite({
      sign: "http://app.test/sign",
      ask: (url, init) => sign(new Request(url, init)),
    });
  }
  const where = handler === "workerd" ? "workerd" : "deno";
  await using served = await serveHandler(where, service);
  const asking = { sign: served.told };
  return page === "deno"
    ? await runSuite(asking)
    : await runInPage(page, suite, asking);
}

/** Returns what came of a cell, or why nothing did. */
async function foundIn(
  page: (typeof PAGES)[number],
  handler: (typeof HANDLERS)[number],
  service: Service,
): Promise<Outcome | string> {
  const why = page === "deno" ? null : await whyNot(page);
  if (why !== null) return why;
  try {
    return await runCell(page, handler, service);
  } catch (error) {
    const told = error instanceof Error ? error.stack : undefined;
    return { passed: 0, failed: [told ?? `${error}`], points: "", skips: [] };
  }
}

await Promise.all(
  ["tests/runtimes", "tests/runtimes/azure", "tests/servers/azurite"]
    .map(installPackages),
);
const suite = await bundle("tests/runtimes/sign/suite.ts");
const lines: string[] = [];
let failed = 0;
for (const name of chosen(SERVICES) as readonly ServiceName[]) {
  for (const complete of chosen(ENDS)) {
    await using service = await startService(name, complete);
    for (const page of chosen(PAGES)) {
      for (const handler of chosen(HANDLERS)) {
        // A page has no handler in its own process.
        if (page !== "deno" && handler === "process") continue;
        const cell = `${page} > ${handler} > ${name}, ends: ${complete}`;
        const start = performance.now();
        const found = await foundIn(page, handler, service.told);
        const runtimes = [page, handler === "workerd" ? "workerd" : "deno"];
        const versions = await Promise.all(runtimes.map(versionOf));
        keepResults(PAGES_FILE, {
          [cell]: toCellResult(versions.join(" > "), found),
        });
        if (typeof found === "string") {
          lines.push(`${cell}: skipped, ${found}`);
          continue;
        }
        const seconds = ((performance.now() - start) / 1000).toFixed(0);
        failed += found.failed.length;
        console.log(report(cell, found));
        lines.push(
          `${cell}: ${found.passed} passed, ${found.failed.length} failed, ${found.skips.length} skipped, ${seconds} s`,
        );
      }
    }
  }
}
console.log(`\n${lines.join("\n")}`);
Deno.exit(failed === 0 ? 0 : 1);
