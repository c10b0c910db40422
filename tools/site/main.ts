/**
 * Builds the site of the same Markdown that the repository has, with the reference that
 * `deno doc` makes, into `site/.vitepress/dist/`. A link that leads nowhere fails it.
 * With `--serve` it is served on this machine, and follows the pages.
 *
 * @module
 */
import { parseApi } from "../docs/api.ts";
import { API_FILE } from "../docs/generate.ts";
import { drawPictures } from "../docs/pictures/files.ts";
import { readFiles } from "../docs/repository.ts";
import { readManifest } from "../manifest.ts";
import { deadLinks } from "./links.ts";
import { llmsFullText, llmsText, sidebarOf, sitePages } from "./pages.ts";
import { named, referencePage, repaired } from "./reference.ts";

const ROOT = new URL("../../", import.meta.url);
const SITE = new URL("site/", ROOT);
const PAGES = new URL(".pages/", SITE);
const PUBLIC = new URL("public/", PAGES);
const DIST = new URL(".vitepress/dist/", SITE);

async function run(
  cwd: URL,
  command: string,
  ...args: readonly string[]
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `${command} ${args[0]}:\n${decoder.decode(stdout)}${
      decoder.decode(stderr)
    }`,
  );
}

async function write(folder: URL, path: string, text: string): Promise<void> {
  const file = new URL(path, folder);
  const stands = await Deno.readTextFile(file).catch(() => null);
  if (stands === text) return;
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}

async function* filesIn(folder: URL, under = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) yield under + name;
    else yield* filesIn(new URL(`${name}/`, folder), `${under}${name}/`);
  }
}

/** Writes what VitePress reads. */
async function writePages(): Promise<number> {
  const files = new Map([...await readFiles(), ...drawPictures()]);
  const pages = sitePages(files);
  for (const { path, text } of pages) await write(PAGES, path, text);
  const { version, exports } = await readManifest();
  const api = parseApi(files.get(API_FILE) ?? "");
  await write(PAGES, "reference.md", referencePage(api, exports));
  await write(PUBLIC, "llms.txt", llmsText(pages, files));
  await write(PUBLIC, "llms-full.txt", llmsFullText(pages, files));
  const facts = { version, sidebar: sidebarOf(files) };
  await write(SITE, ".pages/facts.json", JSON.stringify(facts, null, 2));
  return pages.length;
}

/** Writes the reference of every entry. */
async function writeReference(): Promise<number> {
  const { exports } = await readManifest();
  const entries = Object.entries(exports);
  // From the generated folder, for `deno doc` knows no --config.
  await run(
    new URL(".chosen/", ROOT),
    "deno",
    "doc",
    "--quiet",
    "--html",
    "--name=@remote-store/core",
    `--output=${new URL("api/", PUBLIC).pathname}`,
    ...entries.map(([, path]) => `../${path}`),
  );
  const made = new Map<string, string>();
  for await (const path of filesIn(new URL("api/", PUBLIC), "api/")) {
    if (!path.endsWith(".html")) continue;
    const html = await Deno.readTextFile(new URL(path, PUBLIC));
    made.set(path, named(html, exports));
  }
  for (const [path, html] of repaired(made)) {
    await Deno.writeTextFile(new URL(path, PUBLIC), html);
  }
  return made.size;
}

async function installed(): Promise<void> {
  const lock = await Deno.stat(new URL("package-lock.json", SITE));
  const done = await Deno.stat(
    new URL("node_modules/.package-lock.json", SITE),
  ).catch(() => null);
  if (done !== null && done.mtime! >= lock.mtime!) return;
  await run(SITE, "npm", "ci", "--no-audit", "--no-fund");
}

async function builtProblems(): Promise<string[]> {
  const files = new Set(await Array.fromAsync(filesIn(DIST)));
  const pages = new Map<string, string>();
  for (const path of files) {
    if (!path.endsWith(".html")) continue;
    pages.set(path, await Deno.readTextFile(new URL(path, DIST)));
  }
  return deadLinks({ pages, files });
}

const VITEPRESS = "node_modules/vitepress/bin/vitepress.js";

await installed();
await Deno.remove(PAGES, { recursive: true }).catch(() => {});
const pages = await writePages();
const symbols = await writeReference();

if (Deno.args.includes("--serve")) {
  const port = Deno.args.find((it) => it.startsWith("--port="))?.slice(7);
  const server = new Deno.Command("node", {
    args: [VITEPRESS, "dev", "--host=127.0.0.1", `--port=${port ?? "5173"}`],
    cwd: SITE,
  }).spawn();
  const watcher = Deno.watchFs([
    new URL("docs/", ROOT).pathname,
    new URL("README.md", ROOT).pathname,
    new URL("CHANGELOG.md", ROOT).pathname,
  ]);
  server.status.then(({ code }) => Deno.exit(code));
  for await (const _ of watcher) await writePages().catch(console.error);
} else {
  await run(SITE, "node", VITEPRESS, "build");
  const dead = await builtProblems();
  for (const link of dead) console.error(`leads nowhere: ${link}`);
  console.log(
    `site: ${pages} pages and ${symbols} of the reference in site/.vitepress/dist, ${dead.length} dead links`,
  );
  Deno.exit(dead.length === 0 ? 0 : 1);
}
