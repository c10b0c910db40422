/**
 * A page whose files come from a store, by a Service Worker: what is tested in it, and
 * what is to be seen on the screen then.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { BrowserName, Context } from "../browsers.ts";
import { bundle, type BundleOptions } from "../bundle.ts";
import type { Result } from "../collector.ts";
import { callProgram, openPage } from "../session.ts";
import { PICTURE } from "./media.ts";

/** Returns the scripts of the page and of its worker, by their names on the server. */
export async function transferScripts(
  options: BundleOptions = {},
): Promise<Record<string, string>> {
  const [transfer, worker] = await Promise.all([
    bundle("tests/runtimes/transfer/page.ts", options),
    bundle("tests/runtimes/transfer/worker.ts", options),
  ]);
  return { transfer, "transfer-worker": worker };
}

/** Runs what is tested in the page, and looks at the screen. */
export async function serving(
  name: BrowserName,
  context: Context,
  origin: string,
): Promise<{ results: Result[]; look: () => Promise<void> }> {
  const page = await openPage(context, `${origin}/transfer`);
  const results = await callProgram<Result[]>(page, "serving", { name });
  return {
    results,
    async look() {
      const screenshot = (await page.screenshot()).toString("base64");
      const seen = (x: number) =>
        callProgram(page, "pixelOf", { screenshot, x, y: PICTURE.height / 2 });
      assertEquals(await seen(PICTURE.width / 4), PICTURE.left);
      assertEquals(await seen(PICTURE.width * 3 / 4), PICTURE.right);
      await page.close();
    },
  };
}
