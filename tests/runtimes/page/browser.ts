/**
 * `deno task test:page`: the page of `examples/browser` in the browsers that are installed,
 * all at once, driven through all it can do.
 *
 * @module
 */
import { installPackages } from "../../servers/npm.ts";
import { type BrowserName, whyNot } from "../browsers.ts";
import { run } from "../registering.ts";
import * as driven from "./driven.ts";
import { Stage } from "./stage.ts";
import * as visits from "./visits.ts";

const BROWSERS: readonly BrowserName[] = ["chromium", "firefox", "webkit"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));
/** `--play=WEB-003` plays one. */
const PLAY = Deno.args.find((argument) => argument.startsWith("--play="))
  ?.slice("--play=".length) ?? "";

/** A scenario: the rule it shows, what happens, where it is played. */
type Scenario = readonly [
  name: string,
  play: (stage: Stage) => Promise<void>,
  browsers: readonly BrowserName[],
];

const DRIVEN = ["chromium", "firefox"] as const;

const SCENARIOS: readonly Scenario[] = [
  [
    "WEB-001 files are taken in, and the same in the bucket",
    visits.takenIn,
    BROWSERS,
  ],
  ["WEB-002 refusals are told in words", visits.refused, BROWSERS],
  [
    "WEB-003 an upload goes on after a pause and a reload",
    visits.pausedAndReloaded,
    BROWSERS,
  ],
  ["WEB-004 what is canceled is gone", visits.canceled, BROWSERS],
  ["WEB-005 two tabs agree", visits.inTwoTabs, BROWSERS],
  ["WEB-006 files wait for the service", visits.waited, BROWSERS],
  [
    "WEB-007 files are looked at, checked, moved and deleted",
    visits.kept,
    BROWSERS,
  ],
  ["WEB-008 the page has no secret", visits.known, BROWSERS],
  [
    "WEB-009 the same page is over Azure",
    (stage) => visits.kept(stage, "/?backend=azure"),
    BROWSERS,
  ],
  ["WEB-010 files are chosen from the disk", driven.filesChosen, DRIVEN],
  // Firefox's driver chooses no folder.
  ["WEB-010 a folder is chosen from the disk", driven.folderChosen, [
    "chromium",
  ]],
  // Only its protocol drags files.
  ["WEB-011 a folder is dropped", driven.dropped, ["chromium"]],
  ["WEB-012 all goes by keys", driven.byKeys, DRIVEN],
  ["WEB-013 the page works offline", driven.offline, DRIVEN],
  // The sessions of WebKit's driver leave nothing behind.
  ["WEB-014 an upload goes on after a kill", driven.killed, DRIVEN],
  ["WEB-015 phones and dark rooms", driven.onPhones, DRIVEN],
];

await installPackages("tests/servers/azurite");
await Promise.all([...BROWSERS.map(playAll), inWorkerd()]);

/** Plays all in one browser, each scenario in a profile of its own. */
async function playAll(name: BrowserName): Promise<void> {
  if (!await isWanted(name)) return;
  const stage = await Stage.open(name);
  try {
    for (const [title, play, browsers] of SCENARIOS) {
      if (!browsers.includes(name) || !title.includes(PLAY)) continue;
      await run(`${title}, in ${name}`, async () => {
        await stage.begin();
        await play(stage);
        stage.requireNoErrors();
      });
    }
  } finally {
    await stage.close();
  }
}

async function inWorkerd(): Promise<void> {
  const title = "WEB-016 the page in chromium is signed for in workerd";
  if (!title.includes(PLAY) || !await isWanted("chromium")) return;
  const stage = await Stage.open("chromium", true);
  try {
    await run(title, async () => {
      await stage.begin();
      await visits.takenIn(stage);
      stage.requireNoErrors();
    });
  } finally {
    await stage.close();
  }
}

async function isWanted(name: BrowserName): Promise<boolean> {
  if (ONLY.length > 0 && !ONLY.includes(name)) return false;
  const why = await whyNot(name);
  if (why === null) return true;
  Deno.test({ name: `the page in ${name}: ${why}`, ignore: true, fn() {} });
  return false;
}
