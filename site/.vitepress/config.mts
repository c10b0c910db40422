import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { anchorOf } from "../../tools/docs/lint/prose.ts";

// Written by `deno task docs:build`.
const { version, sidebar } = JSON.parse(
  readFileSync(new URL("../.pages/facts.json", import.meta.url), "utf8"),
);

export default defineConfig({
  title: "@remote-store/core",
  description:
    "Write file storage code once and run it on any store, anywhere the web platform runs.",
  lang: "en-US",
  srcDir: ".pages",
  cleanUrls: true,
  lastUpdated: false,
  // What `deno doc` makes is no page of VitePress. All links are followed once more in
  // what was built, these too.
  ignoreDeadLinks: [/^https?:\/\/localhost/, /^\/api\//],
  markdown: {
    // Anchors as in the repository, so that links hold in both places.
    anchor: { slugify: anchorOf },
    theme: { light: "github-light", dark: "github-dark" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Install", link: "/install" },
      { text: "Pages", link: "/pages" },
      { text: "Reference", link: "/reference" },
      { text: `v${version}`, link: "/changelog" },
    ],
    sidebar,
  },
});
