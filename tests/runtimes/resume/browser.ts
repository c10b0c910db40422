/**
 * `deno task test:browser`: uploads of a page that are resumed, in the browsers that are
 * installed. `--deep` kills each of them 30 times in uploads of 200 MiB.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
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
  Deno.test({
    ...common,
    name: `RES-008 ${name} is offline for a while in an upload, which waits${
      why === null ? "" : `: ${why}`
    }`,
    // Firefox has no protocol for it.
    ignore: why !== null || name !== "chromium",
    async fn() {
      await using setting = serve(script);
      const folder = await Deno.makeTempDir();
      const context = await launchOn(name, folder);
      try {
        const page = await openPage(context, `${setting.origin}/`);
        const session = await context.newCDPSession(page);
        await session.send("Network.enable");
        const network = (offline: boolean) =>
          session.send("Network.emulateNetworkConditions", {
            offline,
            latency: 0,
            downloadThroughput: -1,
            uploadThroughput: -1,
          });
        await callProgram(page, "drop", { seed: SEED, size: 100 });
        const asked = { seed: SEED, to: "offline.bin" };
        const uploading = callProgram<Done>(page, "upload", asked);
        await Promise.race([setting.arrival(4), uploading]);
        // However long the browser takes to hear of it.
        const release = setting.hold();
        await network(true);
        release();
        await setting.quiet();
        const arrived = setting.arrived.length;
        assert(arrived < 20, "it had ended before");
        // Longer than the retries of the backend take.
        await new Promise((end) => setTimeout(end, 12_000));
        assertEquals(setting.arrived.length, arrived);
        await network(false);
        assertEquals((await uploading).size, 100 * 2 ** 20);
        assert(setting.arrived.length <= 20 + 4);
      } finally {
        await context.close();
        await Deno.remove(folder, { recursive: true }).catch(() => {});
      }
    },
  });
}
