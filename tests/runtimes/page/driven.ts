/**
 * What needs more than the page's elements: real keys, real files, a real drag, a network
 * that is cut, a browser that is killed, the size of a phone. Of the drivers only Playwright's
 * has it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "../browsers.ts";
import { requireAccessible } from "./axe.ts";
import { bytesOf, hashOf, plan, type PlannedFile } from "./files.ts";
import type { Hands } from "./hands.ts";
import type { Stage } from "./stage.ts";

const MB = 1_000_000;
const IN_FLIGHT = 4;

/** What Playwright's pages have beyond those of all drivers. */
interface DrivenPage extends Page {
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string): Promise<void>;
  };
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  emulateMedia(media: {
    colorScheme: "light" | "dark";
    reducedMotion: "reduce";
  }): Promise<void>;
}

/** What its contexts have. */
interface DrivenContext {
  setOffline(isOffline: boolean): Promise<void>;
}

const driven = (tab: Hands) => tab.page as DrivenPage;

/** Files are chosen by the field for them, from the disk. */
export async function filesChosen(stage: Stage): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = plan("beach.jpg", 3000, "image/jpeg");
    await writeAll(folder, [file]);
    const tab = await stage.visit();
    await tab.page.setInputFiles("#input-files", `${folder}/${file.name}`);
    await tab.untilJob(file.name, "done");
    await untilStored(stage, tab, [file]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A folder is chosen by the field for it, with all below it. */
export async function folderChosen(stage: Stage): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const files = [
      plan("trip/beach.jpg", 3000, "image/jpeg"),
      plan("trip/days/one.txt", 70, "text/plain"),
      plan("trip/days/deep/two.txt", 71, "text/plain"),
    ];
    await writeAll(folder, files);
    const tab = await stage.visit();
    await tab.page.setInputFiles("#input-folder", `${folder}/trip`);
    await untilStored(stage, tab, files);
    assertEquals(stage.stored().size, files.length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A folder is dropped onto the page, as the system does it. */
export async function dropped(stage: Stage): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    // More than a browser gives of a folder at a time.
    const files = Array.from(
      { length: 130 },
      (_, index) =>
        plan(
          `many/${index % 3}/file ${index}.txt`,
          20,
          "text/plain",
          index + 1,
        ),
    );
    await writeAll(folder, files);
    const tab = await stage.visit();
    const protocol = await stage.context.newCDPSession(tab.page);
    const data = {
      items: [],
      files: [`${folder}/many`],
      dragOperationsMask: 1,
    };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await protocol.send("Input.dispatchDragEvent", {
        type,
        x: 300,
        y: 300,
        data,
      });
    }
    await untilStored(stage, tab, files);
    assertEquals(await tab.text("#veil"), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything goes by keys alone, and the focus is never lost. */
export async function byKeys(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  const { keyboard } = driven(tab);
  await keyboard.press("Tab");
  assertEquals(await focused(tab), "Skip to the files");
  await tabTo(tab, "Try some samples");
  const release = stage.hold("samples/large.bin");
  await keyboard.press("Enter");
  await tab.untilJob("samples/notes/table.csv", "done");
  await tabTo(tab, "Pause: samples/large.bin");
  await keyboard.press("Enter");
  await tab.untilJob("samples/large.bin", "paused");
  release();
  assertEquals(await focused(tab), "Resume: samples/large.bin");
  await keyboard.press("Enter");
  await tab.untilJob("samples/large.bin", "done");
  await tabTo(tab, "samples");
  // While it is entered it is listed once more, as where a file has been stored: what is
  // shown in the end has the focus.
  const answer = stage.holdListings();
  const before = stage.listed;
  await keyboard.press("Enter");
  await tab.until("listing", () => Promise.resolve(stage.listed > before));
  await tab.click("Refresh");
  await tab.until("listing", () => Promise.resolve(stage.listed > before + 1));
  answer();
  await tab.untilRows(["notes", "large.bin", "waves.png"]);
  assertEquals(await focused(tab), "samples");
  const again = stage.listed;
  await tab.click("Refresh");
  await tab.until("listing", () => Promise.resolve(stage.listed > again));
  // What it shows is what was shown: there is nothing to wait for.
  await new Promise((resolve) => setTimeout(resolve, 500));
  assertEquals(await focused(tab), "samples");
  await tabTo(tab, "waves.png");
  await keyboard.press("Enter");
  await tab.until(
    "dialog",
    async () => (await tab.text("#file-title")) === "waves.png",
  );
  await keyboard.press("Escape");
  await tab.until(
    "closed dialog",
    async () => (await tab.text("#file-title")) === "",
  );
  assertEquals(await focused(tab), "waves.png");
  await keyboard.press("Shift+Tab");
  assertEquals(await focused(tab), "Select waves.png");
  await keyboard.press("Space");
  await tabTo(tab, "Move…", "Shift+Tab");
  await keyboard.press("Enter");
  await tab.until("dialog", async () => (await tab.text("#move-title")) !== "");
  // The path is selected, so that typing replaces it.
  await keyboard.type("samples/seen.png");
  await keyboard.press("Enter");
  await tab.untilRows(["notes", "large.bin", "seen.png"]);
  await tabTo(tab, "Select all files");
  await keyboard.press("Space");
  await tabTo(tab, "Delete…", "Shift+Tab");
  await keyboard.press("Enter");
  await tabTo(tab, "Delete");
  await keyboard.press("Enter");
  await tab.untilRows([]);
}

/** Without a network the page is there, takes files in, and sends them once it is back. */
export async function offline(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  await tab.until("Service Worker", () =>
    tab.page.evaluate(
      async () =>
        (await navigator.serviceWorker.ready).active?.state === "activated",
      null,
    ));
  const context = stage.context as unknown as DrivenContext;
  await context.setOffline(true);
  await tab.until(
    "word of it",
    async () => (await tab.text("#net-text")).startsWith("Offline"),
  );
  const file = plan("train.bin", 12 * MB);
  await tab.pick([file]);
  await tab.untilJob(file.name, "waiting");
  await tab.page.reload();
  await tab.until(
    "page after a reload",
    async () => (await tab.text("#net-text")).startsWith("Offline"),
  );
  await tab.untilJob(file.name, "waiting");
  assertEquals(stage.stored().size, 0);
  await requireAccessible(tab.page, "offline");
  await context.setOffline(false);
  await tab.untilJob(file.name, "done");
  assertEquals(hashOf(stage.stored().get(file.name)!), hashOf(bytesOf(file)));
  // A browser notes each request that it could not send.
  stage.errors.length = 0;
}

/** A browser is killed in the middle; what it has begun goes on when it starts again. */
export async function killed(stage: Stage): Promise<void> {
  // Chromium writes a cookie down within half a minute, or when it ends: without it who
  // comes back is somebody else.
  await stage.visit();
  await stage.restart();
  const tab = await stage.visit();
  const file = plan("film.bin", 48 * MB);
  await tab.pick([file]);
  await tab.untilStored(file.name, 0.3);
  await stage.kill();
  const before = stage.parts.size;
  const again = await stage.visit();
  const { text } = await again.untilJob(file.name, "done");
  assertStringIncludes(text, "not sent again");
  assertEquals(hashOf(stage.stored().get(file.name)!), hashOf(bytesOf(file)));
  const twice = stage.partsTwice();
  console.log(`# ${twice} of ${stage.parts.size} parts were sent twice`);
  assert(before > 2 && twice <= IN_FLIGHT, `${before} parts, ${twice} twice`);
}

/** On a phone nothing is cut off, in light and in dark. */
export async function onPhones(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  const page = driven(tab);
  await tab.click("Try some samples");
  await tab.untilJob("samples/large.bin", "done");
  await tab.click("samples");
  await tab.untilRows(["notes", "large.bin", "waves.png"]);
  await tab.click("Select waves.png");
  for (const width of [390, 1100]) {
    await page.setViewportSize({ width, height: 844 });
    for (const colorScheme of ["light", "dark"] as const) {
      // Or a color is looked at on its way to another.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await requireAccessible(tab.page, `${width} px, ${colorScheme}`);
    }
    const [wide, shown] = await tab.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ], null);
    assertEquals(wide, shown, `${width} px is too narrow`);
  }
}

async function focused(tab: Hands): Promise<string> {
  return await tab.page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === document.body) return "nothing";
    return (activeElement?.getAttribute("aria-label") ??
      activeElement?.textContent ?? "").trim();
  }, null);
}

/** Presses a key until something has the focus. */
async function tabTo(tab: Hands, name: string, key = "Tab"): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await driven(tab).keyboard.press(key);
    const now = await focused(tab);
    if (now === name) return;
    seen.push(now);
  }
  throw new Error(`no way by keys to ${name}: ${seen.join(", ")}`);
}

async function writeAll(
  folder: string,
  files: readonly PlannedFile[],
): Promise<void> {
  for (const file of files) {
    const path = `${folder}/${file.name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(path, bytesOf(file));
  }
}

async function untilStored(
  stage: Stage,
  tab: Hands,
  files: readonly PlannedFile[],
): Promise<void> {
  await tab.until(`${files.length} files in the bucket`, () => {
    const stored = stage.stored();
    return Promise.resolve(files.every(({ name }) => stored.has(name)));
  }, 90_000);
  const stored = stage.stored();
  for (const file of files) {
    assertEquals(hashOf(stored.get(file.name)!), hashOf(bytesOf(file)));
  }
}
