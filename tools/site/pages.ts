/**
 * Pure: the pages of the site, made of those of the repository. They stay where they
 * are read in the repository; here each gets its address, its links follow, and
 * pictures are put in.
 *
 * @module
 */
import type { Files } from "../docs/repository.ts";
import { sectionsOf, withoutFences } from "../docs/lint/prose.ts";

/** A page of the site. */
export interface Page {
  /** Its file in the repository. */
  readonly source: string;
  /** Its file in the site: `backends/s3.md`. */
  readonly path: string;
  /** Its first heading. */
  readonly title: string;
  /** Its text as the site has it. */
  readonly text: string;
}

/** A group of links at the side. */
export interface Group {
  /** What stands above them. */
  readonly text: string;
  /** The links, each with those below it. */
  readonly items: readonly Item[];
}

/** A link at the side. */
export interface Item {
  readonly text: string;
  readonly link: string;
  readonly items?: readonly Item[];
  readonly collapsed?: boolean;
}

const START = "README.md";
const INDEX = "docs/README.md";
const DECISIONS = "docs/adr/README.md";

/** Where a page of the repository stands in the site. */
export function placeOf(source: string): string {
  if (source === START) return "index.md";
  if (source === INDEX) return "pages.md";
  if (source === DECISIONS) return "adr/index.md";
  const path = source.replace(/^docs\//, "").replace(/\/README\.md$/, ".md");
  return /^[A-Z]+\.md$/.test(path) ? path.toLowerCase() : path;
}

/** Where a file that is no page stands in the site, shown as it is. */
export function sourcePlaceOf(source: string): string {
  return `source/${source}.md`;
}

/** The pages that the first one leads to, and the sources that they show. */
export function sitePages(files: Files): Page[] {
  const pages = new Map<string, Page>();
  const visit = (source: string) => {
    const text = files.get(source);
    if (text === undefined || pages.has(source)) return;
    const isPage = source.endsWith(".md");
    const path = isPage ? placeOf(source) : sourcePlaceOf(source);
    const found: string[] = [];
    pages.set(source, {
      source,
      path,
      title: isPage ? titleOf(text) : source,
      text: isPage
        ? rewritten(source, text, files, found)
        : shown(source, text),
    });
    for (const target of found) visit(target);
  };
  visit(START);
  for (const path of [...files.keys()].sort()) {
    if (/^docs\/.*\.md$/.test(path)) visit(path);
  }
  return [...pages.values()];
}

function titleOf(text: string): string {
  return sectionsOf(text)[0]?.title.replaceAll("`", "") ?? "";
}

function shown(source: string, text: string): string {
  const language = /\.(\w+)$/.exec(source)?.[1] ?? "text";
  return `# ${source}\n\n\`\`\`\`${language}\n${text}\n\`\`\`\`\n`;
}

/** Points links to where the pages are, and notes what they lead to. */
function rewritten(
  source: string,
  text: string,
  files: Files,
  found: string[],
): string {
  const clean = withoutFences(text);
  const here = placeOf(source);
  const pointed = (target: string): string => {
    if (/^(?:[a-z][a-z+.-]*:|#)/i.test(target)) return target;
    const { pathname, hash } = new URL(target, `file:///${source}`);
    const path = decodeURIComponent(pathname.slice(1));
    const file = fileOf(path, files);
    if (file === undefined) {
      throw new Error(`"${source}" has a link that leads nowhere: ${target}`);
    }
    found.push(file);
    const place = file.endsWith(".md") ? placeOf(file) : sourcePlaceOf(file);
    return relative(here, place) + hash;
  };
  let made = "";
  let end = 0;
  const links =
    /(!?)(\[(?:[^\]\[]|\[[^\]]*\])*\]\()([^)\s]+)(\))|^(\[[^\]]+\]: )(\S+)/gm;
  for (const match of clean.matchAll(links)) {
    const [whole, picture, before, inline, after, name, named] = match;
    made += text.slice(end, match.index);
    end = match.index + whole.length;
    if (name !== undefined) made += `${name}${pointed(named!)}`;
    else if (picture === "!" && inline!.endsWith(".svg")) {
      made += inlined(source, inline!, files);
    } else made += `${picture}${before}${pointed(inline!)}${after}`;
  }
  return made + text.slice(end);
}

/** The file that a link means: itself, or the page of a folder. */
function fileOf(path: string, files: Files): string | undefined {
  const folder = path.replace(/\/$/, "");
  return [path, `${folder}/README.md`].find((it) => files.has(it));
}

