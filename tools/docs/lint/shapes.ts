/**
 * DOC-010: each page begins with a snippet that runs, and the pages of backends are of
 * one shape.
 *
 * @module
 */
import { regionsOf, withoutRegions } from "../markdown.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { codeWords, sectionsOf } from "./prose.ts";

/** The sections that each backend's page has, before any of its own. */
const SECTIONS = ["How it behaves", "Options", "What it declares"];

/** What each point of a backend's page is about. */
const POINTS = [
  "Options",
  "Namespace",
  "Write results",
  "Metadata",
  "Reading",
  "Move and copy",
  "Concurrency",
  "Close",
];

/** Checks how pages are built. */
export function checkShapes(files: Files): Problem[] {
  return [...checkBeginnings(files), ...checkPoints(files)];
}

/** Pages that are no introduction: indexes, and tables of what was found. */
const WITHOUT_SNIPPET =
  /^docs\/(?:README|deviations-from-python|performance|readers|neighbours)\.md$/;

/** How many words a reader may have to read before there is something to run. */
const PATIENCE = 160;

/** Each page begins with a snippet that runs. */
function checkBeginnings(files: Files): Problem[] {
  return [...files].flatMap(([path, text]) => {
    if (!/^docs\/(?:[\w-]+|backends\/\w+)\.md$/.test(path)) return [];
    if (WITHOUT_SNIPPET.test(path)) return [];
    const start = /^```(?:ts|js)\n/m.exec(text)?.index ?? Infinity;
    const before = withoutRegions(text.slice(0, start)).split(/\s+/).length;
    return start < Infinity && before <= PATIENCE ? [] : [{
      rule: "DOC-010",
      path,
      line: 1,
      message: "it does not begin with a snippet that runs",
    }];
  });
}

/** Each backend's page is of one shape, and its points name what was observed. */
function checkPoints(files: Files): Problem[] {
  const table =
    regionsOf(files.get("docs/backends.md") ?? "").find(({ name }) =>
      name === "fields"
    )?.text ?? "";
  const rows = table.split("\n").map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const backends = (rows[0] ?? []).slice(2);
  return backends.flatMap((backend, i) => {
    const path = `docs/backends/${backend.toLowerCase()}.md`;
    const text = files.get(path);
    const problem = (message: string, index = 0): Problem => ({
      rule: "DOC-010",
      path,
      line: lineOf(text ?? "", index),
      message,
    });
    if (text === undefined) return [problem("it is not there")];
    const sections = sectionsOf(text);
    const shape = sections.filter(({ level }) => level === 2)
      .map(({ title }) => title);
    const misplaced = SECTIONS.filter((title, at) => shape[at] !== title)
      .map((title) => problem(`the section "${title}" is not at its place`));
    if (sections[0]?.title !== backend || !startsWithSnippet(text)) {
      misplaced.push(problem("it does not begin with a name and a snippet"));
    }
    const section = sections.find(({ title }) => title === SECTIONS[0]);
    const points = new Map(
      withoutRegions(section?.text ?? "").split(/^- /m).slice(1).flatMap((it) =>
        [...it.matchAll(/\*\*([^*:]+):?\*\*/g)].map(([, name]) =>
          [name!, it] as const
        )
      ),
    );
    const absent = POINTS.filter((point) => !points.has(point)).map((point) =>
      problem(`the point "${point}" is missing`, section?.index)
    );
    const filled = (of: RegExp) =>
      new Set(
        rows.slice(2).filter((row) =>
          of.test(row[1] ?? "") && row[i + 2] === "yes"
        )
          .map((row) => (row[0] ?? "").replaceAll("`", "")),
      );
    const said = (point: string, names: ReadonlySet<string>) => {
      const words = new Set(
        codeWords(points.get(point) ?? "").map(({ word }) => word),
      );
      return [...names].filter((name) => !words.has(name)).map((name) =>
        problem(`"${point}" does not speak of \`${name}\``, section?.index)
      );
    };
    const info = filled(/getFileInfo/);
    return [
      ...misplaced,
      ...absent,
      ...said("Write results", filled(/^write/)),
      ...said(
        "Metadata",
        new Set(info.has("metadata") ? ["metadata", "USER_METADATA"] : []),
      ),
    ];
  });
}

/** Says whether a page shows code that runs before its first section. */
function startsWithSnippet(text: string): boolean {
  return /^```ts\n/m.test(text.split(/^## /m)[0] ?? "");
}
