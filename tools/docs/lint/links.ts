/**
 * DOC-006: links and anchors lead somewhere; each page is reached from the README;
 * each entry is named on the page of its kind; what belongs together is linked.
 *
 * @module
 */
import type { ApiSymbol } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import { type Files, pagesOf } from "../repository.ts";
import { anchorOf, sectionsOf, withoutFences } from "./prose.ts";

interface Link {
  readonly index: number;
  readonly target: string;
}

/** Pages that are read where they lie, and are found by their folder. */
const BESIDE = /^(?:tests|bench|tools)\//;

/** Pages and sections about two ends of one thing: each links the other. */
export const PAIRS: readonly (readonly [from: string, to: string])[] = [
  ["docs/extensions.md", "docs/hashing.md"],
  ["docs/hashing.md", "docs/extensions.md"],
  ["docs/writing-a-backend.md", "docs/testing-under-faults.md"],
  ["docs/testing-under-faults.md", "docs/writing-a-backend.md"],
  ["docs/backends.md", "docs/writing-a-backend.md"],
  ["docs/backends.md", "docs/errors.md"],
  ["docs/conditional-writes.md", "docs/errors.md"],
  ["docs/observing.md", "docs/extensions.md"],
  // To serve a store's files, and to read from a server.
  ["docs/extensions.md#transfer", "docs/backends/http.md"],
  ["docs/backends/http.md", "docs/extensions.md#transfer"],
  // A writer in pieces, and one that hashes.
  ["docs/reading-and-writing.md#all-or-nothing", "docs/hashing.md"],
  ["UPGRADING.md", "CHANGELOG.md"],
  ["CHANGELOG.md", "UPGRADING.md"],
];

/** Where each page is listed. */
const INDEX = "docs/README.md";

/** Where each kind of entry is listed. */
const INDEXES: readonly (readonly [prefix: string, page: string])[] = [
  ["./backends/", "docs/backends.md"],
  ["./ext/", "docs/extensions.md"],
  ["./conformance", "docs/writing-a-backend.md"],
];

/** Checks the links of all pages, and what has to be linked. */
export function checkLinks(files: Files, api: readonly ApiSymbol[]): Problem[] {
  const pages = pagesOf(files);
  const problems = pages.flatMap(([path, text]) =>
    deadLinks(path, text, files)
  );
  const reached = reachable("README.md", files);
  for (const [path] of pages) {
    if (reached.has(path) || BESIDE.test(path)) continue;
    problems.push(
      problem(path, 1, "no page that the README leads to links it"),
    );
  }
  const indexed = new Set(
    linksOf(files.get(INDEX) ?? "").map(({ target }) => resolve(INDEX, target)),
  );
  for (const [path] of pages) {
    if (!/^docs\/(?!adr\/)/.test(path) || path === INDEX) continue;
    if (indexed.has(path)) continue;
    problems.push(problem(path, 1, `"${INDEX}" does not list it`));
  }
  for (const [from, to] of PAIRS) {
    const [page = "", anchor] = from.split("#");
    const text = files.get(page);
    if (text === undefined) {
      problems.push(problem(page, 1, "it is not there"));
      continue;
    }
    const section = anchor === undefined
      ? { text, index: 0 }
      : sectionsOf(text).find((it) => anchorOf(it.title) === anchor);
    const found = section !== undefined &&
      linksOf(section.text).some(({ target }) => {
        const resolved = resolve(page, target);
        return resolved === to || resolved.split("#")[0] === to;
      });
    if (!found) {
      const line = lineOf(text, section?.index ?? 0);
      problems.push(problem(page, line, `"${from}" has no link to "${to}"`));
    }
  }
  return [...problems, ...unlisted(files, api)];
}

function unlisted(files: Files, api: readonly ApiSymbol[]): Problem[] {
  const entries = new Set(api.map(({ entry }) => entry));
  return [...entries].flatMap((entry) => {
    const [, page] = INDEXES.find(([prefix]) => entry.startsWith(prefix)) ?? [];
    if (page === undefined) return [];
    const name = entry.slice(2);
    const text = files.get(page) ?? "";
    return text.includes(`@remote-store/core/${name}`)
      ? []
      : [problem(page, 1, `the entry "${name}" is not on it`)];
  });
}

function deadLinks(path: string, text: string, files: Files): Problem[] {
  return linksOf(text).flatMap(({ index, target }) => {
    const line = lineOf(text, index);
    if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
    const resolved = resolve(path, target);
    const [page = "", anchor] = resolved.split("#");
    const folder = page.replace(/\/$/, "");
    const there = files.has(page) ||
      [...files.keys()].some((it) => it.startsWith(`${folder}/`));
    if (!there) return [problem(path, line, `"${target}" leads nowhere`)];
    const source = files.get(page);
    if (anchor === undefined || source === undefined) return [];
    return sectionsOf(source).some(({ title }) => anchorOf(title) === anchor)
      ? []
      : [problem(path, line, `"${target}" names no heading of "${page}"`)];
  });
}

/** The links of a page: inline, by reference, and as HTML. */
export function linksOf(text: string): Link[] {
  const clean = withoutFences(text);
  return [
    ...[...clean.matchAll(/\]\(([^)\s]+)\)/g)],
    ...[...clean.matchAll(/^\[[^\]]+\]: (\S+)/gm)],
    ...[...clean.matchAll(/<(?:a|img)\s[^>]*(?:href|src)="([^"]+)"/g)],
  ].map((match) => ({ index: match.index, target: match[1]! }));
}

function resolve(from: string, target: string): string {
  if (target.startsWith("#")) return from + target;
  const { pathname, hash } = new URL(target, `file:///${from}`);
  return decodeURIComponent(pathname.slice(1)) + hash;
}

function reachable(start: string, files: Files): Set<string> {
  const reached = new Set<string>();
  const visit = (path: string) => {
    const text = files.get(path);
    if (text === undefined || reached.has(path)) return;
    reached.add(path);
    if (!path.endsWith(".md")) return;
    for (const { target } of linksOf(text)) {
      if (!/^[a-z][a-z+.-]*:/i.test(target)) {
        visit(resolve(path, target).split("#")[0]!);
      }
    }
  };
  visit(start);
  return reached;
}

function problem(path: string, line: number, message: string): Problem {
  return { rule: "DOC-006", path, line, message };
}
