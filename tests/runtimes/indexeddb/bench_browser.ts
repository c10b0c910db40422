/**
 * `deno task bench:browser`: the backend against plain rows in the browsers that are
 * installed.
 *
 * @module
 */
import { launchOn, type ProfiledBrowser, whyNot } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { servePages } from "../page_server.ts";
import { callProgram, openPage } from "../session.ts";
import type { BenchOptions, Ratio } from "./bench.ts";

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
const names = (["chromium", "firefox"] as const).filter((name) =>
  wanted.length === 0 || wanted.includes(name)
);
const script = await bundle("tests/runtimes/indexeddb/page.ts");
await using server = servePages({ indexeddb: script });
let missed = 0;
for (const name of names) {
  const why = await whyNot(name);
  if (why !== null) console.log(`${name}: not measured, ${why}`);
  else await measure(name);
}
Deno.exit(missed === 0 ? 0 : 1);

async function measure(name: ProfiledBrowser): Promise<void> {
  const folder = await Deno.makeTempDir();
  // A profile on the disk: what is kept in memory only is another storage.
  const context = await launchOn(name, folder);
  console.log(`\n${name}`);
  try {
    const page = await openPage(context, `${server.origin}/indexeddb`);
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
    await Deno.remove(folder, { recursive: true });
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
