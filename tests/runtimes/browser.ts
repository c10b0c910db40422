/**
 * `deno task test:browser`: what needs a real browser, in those that are installed.
 * What runs in a page is registered as a test of its own.
 *
 * @module
 */
import { launchOn, whyNot } from "./browsers.ts";
import { bundle } from "./bundle.ts";
import type { Result } from "./collector.ts";
import { servePages } from "./page_server.ts";
import { callProgram, openPage } from "./session.ts";

const BROWSERS = ["chromium", "firefox"] as const;

const script = await bundle("tests/runtimes/indexeddb/page.ts");
for (const name of BROWSERS) {
  const why = await whyNot(name);
  if (why !== null) {
    console.log(`# ${name}: not tested, ${why}`);
    Deno.test({ name: `${name}: ${why}`, ignore: true, fn() {} });
    continue;
  }
  await using server = servePages({ indexeddb: script });
  const folder = await Deno.makeTempDir();
  const context = await launchOn(name, folder);
  try {
    const page = await openPage(context, `${server.origin}/indexeddb`);
    for (const representation of ["auto", "bytes"] as const) {
      const title = `indexeddb in ${name}, ${representation}`;
      register(
        await callProgram<Result[]>(page, "conformance", {
          name: title,
          options: { representation },
        }, 240_000),
      );
    }
  } finally {
    await context.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function register(results: readonly Result[]): void {
  for (const { name, failure } of results) {
    Deno.test(name, () => {
      if (failure !== null) throw new Error(failure);
    });
  }
}
