/**
 * `deno task test:browser`: files that a server of another origin codes, read in the
 * browsers that are installed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { servePages } from "../page_server.ts";
import { callProgram, openPage } from "../session.ts";
import type { Readings } from "./readings.ts";
import { serveCoded } from "./server.ts";

const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));

const script = await bundle("tests/runtimes/coding/page.ts");
for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  Deno.test({
    name:
      `REP-020 a page of ${name} reads what another origin codes, or is refused${
        why === null ? "" : `: ${why}`
      }`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using server = await serveCoded();
      await using pages = servePages({ coding: script });
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        const page = await openPage(context, `${pages.origin}/coding`);
        const { right, refused, wrong } = await callProgram<Readings>(
          page,
          "readAll",
          { origin: server.origin, coded: [...server.coded] },
        );
        console.log(`# ${name}: ${right} right, ${refused} refused`);
        assertEquals(wrong, []);
        assert(right > refused, "most is refused");
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
