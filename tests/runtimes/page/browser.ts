/**
 * `deno task test:page`: the page of `examples/browser` in the browsers that are installed,
 * driven through all it can do.
 *
 * @module
 */
import { type BrowserName, whyNot } from "../browsers.ts";
import { installPackages } from "../../servers/npm.ts";
import { Stage } from "./stage.ts";
import * as visits from "./visits.ts";

const BROWSERS: readonly BrowserName[] = ["chromium", "firefox", "webkit"];
const ONLY = Deno.args.filter((argument) => !argument.startsWith("--"));
/** `--play=WEB-003` plays one. */
const PLAY = Deno.args.find((argument) => argument.startsWith("--play="))
  ?.slice("--play=".length) ?? "";

await installPackages("tests/servers/azurite");

/** What is played in every browser, by the rule it shows. */
const EVERYWHERE: readonly (readonly [
  name: string,
  play: (stage: Stage) => Promise<void>,
])[] = [
  ["WEB-001 files are taken in, and the same in the bucket", visits.takenIn],
  ["WEB-002 refusals are told in words", visits.refused],
  [
    "WEB-003 an upload goes on after a pause and a reload",
    visits.pausedAndReloaded,
  ],
  ["WEB-004 what is canceled is gone", visits.canceled],
  ["WEB-005 two tabs agree", visits.inTwoTabs],
  ["WEB-006 files wait for the service", visits.waited],
  ["WEB-007 files are looked at, checked, moved and deleted", visits.kept],
  ["WEB-008 the page has no secret", visits.known],
  [
    "WEB-009 the same page is over Azure",
    (stage) => visits.kept(stage, "/?backend=azure"),
  ],
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
        for (const [title, play] of EVERYWHERE) {
          if (!title.includes(PLAY)) continue;
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
