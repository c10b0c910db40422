/**
 * `deno task test:pages`: the contract over a page without a secret, its handler and a
 * service. Arguments name pages (deno, chromium, firefox), handlers (process, http, workerd),
 * services (fake, ceph, azurite) and who ends uploads (page, here); without any, all are
 * taken.
 *
 * @module
 */
import { installPackages } from "../../servers/npm.ts";
import { whyNot } from "../browsers.ts";
import { type Outcome, report } from "../contract.ts";
import { bundle } from "../bundle.ts";
import { runInPage } from "./cells.ts";
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
        const why = page === "deno" ? null : await whyNot(page);
        if (why !== null) {
          lines.push(`${cell}: skipped, ${why}`);
          continue;
        }
        const start = performance.now();
        const outcome = await runCell(page, handler, service.told);
        const seconds = ((performance.now() - start) / 1000).toFixed(0);
        failed += outcome.failed.length;
        console.log(report(cell, outcome));
        lines.push(
          `${cell}: ${outcome.passed} passed, ${outcome.failed.length} failed, ${outcome.skips.length} skipped, ${seconds} s`,
        );
      }
    }
  }
}
console.log(`\n${lines.join("\n")}`);
Deno.exit(failed === 0 ? 0 : 1);
