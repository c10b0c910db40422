/**
 * What visitors do, in every browser: by the page's elements.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ACCOUNT } from "../../fakes/s3/service.ts";
import { requireAccessible } from "./axe.ts";
import { bytesOf, hashOf, plan } from "./files.ts";
import type { Stage } from "./stage.ts";

const MB = 1_000_000;

/** The page's. */
const PART_SIZE = 5 * 1024 * 1024;

/** How many parts of one upload are on their way at once. */
const IN_FLIGHT = 4;

/** Files are taken in, go to the bucket, and are the same there. */
export async function takenIn(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  await requireAccessible(tab.page, "empty");
  const files = [
    plan("a picture.png", 1234, "image/png"),
    plan("notes.txt", 40, "text/plain"),
    plan("ünï ✓ (1)+&?.bin", 6 * MB),
    plan("empty.txt", 0, "text/plain"),
  ];
  await tab.pick(files);
  for (const { name } of files) await tab.untilJob(name, "done");
  const stored = stage.stored();
  assertEquals(stored.size, files.length);
  for (const file of files) {
    const bytes = bytesOf(file);
    assertEquals(hashOf(stored.get(file.name)!), hashOf(bytes), file.name);
    const { text } = await tab.job(file.name);
    assertStringIncludes(text, hashOf(bytes).slice(0, 12));
  }
  await tab.untilRows([
    "a picture.png",
    "empty.txt",
    "notes.txt",
    "ünï ✓ (1)+&?.bin",
  ]);
  await requireAccessible(tab.page, "with files");
  await tab.click("Clear finished");
  await tab.until(
    "empty list of uploads",
    async () => (await tab.jobs()).length === 0,
  );
  await tab.page.close();
}

/** What is refused is told in words, and what is in the way is decided about. */
export async function refused(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  await tab.pick([plan("drawing.svg", 100, "image/svg+xml")]);
  await tab.until(
    "refusal",
    async () =>
      (await tab.text("#warnings")).includes(
        "The type image/svg+xml is not taken here",
      ),
  );
  await tab.pick([plan("huge.bin", 200 * MB + 4)]);
  await tab.until(
    "second refusal",
    async () => (await tab.text("#warnings")).includes("200 MB is the most"),
  );
  assertEquals(await tab.jobs(), []);
  const first = plan("same.txt", 10, "text/plain", 1);
  await tab.pick([first]);
  await tab.untilJob("same.txt", "done");
  await tab.click("Clear finished");
  const second = plan("same.txt", 10, "text/plain", 2);
  await tab.pick([second]);
  const { text } = await tab.untilJob("same.txt", "refused");
  assertEquals(text, "There is a file of this name already.");
  await requireAccessible(tab.page, "refused");
  assertEquals(stage.stored().get("same.txt"), bytesOf(first));
  await tab.click("Keep both: same.txt");
  await tab.untilJob("same (2).txt", "done");
  assertEquals(stage.stored().get("same (2).txt"), bytesOf(second));
  await tab.click("Clear finished");
  await tab.pick([second]);
  await tab.untilJob("same.txt", "refused");
  await tab.click("Replace it: same.txt");
  await tab.untilJob("same.txt", "done");
  assertEquals(stage.stored().get("same.txt"), bytesOf(second));
  await tab.click("Clear finished");
  await tab.page.close();
}

/** An upload stops, is left, and goes on after a reload without a file being chosen. */
export async function pausedAndReloaded(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  const file = plan("film.bin", 48 * MB);
  await tab.pick([file]);
  await tab.untilStored(file.name, 0.2);
  await tab.click(`Pause: ${file.name}`);
  await tab.untilJob(file.name, "paused");
  // What is in flight ends, or is given up.
  await stage.quiet();
  const paused = await tab.job(file.name);
  const before = stage.parts.size;
  assert(paused.done < 1 && before > 0, JSON.stringify(paused));
  // Answers that did not arrive any more.
  const lost = before - Math.round(paused.done * file.size / PART_SIZE);
  assert(lost >= 0 && lost <= IN_FLIGHT, `${lost} answers were lost`);
  await tab.page.reload();
  await stage.untilReady(tab);
  const again = await tab.untilJob(file.name, "paused");
  assert(again.done >= 0.2, `nothing is known of ${JSON.stringify(again)}`);
  assertEquals(stage.parts.size, before, "it goes on by itself");
  await tab.click(`Resume: ${file.name}`);
  await tab.untilStored(file.name, again.done + 0.1);
  // In the middle of it.
  await tab.page.reload();
  const { text } = await tab.untilJob(file.name, "done");
  assertStringIncludes(text, "not sent again");
  assertEquals(hashOf(stage.stored().get(file.name)!), hashOf(bytesOf(file)));
  const twice = stage.partsTwice();
  console.log(`# ${twice} of ${stage.parts.size} parts were sent twice`);
  assert(twice <= lost + IN_FLIGHT, `${twice} parts were sent twice`);
  await tab.click("Clear finished");
  await tab.page.close();
}

