/**
 * What the runner sees of uploads.
 *
 * @module
 */
import {
  type BrowserName,
  type Context,
  launchOn,
  type ProfiledBrowser,
} from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { memoryOf, mostDuring } from "../memory.ts";
import { servePages } from "../page_server.ts";
import { callProgram, openPage } from "../session.ts";
import { launchWebKit } from "../webkit.ts";
import { openerOf } from "./openers.ts";
import type { Job, Times } from "./page.ts";
import { serveUploads } from "./server.ts";

const MEBIBYTE = 1024 * 1024;
const PAGE = "tests/runtimes/upload/page.ts";
const UNDRIVEN = new URL("../undriven.mjs", import.meta.url).pathname;

/** Returns how many requests of each method ten PUTs to one URL are. */
export async function tenPuts(
  name: ProfiledBrowser,
): Promise<Record<string, number>> {
  await using server = serveUploads();
  const { endpoint } = server;
  const scripts = { ours: await openerOf("ours") };
  await undriven(name, { endpoint, scripts, kind: "again", times: 10 });
  return server.look().requests;
}

/**
 * Returns a browser's table as lines: the library beside naked PUTs of slices, four at
 * once, and beside another checkout.
 */
export async function uploadTable(
  name: BrowserName,
  base: string | null,
): Promise<string[]> {
  await using server = serveUploads();
  const lowered = name === "webkit";
  const scripts: Record<string, string> = {
    ours: await openerOf("ours", undefined, { lowered }),
  };
  if (base !== null) scripts.base = await openerOf("base", base, { lowered });
  const lines: string[] = [];
  for (const content of ["stream", "file"] as const) {
    const { endpoint } = server;
    const size = { mebibytes: 64, rounds: 5 };
    const job: Job = { endpoint, scripts, kind: "compare", content, ...size };
    const times = name === "webkit"
      ? await inWebKit(job)
      : await undriven(name, job);
    const { naked = NaN, ours = NaN, base: old, "by hand": hand } = times;
    const toBase = old === undefined
      ? ""
      : `, ${(old / ours).toFixed(2)} times the base's speed`;
    // The bytes of slices are in the browser's own process already.
    const toHand = hand === undefined
      ? ""
      : `, ${(hand / ours).toFixed(2)} of PUTs by hand of the same stream`;
    lines.push(
      `64 MiB ${content}: ${ours.toFixed(0)} ms, ${
        (naked / ours).toFixed(2)
      } of naked PUTs of slices${toHand}${toBase}`,
    );
    const { bytes } = server.look();
    const least = (size.rounds + 1) * 64 * MEBIBYTE *
      Object.keys(times).length;
    if (bytes < least) throw new Error(`${bytes} of ${least} bytes came`);
  }
  if (name !== "webkit") {
    const growth = await growthOfUpload(name, scripts.ours!, 512);
    lines.push(
      `512 MiB File: all processes +${(growth / MEBIBYTE).toFixed(0)} MiB`,
    );
  }
  return lines;
}

/** A driver would be told of each body. */
async function undriven(name: ProfiledBrowser, job: Job): Promise<Times> {
  const folder = await Deno.makeTempDir();
  try {
    const script = `${folder}/upload.mjs`;
    await Deno.writeTextFile(script, await bundle(PAGE));
    const argument = `${folder}/job.json`;
    await Deno.writeTextFile(argument, JSON.stringify(job));
    const { success, stdout, stderr } = await new Deno.Command("node", {
      args: [UNDRIVEN, script, `@${argument}`, name],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(text(stderr));
    const outcome = JSON.parse(text(stdout));
    if (outcome.failed !== undefined) throw new Error(outcome.failed.join());
    return outcome;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function inWebKit(job: Job): Promise<Times> {
  await using pages = servePages({
    upload: await bundle(PAGE, { lowered: true }),
  });
  const context = await launchWebKit();
  try {
    const page = await openPage(context, `${pages.origin}/upload`);
    return await callProgram(page, "runSuite", job, 300_000);
  } finally {
    await context.close();
  }
}

/** Returns what all processes of a browser grow by while a chosen file is uploaded. */
async function growthOfUpload(
  name: ProfiledBrowser,
  script: string,
  mebibytes: number,
): Promise<number> {
  await using pages = servePages({ upload: await bundle(PAGE) });
  await using server = serveUploads();
  const path = await Deno.makeTempFile({ suffix: ".bin" });
  const folder = await Deno.makeTempDir();
  let context: Context | undefined;
  try {
    using file = await Deno.open(path, { write: true });
    const block = crypto.getRandomValues(new Uint8Array(65_536));
    for (let at = 0; at < mebibytes * 16; at++) await file.write(block);
    context = await launchOn(name, folder);
    const page = await openPage(context, `${pages.origin}/upload`);
    const argument = { endpoint: server.endpoint, script };
    await callProgram(page, "uploadChosen", argument);
    await page.setInputFiles("input", path);
    const before = await memoryOf(folder);
    const { most } = await mostDuring(
      folder,
      () => callProgram(page, "uploadChosen", argument, 300_000),
    );
    const { bytes } = server.look();
    if (bytes < mebibytes * MEBIBYTE) throw new Error(`${bytes} bytes came`);
    return most - before;
  } finally {
    await context?.close();
    await Deno.remove(path);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
