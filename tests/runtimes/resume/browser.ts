/**
 * `deno task test:browser`: uploads of a page that are resumed, in the browsers that are
 * installed. `--deep` kills each of them 30 times in uploads of 200 MiB.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { callProgram, openPage } from "../session.ts";
import { killed, type Kills } from "./killed.ts";
import type { Done } from "./page.ts";
import { serve } from "./service.ts";

const BROWSERS: readonly ProfiledBrowser[] = ["chromium", "firefox"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));
const DEEP = Deno.args.includes("--deep");

/** A start of Firefox takes seconds. */
const KILLS: Readonly<Record<ProfiledBrowser, Omit<Kills, "seed">>> = DEEP
  ? {
    chromium: { times: 30, size: 200 },
    firefox: { times: 30, size: 200 },
  }
  : { chromium: { times: 4, size: 60 }, firefox: { times: 2, size: 60 } };

const SEED = Number(
  Deno.args.find((one) => one.startsWith("--seed="))?.slice(7) ??
    Math.floor(Math.random() * 1_000_000),
);

const script = await bundle("tests/runtimes/resume/page.ts");
for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  const common = {
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
  };
  const { times, size } = KILLS[name];
  Deno.test({
    ...common,
    name:
      `RES-001 ${name} is killed ${times} times in uploads of ${size} MiB, and each goes on${
        why === null ? "" : `: ${why}`
      }`,
    async fn() {
      await using setting = serve(script);
      await killed(name, setting, { seed: SEED, times, size });
    },
  });
  Deno.test({
    ...common,
    name: `RES-007 two tabs of ${name} upload one file once${
      why === null ? "" : `: ${why}`
    }`,
    async fn() {
      await using setting = serve(script);
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        const url = `${setting.origin}/`;
        const tabs = [
          await openPage(context, url),
          await openPage(context, url),
        ] as const;
        const file = { seed: SEED, size: 40 };
        await callProgram(tabs[0], "drop", file);
        const asked = { seed: SEED, to: "two.bin" };
        const done = await Promise.all(
          tabs.map((tab) => callProgram<Done>(tab, "upload", asked)),
        );
        assertEquals(done[0]?.etag, done[1]?.etag);
        assertEquals(setting.arrived.length, 8);
        const left = await callProgram<unknown[]>(tabs[0], "pending");
        assertEquals(left, []);
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
