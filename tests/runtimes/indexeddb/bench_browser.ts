/**
 * `deno task bench:browser`: in the browsers that are installed, IndexedDB against plain
 * rows, what a file costs by decades, many calls at once, and uploads. Words name
 * browsers; `--only=rows`, `growth`, `calls` or `uploads` takes a part,
 * `--base=<checkout>` measures uploads beside another checkout.
 *
 * @module
 */
import {
  type BrowserName,
  launchOn,
  type Page,
  type ProfiledBrowser,
  whyNot,
} from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { servePages } from "../page_server.ts";
import { callProgram, openPage } from "../session.ts";
import { uploadTable } from "../upload/scenarios.ts";
import { launchWebKit } from "../webkit.ts";
import type { BenchOptions, Ratio } from "./bench.ts";
import type { AtOnce, Grown } from "./growth.ts";

const MEBIBYTE = 1024 * 1024;

/** What is measured: the backend as it is, and once promising no more than the rows beside it. */
const TABLES = {
  auto: { representation: "auto", durability: "strict" },
  bytes: { representation: "bytes", durability: "strict" },
  relaxed: { representation: "auto", durability: "relaxed" },
} as const;

/** The least that is asked for in Chromium, by the start of a name. */
const FLOORS: Readonly<Record<string, readonly [string, number][]>> = {
  "chromium auto": [
    ["500 concurrent writes", 4],
    ["streamed write", 1.5],
    ["streamed read", 3],
    ["listing", 5],
  ],
  "chromium bytes": [["streamed write", 1], ["streamed read", 1]],
};

const wanted = Deno.args.filter((arg) => !arg.startsWith("-"));
const option = (name: string) =>
  Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = option("only");
const takes = (part: string) => only === undefined || only === part;
const BROWSERS = ["chromium", "firefox", "webkit"] as const;
const unknown = wanted.filter((name) =>
  !BROWSERS.some((browser) => browser === name)
);
if (unknown.length > 0) throw new Error(`No browser: ${unknown.join(", ")}`);
const names = BROWSERS.filter((name) =>
  wanted.length === 0 || wanted.includes(name)
);
const PAGE = "tests/runtimes/indexeddb/page.ts";
let missed = 0;
for (const name of names) {
  const why = await whyNot(name);
  if (why !== null) {
    console.log(`${name}: not measured, ${why}`);
    continue;
  }
  console.log(`\n${name}`);
  if (only !== "uploads") await measure(name);
  if (!takes("uploads")) continue;
  for (const line of await uploadTable(name, option("base") ?? null)) {
    console.log(`  ${line}`);
  }
}
Deno.exit(missed === 0 ? 0 : 1);

async function measure(name: BrowserName): Promise<void> {
  const lowered = name === "webkit";
  await using server = servePages({
    indexeddb: await bundle(PAGE, { lowered }),
  });
  const folder = await Deno.makeTempDir();
  // A profile on the disk: what is kept in memory only is another storage.
  const context = lowered
    ? await launchWebKit()
    : await launchOn(name as ProfiledBrowser, folder);
  try {
    const page = await openPage(context, `${server.origin}/indexeddb`);
    if (takes("growth")) await measureGrowth(page);
    if (takes("calls")) await measureCalls(page);
    if (!takes("rows")) return;
    for (const [title, table] of Object.entries(TABLES)) {
      const options: BenchOptions = {
        rounds: 5,
        bytes: 256 * MEBIBYTE,
        ...table,
      };
      const ratios = await callProgram<Ratio[]>(
        page,
        "bench",
        options,
        300_000,
      );
      report(`${name} ${title}`, ratios);
    }
  } finally {
    await context.close();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function measureGrowth(page: Page): Promise<void> {
  console.log("  microseconds a file, with so many of them");
  for (const files of [1000, 10_000, 100_000]) {
    const { write, list, deleteMany, deleteFolder, longestWait } =
      await callProgram<Grown>(page, "grow", { files }, 600_000);
    const say = (microseconds: number) => microseconds.toFixed(0);
    console.log(
      `    ${files}: write ${say(write)}, list ${say(list)}, deleteMany ${
        say(deleteMany)
      }, deleteFolder ${say(deleteFolder)}; another's write waited ${
        longestWait.toFixed(0)
      } ms at most`,
    );
  }
}

async function measureCalls(page: Page): Promise<void> {
  for (const calls of [1000, 8000]) {
    const { bare, plain, signalled, bareEach, plainEach } = await callProgram<
      AtOnce
    >(page, "existAtOnce", { calls, rounds: 5 }, 300_000);
    console.log(
      `    ${calls} exists() at once: ${plain.toFixed(0)} ms, ${
        (plain / bare).toFixed(2)
      } of bare transactions; with one signal ${
        (signalled / bare).toFixed(2)
      }; of as many files ${(plainEach / bareEach).toFixed(2)}`,
    );
  }
}

function report(title: string, ratios: readonly Ratio[]): void {
  console.log(`  ${title}: times as fast as plain rows (least..most)`);
  for (const { name, ratio, range, ms } of ratios) {
    const floor = FLOORS[title]?.find(([start]) => name.startsWith(start))?.[1];
    const fails = floor !== undefined && ratio < floor;
    if (fails) missed++;
    console.log(
      `    ${name}: ${ratio.toFixed(2)} (${range[0].toFixed(2)}..${
        range[1].toFixed(2)
      }), ${ms.toFixed(0)} ms` +
        (floor === undefined
          ? ""
          : `, floor ${floor}${fails ? " MISSED" : ""}`),
    );
  }
}
