/**
 * What the runner sees of a browser with one page.
 *
 * @module
 */
import type { BrowserName, Context } from "../browsers.ts";
import { memoryOf, mostDuring } from "../memory.ts";
import { callProgram, openPage } from "../session.ts";
import type { Cleared } from "./cleared.ts";
import type { Full } from "./full.ts";
import type { LargeEnd, LargeFile, Step } from "./large.ts";
import type { Demonstration } from "./quickstart.ts";

const MEBIBYTE = 1024 * 1024;

/** A browser on a profile, and the page to open. */
export interface Setting {
  readonly name: BrowserName;
  readonly context: Context;
  readonly folder: string;
  readonly url: string;
}

/** The demo, on this repository's core. */
export async function demo({ context, url }: Setting): Promise<void> {
  const folder = new URL("../../../core/", import.meta.url);
  const files: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    files[name] = await Deno.readTextFile(new URL(name, folder));
  }
  const page = await openPage(context, url);
  const { code, out, err } = await callProgram<Demonstration>(
    page,
    "quickstart",
    { files },
  );
  console.log(`# demo: ${out.at(-1)}`);
  if (code !== 0 || err.length > 0) throw new Error(err.join("\n"));
  await page.close();
}

/** A store that is full in the middle of a stream. */
export async function full(
  { name, context, url }: Setting,
  representation: "auto" | "bytes",
): Promise<void> {
  const page = await openPage(context, url);
  if (name === "chromium") {
    const session = await context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", {
      origin: new URL(url).origin,
      quotaSize: 40 * MEBIBYTE,
    });
  }
  const mebibytes = 150;
  const found = await callProgram<Full>(page, "fill", {
    mebibytes,
    representation,
  });
  const { code, old, next, orphans, broken, taken } = found;
  const right = code === "QuotaExceeded" && old && next &&
    orphans.length === 0 && broken.length === 0 &&
    // In the middle of the stream: not before it, and not at its end.
    taken > 8 && taken < mebibytes;
  console.log(`# full after ${taken} MiB: ${JSON.stringify(found)}`);
  if (!right) throw new Error(JSON.stringify(found));
  await page.close();
}

/** A site whose data is cleared while it is at work, by Chromium's protocol: no call waits for ever. */
export async function cleared({ context, url }: Setting): Promise<void> {
  const page = await openPage(context, url);
  const session = await context.newCDPSession(page);
  const working = callProgram<Cleared>(page, "workOn", { ms: 4000 });
  for (let i = 0; i < 12; i++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    await session.send("Storage.clearDataForOrigin", {
      origin: new URL(url).origin,
      storageTypes: "indexeddb",
    });
  }
  const { codes, orphans, broken } = await working;
  console.log(`# cleared at work: ${JSON.stringify(codes)}`);
  const faults = [...orphans, ...broken];
  for (const code of Object.keys(codes)) {
    if (code !== "ok" && code !== "BackendUnavailable") faults.push(code);
  }
  if (faults.length > 0) throw new Error(faults.join());
  await page.close();
}

/** What a page may hold of the file while it passes by, in its heap and in all processes. */
const MOST_IN_HEAP = 96 * MEBIBYTE;
const MOST_IN_PROCESSES = 256 * MEBIBYTE;

/** A file larger than a page's memory should get. The browser has done nothing before. */
export async function large(
  { name, context, url, folder }: Setting,
  representation: "auto" | "bytes",
): Promise<void> {
  const file: LargeFile = { mebibytes: 512, representation };
  const page = await openPage(context, url);
  // What a browser needs once does not count.
  const first = { ...file, mebibytes: 32 };
  await callProgram(page, "writeLarge", first);
  await callProgram(page, "readLarge", { ...first, hold: false });
  const before = await memoryOf(folder);
  const watch = async (program: string, more = {}) => {
    const { result, most } = await mostDuring(
      folder,
      () => callProgram<Step>(page, program, { ...file, ...more }),
    );
    return { ...result, growth: most - before };
  };
  const write = await watch("writeLarge");
  const read = await watch("readLarge", { hold: false });
  // What the same look says of a page that does keep the file.
  const hold = await watch("readLarge", { hold: true });
  const { lastByteMs, emptyMs, blobs } = await callProgram<LargeEnd>(
    page,
    "endOfLarge",
    file,
  );
  const times = lastByteMs / Math.max(emptyMs, 0.05);
  const say = ({ ms, heapGrowth, growth }: typeof write) =>
    `${ms.toFixed(0)} ms, heap +${mib(heapGrowth)}, processes +${mib(growth)}`;
  console.log(
    `# ${file.mebibytes} MiB in ${blobs ? "Blobs" : "rows"}: write ${
      say(write)
    }; read ${say(read)}; read and kept ${say(hold)}; last byte ` +
      `${lastByteMs.toFixed(2)} ms, empty transaction ${
        emptyMs.toFixed(2)
      } ms` +
      ` (${times.toFixed(1)} times)`,
  );
  const tooMuch = ({ growth, heapGrowth }: typeof write) =>
    growth > MOST_IN_PROCESSES || (heapGrowth ?? 0) > MOST_IN_HEAP;
  if (tooMuch(write)) throw new Error(`a write holds ${say(write)}`);
  if (tooMuch(read)) throw new Error(`a read holds ${say(read)}`);
  if (hold.growth <= MOST_IN_PROCESSES) {
    throw new Error(`the look does not see what is kept: ${say(hold)}`);
  }
  if ((name === "chromium") !== (write.heapGrowth !== null)) {
    throw new Error(`${name} tells its heap: ${write.heapGrowth}`);
  }
  if (blobs !== (representation === "auto")) {
    throw new Error(`${representation} is kept in ${blobs ? "Blobs" : "rows"}`);
  }
  if (times >= 50) {
    throw new Error(`the last byte takes ${times} times as long`);
  }
  await page.close();
}

/**
 * A private session: what was written can be read, or was refused. With rows, which
 * need no memory of Blobs, all of it can be written.
 */
export async function privately(
  { name, context, url }: Omit<Setting, "folder">,
): Promise<void> {
  const page = await openPage(context, url);
  const small: LargeFile = { mebibytes: 40, representation: "auto" };
  await callProgram(page, "writeLarge", small);
  const refused = await callProgram<string | null>(page, "fillPrivate");
  await callProgram(page, "readLarge", { ...small, hold: false });
  await callProgram(page, "endOfLarge", small);
  const rows: LargeFile = { mebibytes: 40, representation: "bytes" };
  await callProgram(page, "writeLarge", rows);
  await callProgram(page, "readLarge", { ...rows, hold: false });
  await callProgram(page, "endOfLarge", rows);
  console.log(`# ${name} in private: 640 MiB are ${refused ?? "kept"}`);
  if (refused !== null && refused !== "QuotaExceeded") throw new Error(refused);
  await page.close();
}

function mib(bytes: number | null): string {
  return bytes === null ? "?" : `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}