function relative(from: string, to: string): string {
  const start = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let same = 0;
  while (same < start.length && start[same] === parts[same]) same++;
  const up = "../".repeat(start.length - same) || "./";
  return up + parts.slice(same).join("/");
}

/** A picture as a part of its page, so that it has the colors that the page has. */
function inlined(source: string, target: string, files: Files): string {
  const path = new URL(target, `file:///${source}`).pathname.slice(1);
  const svg = files.get(path);
  if (svg === undefined) throw new Error(`"${source}" lacks ${target}`);
  const drawn = svg.replace(/<style>[^]*?<\/style>\n/, "").trim();
  return `<figure class="picture">${drawn.replaceAll("\n", "")}</figure>`;
}

/** The links at the side, as the index of the pages has them. */
export function sidebarOf(files: Files): Group[] {
  const index = files.get(INDEX) ?? "";
  const groups = sectionsOf(index).filter(({ level }) => level === 2)
    .map(({ title, text }) => ({
      text: title,
      items: [...text.matchAll(/^( *)- \[([^\]]+)\]\(([^)]+)\)/gm)]
        .map(([, indent = "", name = "", target = ""]) => ({
          depth: indent.length,
          text: name,
          source: new URL(target, `file:///${INDEX}`).pathname.slice(1),
        })),
    }));
  return groups.map(({ text, items }) => ({
    text,
    items: items.flatMap((it, i): Item[] => {
      if (it.depth > 0) return [];
      const next = items.findIndex((other, at) => at > i && other.depth === 0);
      const below = items.slice(i + 1, next < 0 ? undefined : next);
      const item = { text: it.text, link: linkOf(it.source) };
      const inner = it.source === DECISIONS
        ? decisionsOf(files)
        : below.map((one) => ({ text: one.text, link: linkOf(one.source) }));
      return inner.length === 0
        ? [item]
        : [{ ...item, items: inner, collapsed: it.source === DECISIONS }];
    }),
  }));
}

function decisionsOf(files: Files): Item[] {
  return [...(files.get(DECISIONS) ?? "").matchAll(
    /^- \[([^\]]+)\]\(\.\/([^)]+)\)/gm,
  )].map(([, text = "", target = ""]) => ({
    text,
    link: linkOf(`docs/adr/${target}`),
  }));
}

function linkOf(source: string): string {
  return `/${placeOf(source).replace(/(?:index)?\.md$/, "")}`;
}

/** What `llms.txt` says: each page with its first words, in the order of the index. */
export function llmsText(pages: readonly Page[], files: Files): string {
  const bySource = new Map(pages.map((page) => [page.source, page]));
  const index = files.get(INDEX) ?? "";
  const groups = sectionsOf(index).filter(({ level }) => level === 2);
  const parts = groups.map(({ title, text }) => {
    const lines = [...text.matchAll(/\]\(([^)]+)\)/g)].map(
      ([, target = ""]) => {
        const source = new URL(target, `file:///${INDEX}`).pathname.slice(1);
        const page = bySource.get(source);
        if (page === undefined) throw new Error(`the index has ${target}`);
        return `- [${page.title}](/${page.path}): ${firstWords(page.text)}`;
      },
    );
    return `## ${title}\n\n${[...new Set(lines)].join("\n")}`;
  });
  const start = bySource.get(START);
  return [
    "# @remote-store/core",
    `> ${firstWords(start?.text ?? "")}`,
    ...parts,
  ].join("\n\n") + "\n";
}

/** All pages of the index in one text. */
export function llmsFullText(pages: readonly Page[], files: Files): string {
  const wanted = new Set(
    [...(files.get(INDEX) ?? "").matchAll(/\]\(([^)]+)\)/g)].map((
      [, it = ""],
    ) => new URL(it, `file:///${INDEX}`).pathname.slice(1)),
  );
  return pages.filter(({ source }) => source === START || wanted.has(source))
    .map(({ source }) =>
      files.get(source)!.replaceAll(/<!-- [^]*? -->\n*/g, "").trim()
    ).join("\n\n---\n\n") + "\n";
}

/** The first sentence of a page that is no code, in plain words. */
function firstWords(text: string): string {
  const prose = withoutFences(text).replaceAll(/<[^>]*>/g, "").split(/\n\s*\n/)
    .map((it) => it.trim()).find((it) => /^[A-Z`[*]/i.test(it)) ?? "";
  const plain = prose.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("`", "").replaceAll(/\s+/g, " ");
  return /^.*?[.:](?=\s|$)/.exec(plain)?.[0].replace(/:$/, ".") ?? plain;
}
