/**
 * The run in WebKitGTK. Its driver's sessions are private: no profile that stays, so none
 * that is killed; no Blobs in IndexedDB; no `navigator.storage`, so no quota that could be
 * set or asked for; no look at a page's heap.
 *
 * @module
 */
import { allowPages } from "../live/azure/cors.ts";
import { placeOn, startS3 } from "../live/s3/place.ts";
import { startAzurite } from "../servers/azurite/server.ts";
import { installPackages } from "../servers/npm.ts";
import type { Context, Page } from "./browsers.ts";
import type { Result } from "./collector.ts";
import type { Outcome } from "./contract.ts";
import { demo, type Setting } from "./indexeddb/scenarios.ts";
import { ordered, races, upgraded } from "./indexeddb/two_tabs.ts";
import type { Visited } from "./indexeddb/visits.ts";
import { register, run, runSuite } from "./registering.ts";
import { callProgram, openPage } from "./session.ts";
import { serving } from "./transfer/scenario.ts";
import { launchWebKit } from "./webkit.ts";

const NAME = "webkit";
const MINUTES = 60_000;
const REPRESENTATIONS = ["auto", "bytes"] as const;

/** What the run is told. */
export interface WebKitRun {
  /** Where the pages are: `indexeddb`, `suites`, `transfer`. */
  readonly origin: string;
  readonly seed: number;
}

/** Runs everything, then registers what came of it. */
export async function testInWebKit(setup: WebKitRun): Promise<void> {
  const { origin, seed } = setup;
  const url = `${origin}/indexeddb`;
  await inSession(async (context) => {
    const page = await openPage(context, url);
    register(await callProgram(page, "ownTests", { name: NAME }));
    for (const representation of REPRESENTATIONS) {
      const name = `indexeddb in ${NAME}, ${representation}`;
      const options = { representation };
      register(
        await callProgram(page, "conformance", { name, options }, 4 * MINUTES),
      );
    }
    await page.close();
  });
  await inSession(async (context) => {
    const { results, look } = await serving(NAME, context, origin);
    register(results);
    await run(
      `${NAME}: a file that toResponse() serves is on the screen`,
      look,
    );
  });
  await inSession(async (context) => {
    const setting: Setting = { name: NAME, context, folder: "", url };
    await run(`${NAME}: the demo runs`, () => demo(setting));
    await run(
      `${NAME}: 200 files and a stream of 64 MiB are there in another page and after a reload`,
      () => visited(context, url),
    );
    await run(
      `${NAME}: there is no quota that 150 MiB reach, and rows keep them`,
      () => unbounded(context, url),
    );
    await run(
      `${NAME}: 200 races of two pages have 200 winners`,
      () => races(setting, "auto"),
    );
    // Both would be in rows, of which a change takes some from under a reader.
    await run(
      `${NAME}: some order explains all that two pages saw`,
      () => ordered(setting, "bytes", { seed, count: 2000 }),
    );
    await run(
      `${NAME}: a page upgrades the database while another uploads`,
      () => upgraded(setting, "auto"),
    );
  });
  await inSession(async (context) => {
    const page = await openPage(context, `${origin}/suites`);
    const hasSymbol = false;
    register(
      await callProgram<Result[]>(page, "disposal", { name: NAME, hasSymbol }),
    );
    await suite(page, "hashing", "the hashing rules");
    await suite(page, "cached", "the contract through WebCache");
  });
  await Promise.all([
    inSession((context) => onAzurite(context, origin)),
    inSession((context) => onCeph(context, origin)),
  ]);
}

/** A browser that has done nothing before. */
async function inSession(
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const context = await launchWebKit();
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

function suite(
  page: Page,
  program: string,
  title: string,
  argument: unknown = null,
): Promise<void> {
  return runSuite(
    `${NAME}: ${title}`,
    () => callProgram<Outcome>(page, program, argument, 5 * MINUTES),
  );
}

async function onAzurite(context: Context, origin: string): Promise<void> {
  await installPackages("tests/servers/azurite");
  const server = await startAzurite();
  try {
    await allowPages(server.origin);
    const page = await openPage(context, `${origin}/suites`);
    await suite(page, "azure", "the contract over Azurite", server.origin);
  } finally {
    await server.stop();
  }
}

async function onCeph(context: Context, origin: string): Promise<void> {
  const server = await startS3("ceph_rgw");
  try {
    const page = await openPage(context, `${origin}/suites`);
    const place = await placeOn(server.env);
    await suite(page, "s3", "the contract over Ceph, by CORS", place);
  } finally {
    await server.stop();
  }
}

async function visited(context: Context, url: string): Promise<void> {
  const name = `visits-${crypto.randomUUID()}`;
  const page = await openPage(context, url);
  await callProgram(page, "writeVisited", name);
  const beside = await openPage(context, url);
  const both = await Promise.all(
    [page, beside].map((page) =>
      callProgram<Visited>(page, "readVisited", name)
    ),
  );
  await page.reload();
  const after = await callProgram<Visited>(page, "readVisited", name);
  for (const found of [...both, after]) {
    const { listed, right, streamed, wrongRanges, quota, isPersistent } = found;
    const isRight = listed === 200 && right === 200 &&
      streamed === 64 * 1024 * 1024 && wrongRanges.length === 0 &&
      // There is nobody to ask.
      quota === null && !isPersistent;
    if (!isRight) throw new Error(JSON.stringify(found));
  }
  await beside.close();
  await page.close();
}

async function unbounded(context: Context, url: string): Promise<void> {
  const page = await openPage(context, url);
  const mebibytes = 150;
  const found = await callProgram<{ code: string | null; taken: number }>(
    page,
    "fill",
    { mebibytes, representation: "auto" },
  );
  await page.close();
  console.log(`# ${JSON.stringify(found)}`);
  if (found.code !== null || found.taken !== mebibytes) {
    throw new Error(JSON.stringify(found));
  }
}
