/**
 * Pure: pages and comments taken apart: prose, code words, snippets, sections.
 * Whatever is left out is replaced by blanks, so that positions stay.
 *
 * @module
 */
import type { Files } from "../repository.ts";

/** A text that people read. */
export interface Prose {
  /** The file. */
  readonly path: string;
  /** The whole file. */
  readonly source: string;
  /** The prose at its place: a page without its fences, or the comments of a source. */
  readonly text: string;
}

/** A snippet of TypeScript. */
export interface Snippet {
  /** The file. */
  readonly path: string;
  /** Where its code begins in the file. */
  readonly index: number;
  /** The words behind the fence: `ts ignore`. */
  readonly info: string;
  /** Its code. */
  readonly code: string;
}

/** A word in backticks. */
export interface CodeWord {
  /** Where it stands. */
  readonly index: number;
  /** What is between the backticks. */
  readonly word: string;
}

/** Replaces every character but line breaks. */
export function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

/** A page without its fenced code. */
export function withoutFences(page: string): string {
  return page.replaceAll(/^( *)```[^\n]*\n[^]*?^\1```$/gm, blank);
}

/** The doc comments of a source, and nothing else of it. */
export function commentsOf(source: string): string {
  let text = "";
  let end = 0;
  for (const match of source.matchAll(/^[ \t]*\/\*\*[^]*?\*\//gm)) {
    text += blank(source.slice(end, match.index)) +
      match[0].replaceAll(
        /^[ \t]*\/?\*+(?:\/| ?)/gm,
        (it) => " ".repeat(it.length),
      )
        .replace(/\*\/$/, "  ");
    end = match.index + match[0].length;
  }
  return text + blank(source.slice(end));
}

/** What is shipped, or shown. */
export function isShown(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith("_test.ts") &&
    /^(?:mod\.ts$|core\/|backends\/|ext\/|examples\/|tests\/conformance\/)/
      .test(path);
}

/** Pages whose tables begin with the words of another library. */
const OTHERS = /^docs\/(?:deviations-)?from-[\w-]+\.md$/;

/** The words of a page that are ours: without the columns of other libraries. */
export function ownWords({ path, source, text }: Prose): string {
  if (!OTHERS.test(path)) return text;
  let others = 1;
  return text.split("\n").map((line, i, lines) => {
    if (!line.startsWith("|")) return line;
    // All columns before the one that is called so.
    if (!lines[i - 1]?.startsWith("|")) {
      const head = source.split("\n")[i]!.split("|").map((it) => it.trim());
      others = Math.max(head.indexOf("Here") - 1, 1);
    }
    const end = line.split(/(?<!\\)\|/).slice(0, others + 1).join("|").length;
    return " ".repeat(end) + line.slice(end);
  }).join("\n");
}

/** Every page, and the comments of every source that is shipped or shown. */
export function proseOf(files: Files): Prose[] {
  return [...files].flatMap(([path, source]) => {
    if (path.endsWith(".md")) {
      return [{ path, source, text: withoutFences(source) }];
    }
    if (!isShown(path)) return [];
    const text = commentsOf(source).replaceAll(
      /^[^\S\n]*```[^\n]*\n[^]*?```/gm,
      blank,
    );
    return [{ path, source, text }];
  });
}

/** Every snippet of pages and comments. */
export function snippetsOf(files: Files): Snippet[] {
  return [...files].flatMap(([path, source]) => {
    if (!path.endsWith(".md") && !isShown(path)) return [];
    const text = path.endsWith(".md") ? source : commentsOf(source);
    return [
      ...text.matchAll(
        /^([^\S\n]*)```(ts|typescript|js|javascript|tsx)\b([^\n]*)\n([^]*?)^[^\S\n]*```/gm,
      ),
    ].map((match) => ({
      path,
      index: match.index + match[0].indexOf("\n") + 1,
      info: `${match[2]}${match[3]}`.trim(),
      code: match[4] ?? "",
    }));
  });
}

/** A file that a page has its reader write: its name stands right above its text. */
export interface ShownFile {
  /** Its name. */
  readonly name: string;
  /** Where the name stands. */
  readonly index: number;
  /** Its text. */
  readonly text: string;
}

/** The files that a page shows by name. */
export function shownFiles(page: string): ShownFile[] {
  return [...page.matchAll(
    /(?:^|: )`([\w.-]+\.\w+)`\n\n```\w+[^\n]*\n([^]*?)^```$/gm,
  )].map(({ index, 1: name = "", 2: text = "" }) => ({ name, index, text }));
}

/** The words in backticks of a text without fences. */
export function codeWords(text: string): CodeWord[] {
  return [...text.matchAll(/(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)/g)].map((
    match,
  ) => ({
    index: match.index,
    word: (match[1] ?? "").replaceAll(/\s+/g, " ").trim(),
  }));
}

/** A heading with what stands below it, up to the next heading of its level or above. */
export interface Section {
  /** The heading's words. */
  readonly title: string;
  /** Its level, from 1. */
  readonly level: number;
  /** Where it begins. */
  readonly index: number;
  /** All below it. */
  readonly text: string;
}

/** The sections of a page, those below others too. */
export function sectionsOf(page: string): Section[] {
  const clean = withoutFences(page);
  const heads = [...clean.matchAll(/^(#{1,6}) (.+)$/gm)];
  return heads.map((head, i) => {
    const level = head[1]!.length;
    const next = heads.slice(i + 1).find((it) => it[1]!.length <= level);
    return {
      title: head[2]!.trim(),
      level,
      index: head.index,
      text: page.slice(head.index, next?.index),
    };
  });
}

/** The anchor of a heading, as hosts make it. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(/[`*_]/g, "")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "").trim().replaceAll(/\s/g, "-");
}
