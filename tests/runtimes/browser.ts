/**
 * `deno task test:browser`: what needs a real browser, in those that are installed.
 * What runs in a page is registered as a test of its own. `--deep` runs long.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  type Context,
  crashesOn,
  launch,
  launchOn,
  type ProfiledBrowser,
  whyNot,
} from "./browsers.ts";
import { bundle } from "./bundle.ts";
import { testInWebKit } from "./in_webkit.ts";
import { killed } from "./indexeddb/killed.ts";
import {
  cleared,
  demo,
  full,
  large,
  privately,
  type Setting,
} from "./indexeddb/scenarios.ts";
import { ordered, races, upgraded } from "./indexeddb/two_tabs.ts";
import { servePages } from "./page_server.ts";
import { register, run } from "./registering.ts";
import { callProgram, openPage } from "./session.ts";
import { serving, transferScripts } from "./transfer/scenario.ts";
import { tenPuts } from "./upload/scenarios.ts";

const BROWSERS = ["chromium", "firefox", "webkit"] as const;
const REPRESENTATIONS = ["auto", "bytes"] as const;
const DEEP = Deno.args.includes("--deep");
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));

/** How often a browser is killed; a start of Firefox takes seconds. */
const KILLS: Readonly<Record<ProfiledBrowser, number>> = DEEP
  ? { chromium: 200, firefox: 200 }
  : { chromium: 8, firefox: 3 };

const SEED = Math.floor(Math.random() * 1_000_000);
const MINUTES = 60_000;

const PAGE = "tests/runtimes/indexeddb/page.ts";
for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  if (why === null) {
    await (name === "webkit" ? testWebKit() : testIn(name));
    continue;
  }
  console.log(`# ${name}: not tested, ${why}`);
  Deno.test({ name: `${name}: ${why}`, ignore: true, fn() {} });
}

async function testWebKit(): Promise<void> {
  const lowered = true;
  await using server = servePages({
    indexeddb: await bundle(PAGE, { lowered }),
    suites: await bundle("tests/runtimes/suites/page.ts", { lowered }),
    ...await transferScripts({ lowered }),
  });
  await testInWebKit({ origin: server.origin, seed: SEED });
}

/** Runs everything in one browser, then registers what came of it. */
async function testIn(name: ProfiledBrowser): Promise<void> {
  await using server = servePages({
    indexeddb: await bundle(PAGE),
    ...await transferScripts(),
  });
  const url = `${server.origin}/indexeddb`;
  await withProfile(name, {}, async (setting) => {
    const page = await openPage(setting.context, url);
    register(await callProgram(page, "ownTests", { name }));
    for (const representation of REPRESENTATIONS) {
      const title = `indexeddb in ${name}, ${representation}`;
      register(
        await callProgram(page, "conformance", {
          name: title,
          options: { representation },
        }, 10 * MINUTES),
      );
    }
    await page.close();
    const { results, look } = await serving(
      name,
      setting.context,
      server.origin,
    );
    register(results);
    await run(
      `${name}: a file that toResponse() serves is on the screen`,
      look,
    );
    await run(`${name}: the demo runs`, () => demo(setting));
    // Firefox asks each time on loopback, and has no protocol for the rest.
    if (name === "chromium") {
      await run(
        `${name}: ten PUTs to one URL send one preflight`,
        countPreflights,
      );
      await run(
        `${name}: a site whose data is cleared leaves no call waiting`,
        () => cleared(setting),
      );
    }
    for (const representation of REPRESENTATIONS) {
      await run(
        `${name}: 200 races of two tabs have 200 winners, ${representation}`,
        () => races(setting, representation),
      );
      await run(
        `${name}: some order explains all that two tabs saw, ${representation}`,
        () => ordered(setting, representation, { seed: SEED, count: 2000 }),
      );
      await run(
        `${name}: a tab upgrades the database while another uploads, ${representation}`,
        () => upgraded(setting, representation),
      );
    }
  }, url);
  for (const representation of REPRESENTATIONS) {
    await withProfile(
      name,
      {},
      (setting) =>
        run(
          `${name}: a file larger than memory passes by, ${representation}`,
          () => large(setting, representation),
        ),
      url,
    );
  }
  // 50 MiB for all, of which an origin has a fifth.
  const prefs = { "dom.quotaManager.temporaryStorage.fixedLimit": 51_200 };
  for (const representation of REPRESENTATIONS) {
    await withProfile(
      name,
      prefs,
      (setting) =>
        run(
          `${name}: a full store is an error, ${representation}`,
          () => full(setting, representation),
        ),
      url,
    );
  }
  await run(
    `${name}: what a private session takes can be read`,
    () => inPrivate(name, (context) => privately({ name, context, url })),
  );
  await run(
    `${name}: what a killed browser leaves is whole`,
    () => killed(name, url, { seed: SEED, times: KILLS[name] }),
  );
}

/** A `cache: "no-store"` with each would take the preflight's own cache away. */
async function countPreflights(): Promise<void> {
  const { OPTIONS, PUT } = await tenPuts("chromium");
  assertEquals([OPTIONS, PUT], [1, 10]);
}

/** Chromium's contexts without a profile are private; Firefox has a preference. */
async function inPrivate(
  name: ProfiledBrowser,
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const browser = await launch(name, {
    args: ["--js-flags=--expose-gc"],
    prefs: { "browser.privatebrowsing.autostart": true },
  });
  try {
    await work(await browser.newContext());
  } finally {
    await browser.close();
  }
}

async function withProfile(
  name: ProfiledBrowser,
  prefs: Readonly<Record<string, unknown>>,
  work: (setting: Setting) => Promise<void>,
  url: string,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const args = [
    "--js-flags=--expose-gc",
    // Nobody clicks before a sound is played.
    "--autoplay-policy=no-user-gesture-required",
  ];
  const context = await launchOn(name, folder, { prefs, args });
  try {
    await work({ name, context, folder, url });
  } finally {
    await context.close();
    for (const crash of await crashesOn(folder)) {
      console.log(`# ${name} crashed: ${crash}`);
    }
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
