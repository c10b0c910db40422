/**
 * `deno task test:page`: the page of `examples/browser` in the browsers that are installed,
 * driven through all it can do.
 *
 * @module
 */
import { type BrowserName, whyNot } from "../browsers.ts";
import { installPackages } from "../../servers/npm.ts";
import { Stage } from "./stage.ts";
import * as driven from "./driven.ts";
import * as visits from "./visits.ts";

const BROWSERS: readonly BrowserName[] = ["chromium", "firefox", "webkit"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));
/** `--play=WEB-003` plays one. */
const PLAY = Deno.args.find((argument) => argument.startsWith("--play="))
  ?.slice("--play=".length) ?? "";

await installPackages("tests/servers/azurite");

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
  ["WEB-010 files and folders are chosen from the disk", driven.chosen, DRIVEN],
  // Only its protocol drags files.
  ["WEB-011 a folder is dropped", driven.dropped, ["chromium"]],
  ["WEB-012 all goes by keys", driven.byKeys, DRIVEN],
  ["WEB-013 the page works offline", driven.offline, DRIVEN],
  // The sessions of WebKit's driver leave nothing behind.
  ["WEB-014 an upload goes on after a kill", driven.killed, DRIVEN],
  ["WEB-015 phones and dark rooms", driven.onPhones, DRIVEN],
];

for (const name of BROWSERS) {
  if (ONLY.length > 0 && !ONLY.includes(name)) continue;
  const why = await whyNot(name);
  Deno.test({
    name: `the page in ${name}${why === null ? "" : `: ${why}`}`,
    ignore: why !== null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(t) {
      const stage = await Stage.open(name);
      try {
        for (const [title, play, browsers] of SCENARIOS) {
          if (!browsers.includes(name) || !title.includes(PLAY)) continue;
          await t.step(`${title}, in ${name}`, async () => {
            await stage.begin();
            await play(stage);
            stage.requireNoErrors();
          });
        }
      } finally {
        await stage.close();
      }
    },
  });
}

Deno.test({
  name: "WEB-016 the page in chromium, signed for in workerd",
  ignore: ONLY.length > 0 && !ONLY.includes("chromium") ||
    !"WEB-016".includes(PLAY) || await whyNot("chromium") !== null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const stage = await Stage.open("chromium", true);
    try {
      await stage.begin();
      await visits.takenIn(stage);
      stage.requireNoErrors();
    } finally {
      await stage.close();
    }
  },
});
