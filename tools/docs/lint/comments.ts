/**
 * DOC-013: the tags of a doc comment: what is thrown exists, a parameter is one, and a
 * default is that of the code.
 *
 * @module
 */
import type { ApiSymbol } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { isShown } from "./prose.ts";

/** Checks the tags of every shipped or shown source. */
export function checkComments(
  files: Files,
  api: readonly ApiSymbol[],
): Problem[] {
  const names = new Set(api.map(({ name }) => name));
  return [...files].flatMap(([path, source]) => {
    if (!isShown(path)) return [];
    const problems: Problem[] = [];
    for (const comment of source.matchAll(/\/\*\*[^]*?\*\//g)) {
      const [text] = comment;
      const report = (index: number, message: string) =>
        problems.push({
          rule: "DOC-013",
          path,
          line: lineOf(source, comment.index + index),
          message,
        });
      const after = source.slice(comment.index + text.length);
      for (
        const { index, 1: name = "" } of text.matchAll(/@throws \{(\w+)\}/g)
      ) {
        const isThere = names.has(name) || name in globalThis ||
          new RegExp(`\\b(?:class|import)[^;]*?\\b${name}\\b`).test(source);
        if (!isThere) report(index, `there is no error "${name}"`);
      }
      const head = parametersOf(after);
      for (const { index, 1: name = "" } of text.matchAll(/@param (\w+)/g)) {
        if (!new RegExp(`\\b${name}\\b`).test(head)) {
          report(index, `it takes no "${name}"`);
        }
      }
      const [, figure] = /@default \{([\d_]+)\}/.exec(text) ?? [];
      const [, option] = /^\s*(?:readonly )?(\w+)\?:/.exec(after) ?? [];
      if (figure === undefined || option === undefined) continue;
      // Where the option is taken out of its object with a number of its own.
      const taken = [
        ...source.matchAll(
          new RegExp(`[{,]\\s*${option} = ([\\d_]+)(?=,|\\s*[}\n])`, "g"),
        ),
      ].map(([, it]) => plain(it!));
      if (taken.length > 0 && !taken.includes(plain(figure))) {
        report(
          text.indexOf("@default"),
          `\`${option}\` is ${taken[0]} by default`,
        );
      }
    }
    return problems;
  });
}

function plain(figure: string): string {
  return figure.replaceAll("_", "");
}

/** What stands between the first parentheses of a declaration, and the name before them. */
function parametersOf(code: string): string {
  let depth = 0;
  for (let i = 0; i < code.length; i++) {
    if (code[i] === "(") depth++;
    if (code[i] === ")" && --depth === 0) return code.slice(0, i);
  }
  return code;
}
