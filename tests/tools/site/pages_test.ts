import { assert, assertEquals, assertThrows } from "@std/assert";
import { drawPictures } from "../../../tools/docs/pictures/files.ts";
import { readFiles } from "../../../tools/docs/repository.ts";
import {
  llmsFullText,
  llmsText,
  placeOf,
  sidebarOf,
  sitePages,
} from "../../../tools/site/pages.ts";

const files = new Map([...await readFiles(), ...drawPictures()]);

const SMALL = new Map([
  [
    "README.md",
    "# Start\n\nIt is [listed](./docs/README.md). [Code][own]\n\n[own]: ./examples/a.ts\n",
  ],
  [
    "docs/README.md",
    "# Pages\n\n## First\n\n- [One](./one.md)\n  - [Two](./in/two.md)\n- [Decisions](./adr/README.md)\n",
  ],
  [
    "docs/one.md",
    "# One\n\nThe first. See [two](./in/two.md#end), [out](https://example.com/) and [here](#one).\n\n```md\n[no link](./nowhere.md)\n```\n\n![A line](./line.svg)\n",
  ],
  ["docs/in/two.md", "# Two\n\nThe `second`: it ends.\n\n## End\n"],
  ["docs/adr/README.md", "# Decisions\n\n- [0001: A](./0001-a.md)\n"],
  ["docs/adr/0001-a.md", "# 0001: A\n\nBack to [one](../one.md).\n"],
  ["docs/line.svg", "<svg>\n<style>\nline {}\n</style>\n<line/>\n</svg>\n"],
  ["examples/a.ts", "export const a = 1;\n"],
]);

Deno.test("SITE-001: every page of docs/, and what it leads to, is in the site once", () => {
  const pages = sitePages(files);
  const sources = new Set(pages.map(({ source }) => source));
  const missing = [...files.keys()].filter((path) =>
    /^docs\/.*\.md$/.test(path) && !sources.has(path)
  );
  assertEquals(missing, []);
  assertEquals(new Set(pages.map(({ path }) => path)).size, pages.length);
  assert(pages.every(({ title }) => title !== ""));
});

Deno.test("SITE-001: links follow their pages; what is no link, and what leads out, stays", () => {
  const pages = new Map(sitePages(SMALL).map((it) => [it.source, it.text]));
  assertEquals(
    pages.get("README.md"),
    "# Start\n\nIt is [listed](./pages.md). [Code][own]\n\n[own]: ./source/examples/a.ts.md\n",
  );
  const one = pages.get("docs/one.md") ?? "";
  assert(one.includes("[two](./in/two.md#end), [out](https://example.com/)"));
  assert(one.includes("[here](#one)"));
  assert(one.includes("[no link](./nowhere.md)"));
  assert(
    pages.get("docs/adr/0001-a.md")?.includes("Back to [one](../one.md)."),
  );
  assert(pages.get("examples/a.ts")?.includes("export const a = 1;"));
});

Deno.test("SITE-001: a picture becomes a part of its page, without colors of its own", () => {
  const one = sitePages(SMALL).find(({ path }) => path === "one.md")?.text;
  assert(
    one?.includes('<figure class="picture"><svg><line/></svg></figure>'),
    one,
  );
});

Deno.test("SITE-001: a link that leads nowhere is an error that names its page", () => {
  const dead = new Map(SMALL).set("docs/one.md", "# One\n\n[x](./absent.md)\n");
  assertThrows(() => sitePages(dead), Error, '"docs/one.md" has a link');
});

Deno.test("SITE-001: pages have short addresses", () => {
  assertEquals(
    ["README.md", "docs/backends/s3.md", "CHANGELOG.md", "docs/adr/README.md"]
      .concat("examples/worker/README.md", "docs/README.md").map(placeOf),
    ["index.md", "backends/s3.md", "changelog.md", "adr/index.md"]
      .concat("examples/worker.md", "pages.md"),
  );
});

Deno.test("SITE-001: the side has the index, with the decisions below theirs", () => {
  assertEquals(sidebarOf(SMALL), [{
    text: "First",
    items: [
      {
        text: "One",
        link: "/one",
        items: [{ text: "Two", link: "/in/two" }],
        collapsed: false,
      },
      {
        text: "Decisions",
        link: "/adr/",
        items: [{ text: "0001: A", link: "/adr/0001-a" }],
        collapsed: true,
      },
    ],
  }]);
});

Deno.test("SITE-002: llms.txt has each page of the index with its first sentence", () => {
  const pages = sitePages(SMALL);
  const text = llmsText(pages, SMALL);
  assert(text.startsWith("# @remote-store/core\n\n> It is listed.\n"), text);
  assert(text.includes("- [One](/one.md): The first."), text);
  assert(text.includes("- [Two](/in/two.md): The second."), text);
  const full = llmsFullText(pages, SMALL);
  assert(full.includes("# Two") && !full.includes("# 0001"), full);
});

Deno.test("SITE-002: llms.txt of this project tells something of every page", () => {
  const text = llmsText(sitePages(files), files);
  const lines = text.split("\n").filter((line) => line.startsWith("- "));
  assert(lines.length > 25);
  assertEquals(lines.filter((line) => !/: \S.{8,}/.test(line)), []);
});
