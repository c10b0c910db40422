/**
 * The files of the page: what is written by hand, and the scripts, bundled at the start.
 *
 * @module
 */
import type { Asset } from "./app.ts";

const PAGE = new URL("../page/", import.meta.url);

const WRITTEN:
  readonly (readonly [path: string, file: string, type: string])[] = [
    ["/", "index.html", "text/html"],
    ["/style.css", "style.css", "text/css"],
    ["/lists.css", "lists.css", "text/css"],
    ["/controls.css", "controls.css", "text/css"],
    ["/icon.svg", "icon.svg", "image/svg+xml"],
  ];

const BUNDLED: readonly (readonly [path: string, file: string])[] = [
  ["/page.js", "main.ts"],
  ["/offline.js", "offline.ts"],
];

/** What bundles a module into one script. */
export type Bundle = (file: string) => Promise<string>;

/** Reads and bundles the page. */
export async function loadAssets(
  bundle: Bundle = bundleByDeno,
): Promise<Map<string, Asset>> {
  const entries = await Promise.all([
    ...WRITTEN.map(async ([path, file, type]) => {
      const body = await Deno.readTextFile(new URL(file, PAGE));
      return [path, { type: `${type}; charset=utf-8`, body }] as const;
    }),
    ...BUNDLED.map(async ([path, file]) => {
      const body = await bundle(new URL(file, PAGE).pathname);
      return [path, { type: "text/javascript; charset=utf-8", body }] as const;
    }),
  ]);
  return new Map(entries);
}

async function bundleByDeno(file: string): Promise<string> {
  const config = new URL("../../../deno.chosen.json", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform=browser",
      `--config=${config}`,
      file,
    ],
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot bundle ${file}: ${new TextDecoder().decode(stderr)}`);
}
