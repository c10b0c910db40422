/**
 * `deno task test:browser`: a `WebCache` that two tabs share, in the browsers that are
 * installed.
 *
 * @module
 */
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { servePages } from "../page_server.ts";
import { cacheScripts, sharedByTabs } from "./scenario.ts";

const SEED = Math.floor(Math.random() * 1_000_000);
const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));

const scripts = await cacheScripts();
for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  Deno.test({
    name: `CACHE-017, CACHE-018 two tabs of ${name} share a cache${
      why === null ? "" : `: ${why}`
    }`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using server = servePages(scripts);
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        console.log(`# seed ${SEED}`);
        await sharedByTabs(context, server.origin, SEED);
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