/** What is canceled is gone, at the service too. */
export async function canceled(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  const file = plan("unwanted.bin", 48 * MB);
  await tab.pick([file]);
  await tab.untilStored(file.name, 0.1);
  await tab.click(`Cancel: ${file.name}`);
  await tab.until(
    "list without it",
    async () => (await tab.jobs()).length === 0,
  );
  await tab.until(
    "service without its parts",
    () => Promise.resolve(stage.fake.bucket.uploads.size === 0),
  );
  assertEquals(stage.stored().has(file.name), false);
  await tab.page.close();
}

/** Two tabs show the same, do what either says, and one goes on for the other. */
export async function inTwoTabs(stage: Stage): Promise<void> {
  const first = await stage.visit();
  const second = await stage.visit();
  const file = plan("shared.bin", 48 * MB);
  await first.pick([file]);
  await second.untilStored(file.name, 0.1);
  await second.click(`Pause: ${file.name}`);
  await first.untilJob(file.name, "paused");
  await second.click(`Resume: ${file.name}`);
  await first.untilJob(file.name, "waiting");
  await second.untilStored(file.name, 0.3);
  await first.page.close();
  await second.untilJob(file.name, "done");
  await second.untilRows([file.name]);
  assertEquals(hashOf(stage.stored().get(file.name)!), hashOf(bytesOf(file)));
  await second.click("Clear finished");
  await second.page.close();
}

/** While the service is away files wait, and they go on once it is back. */
export async function waited(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  stage.isDown = true;
  const file = plan("patient.txt", 1000, "text/plain");
  await tab.pick([file]);
  await tab.until(
    "word of it",
    async () => (await tab.text("#net-text")) === "The service does not answer",
    60_000,
  );
  await tab.until("word of it at the file", async () => {
    const { state, text } = await tab.job(file.name);
    return state === "waiting" && text.startsWith("Waits for the network");
  });
  await requireAccessible(tab.page, "waiting");
  stage.isDown = false;
  await tab.untilJob(file.name, "done");
  assertEquals(stage.stored().get(file.name), bytesOf(file));
  await tab.click("Clear finished");
  // A browser notes each answer that is none.
  stage.errors.length = 0;
  await tab.page.close();
}

/** Folders are entered, files looked at, checked, moved and deleted. */
export async function kept(stage: Stage, path = "/"): Promise<void> {
  const tab = await stage.visit(path);
  await tab.click("Try some samples");
  for (const name of ["waves.png", "notes/hello.txt", "large.bin"]) {
    await tab.untilJob(`samples/${name}`, "done");
  }
  await tab.click("Clear finished");
  await tab.untilRows(["samples"]);
  await tab.click("samples");
  await tab.untilRows(["notes", "large.bin", "waves.png"]);
  await tab.click("waves.png");
  await tab.until("picture by a signed link", () =>
    tab.page.evaluate(
      () =>
        (document.querySelector<HTMLImageElement>("#preview img")
          ?.naturalWidth ?? 0) === 960,
      null,
    ));
  await tab.click("Check the bytes");
  await tab.until(
    "checked bytes",
    async () => (await tab.text("#check-result")).startsWith("Checked:"),
  );
  await requireAccessible(tab.page, "a file");
  await tab.click("Close");
  await tab.click("notes");
  await tab.untilRows(["hello.txt", "table.csv"]);
  await tab.click("hello.txt");
  await tab.until(
    "text",
    async () => (await tab.text("#preview")).startsWith("Hello!"),
  );
  await tab.click("Close");
  await tab.click("Select all files");
  await tab.click("Move…");
  await tab.until(
    "dialog",
    async () => (await tab.text("#move-title")) === "Move 2 entries",
  );
  await requireAccessible(tab.page, "moving");
  await tab.write("#move-target", "archive/2026");
  await tab.click("Move");
  await tab.untilRows([]);
  await tab.click("All files");
  await tab.untilRows(["archive", "samples"]);
  await tab.click("Select folder archive");
  await tab.click("Select folder samples");
  await tab.click("Delete…");
  await tab.until(
    "question",
    async () => (await tab.text("#ask-title")) === "Delete 4 files?",
  );
  await requireAccessible(tab.page, "a question");
  await tab.click("Delete");
  await tab.untilRows([]);
  await tab.page.close();
}

/** The page tells all that it knows, and a key is not among it. */
export async function known(stage: Stage): Promise<void> {
  const tab = await stage.visit();
  await tab.page.evaluate(() => {
    document.querySelector("details")!.open = true;
  }, null);
  await tab.until(
    "facts",
    async () => (await tab.text("#facts")).includes("questions to the handler"),
  );
  const facts = await tab.text("#facts");
  assertStringIncludes(facts, "demo, region us-east-1");
  await requireAccessible(tab.page, "what it knows");
  const told = await tab.page.evaluate(async () => {
    const scripts = [...document.scripts].map(({ src }) => src);
    const texts = await Promise.all(
      [location.href, ...scripts].map(async (url) =>
        await (await fetch(url)).text()
      ),
    );
    return texts.join() + document.documentElement.outerHTML;
  }, null);
  assert(told.length > 10_000);
  assert(!told.includes(ACCOUNT.secretAccessKey), "a secret");
  assert(!told.includes(ACCOUNT.accessKeyId), "whose secret it is");
  await tab.page.close();
}
