import { assert, assertEquals } from "@std/assert";
import type { Context, Page } from "../../runtimes/browsers.ts";
import { inChromium, serveFolder } from "../npm/page.ts";

const ROOT = new URL("../../../", import.meta.url);
const DIST = new URL("site/.vitepress/dist", ROOT).pathname;

/** Pages of each kind: text, wide tables, pictures, long code, a decision, a source. */
const PAGES = [
  "",
  "install",
  "backends",
  "backends/s3",
  "how-it-works",
  "writing-a-backend",
  "deviations-from-python",
  "runtimes",
  "reference",
  "adr/0090-pages-are-checked",
  "source/examples/map_backend.ts",
];

let built: Promise<void> | undefined;

/** Builds once; who asks again is told the same. */
function build(): Promise<void> {
  return built ??= buildNow();
}

async function buildNow(): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "docs:build"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const said = decoder.decode(stdout) + decoder.decode(stderr);
  assert(success, said);
  assert(/\b0 dead links$/m.test(said), said);
}

/** What a window may be told beside where to go. */
interface Window {
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  emulateMedia(media: { colorScheme: string }): Promise<void>;
}

/** Opens the built site in a window of a width and a color scheme. */
async function open(
  context: Context,
  url: string,
  { width = 1200, scheme = "light" } = {},
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const page = await context.newPage() as Page & Window;
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  // Vue has taken over the page.
  await page.waitForFunction(
    () =>
      "__vue_app__" in
        (document.querySelector("#app") ?? document.createElement("p")),
    null,
    { timeout: 60_000 },
  );
  return { page, errors };
}

Deno.test("SITE-005: the site is built, and no link of it leads nowhere", async () => {
  await build();
  for (const name of ["llms.txt", "llms-full.txt", "api/index.html"]) {
    assert((await Deno.stat(`${DIST}/${name}`)).size > 1000, name);
  }
});

Deno.test("SITE-006: each page is shown whole, in the light, in the dark, and on a phone", async () => {
  await build();
  await using served = serveFolder(DIST);
  await inChromium(async (context) => {
    for (const path of PAGES) {
      const colors = new Set<string>();
      for (const scheme of ["light", "dark"]) {
        for (const width of [1200, 390]) {
          const url = `${served.origin}/${path}`;
          const { page, errors } = await open(context, url, { width, scheme });
          const seen = await page.evaluate(() => ({
            title: document.querySelector("h1")?.textContent ?? "",
            dark: document.documentElement.classList.contains("dark"),
            color: getComputedStyle(document.body).backgroundColor,
            width: innerWidth,
            beyond: document.documentElement.scrollWidth - innerWidth,
            words:
              document.querySelector("main, .vp-doc")?.textContent.length ??
                0,
          }), null);
          const where = `${path}, ${scheme}, ${width}`;
          assertEquals(errors, [], where);
          assertEquals(seen.width, width, where);
          assert(seen.title !== "" && seen.words > 200, where);
          assertEquals(seen.dark, scheme === "dark", where);
          assert(seen.beyond <= 0, `${where}: ${seen.beyond} px too wide`);
          colors.add(seen.color);
          await page.close();
        }
      }
      assertEquals(colors.size, 2, path);
    }
  });
});

Deno.test("SITE-007: the search finds a page by its words, and pictures have the page's colors", async () => {
  await build();
  await using served = serveFolder(DIST);
  await inChromium(async (context) => {
    const { page, errors } = await open(context, `${served.origin}/`);
    await page.evaluate(
      () =>
        document.querySelector<HTMLElement>(".VPNavBarSearch button")!.click(),
      null,
    );
    await page.waitForFunction(
      () => document.querySelector("#localsearch-input") !== null,
      null,
      { timeout: 60_000 },
    );
    await page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>(
        "#localsearch-input",
      )!;
      field.value = "inDoubt";
      field.dispatchEvent(new Event("input"));
    }, null);
    await page.waitForFunction(
      () => document.querySelector('.results a[href*="errors"]') !== null,
      null,
      { timeout: 60_000 },
    );
    assertEquals(errors, []);

    const url = `${served.origin}/how-it-works`;
    const dark = await open(context, url, { scheme: "dark" });
    const picture = await dark.page.evaluate(() => {
      const text = document.querySelector(".picture svg text")!;
      return {
        count: document.querySelectorAll(".picture svg").length,
        words: getComputedStyle(text).fill,
        page: getComputedStyle(document.querySelector(".vp-doc p")!).color,
      };
    }, null);
    assertEquals([picture.count, picture.words], [4, picture.page]);
  });
});
