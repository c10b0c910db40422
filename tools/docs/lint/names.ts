/**
 * DOC-002: every word in backticks that looks like a name of ours exists.
 *
 * @module
 */
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { withoutRegions } from "../markdown.ts";
import { codeWords, ownWords, type Prose, shownFiles } from "./prose.ts";
import { isForeign, type Words } from "./words.ts";

/** Pages that speak of what is inside, and not of the public API alone. */
const INSIDE =
  /^(?:docs\/adr\/|CONTRIBUTING\.md|tests\/|examples\/|without_jsr\/|tools\/)|\.ts$/;

/** Checks the words of a text. */
export function checkNames(
  prose: Prose,
  words: Words,
  files: Files,
): Problem[] {
  const text = prose.path.endsWith(".md")
    ? withoutRegions(ownWords(prose))
    : prose.text;
  const inside = INSIDE.test(prose.path);
  const shown = new Set(shownFiles(prose.source).map(({ name }) => name));
  const found = codeWords(text).flatMap(({ index, word }) =>
    shown.has(word)
      ? []
      : unknownIn(word, words, files, inside).map((name) => ({ index, name }))
  );
  const links = [...text.matchAll(/\{@link(?:code)? ([\w.]+)/g)].flatMap(
    (match) =>
      match[1]!.split(".").filter((name) =>
        !words.api.has(name) && !words.sources.has(name) && !isForeign(name)
      ).map((name) => ({ index: match.index, name })),
  );
  return [...found, ...links].map(({ index, name }) => ({
    rule: "DOC-002",
    path: prose.path,
    line: lineOf(prose.text, index),
    message: `"${name}" does not exist`,
  }));
}

/** Checks that the files which tasks run are there. */
export function checkTasks(files: Files): Problem[] {
  const path = "deno.json";
  const text = files.get(path) ?? "{}";
  const tasks: Record<string, { command?: string }> = JSON.parse(text).tasks ??
    {};
  return Object.entries(tasks).flatMap(([name, { command = "" }]) =>
    // Words with a star are patterns.
    [...command.matchAll(/(?<=^| )[\w/.-]+\.ts(?= |$)/g)]
      .filter(([file]) => !files.has(file))
      .map(([file]) => ({
        rule: "DOC-002",
        path,
        line: lineOf(text, text.indexOf(`"${name}"`)),
        message: `the task "${name}" runs "${file}", which does not exist`,
      }))
  );
}

function unknownIn(
  word: string,
  words: Words,
  files: Files,
  inside: boolean,
): string[] {
  const task = /\bdeno task ([\w:-]+)/.exec(word)?.[1];
  if (task !== undefined) return words.tasks.has(task) ? [] : [word];
  const entry =
    /^(?:@remote-store\/core\/|\.\/)?((?:ext|backends|conformance)(?:\/\w+)?)$/
      .exec(word)?.[1];
  if (entry !== undefined) {
    return words.entries.has(`./${entry}`) || isFolder(files, entry)
      ? []
      : [word];
  }
  if (/^[\w./-]+\.(?:ts|md|mjs|sh)$/.test(word)) {
    return isFile(files, word) ? [] : [word];
  }
  if (
    /^(?:core|backends|ext|tests|tools|docs|bench|examples)\/[\w/.-]*$/.test(
      word,
    )
  ) {
    return isFolder(files, word.replace(/\/$/, "")) || isFile(files, word)
      ? []
      : [word];
  }
  // What is quoted in a word is data, and paths and URLs are none of ours.
  const code = word.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (/[\\<>%]|:\/\/|\.\w+\.\w+\.|^[.\/-]|^[\w-]+\/[\w-]/.test(code)) return [];
  return [...new Set(code.match(/[A-Za-z_$][\w$]*/g) ?? [])].filter((name) => {
    if (!looksLikeOurs(name, code)) return false;
    return !words.api.has(name) && !isForeign(name) &&
      !(inside && words.sources.has(name));
  });
}

function looksLikeOurs(name: string, code: string): boolean {
  if (/-/.test(code)) return false;
  return /^[a-z]+[A-Z]\w*$/.test(name) || /^[A-Z][a-z]+\w*$/.test(name) ||
    /^[A-Z]+(?:_[A-Z]+)+$/.test(name) ||
    /^S3\w+|^[A-Z]{2,}[a-z]\w+$/.test(name) ||
    /^[a-z]+(?:_[a-z]+)+$/.test(name) ||
    // A single word is a name where it is called: `glob(pattern)`.
    (/^[a-z]+$/.test(name) && code.startsWith(`${name}(`));
}

function isFolder(files: Files, path: string): boolean {
  return [...files.keys()].some((file) => file.startsWith(`${path}/`));
}

function isFile(files: Files, path: string): boolean {
  return files.has(path) ||
    [...files.keys()].some((file) =>
      file.endsWith(`/${path.replace(/^\.\//, "")}`)
    );
}
