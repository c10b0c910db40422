/**
 * DOC-012: commands in fences name tasks, flags and packages that exist, and versions
 * are those that are tested.
 *
 * @module
 */
import { NODE } from "../../npm/package.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { isShown } from "./prose.ts";
import type { Words } from "./words.ts";

const PACKAGE = "@remote-store/core";

/** Checks the commands of pages and of what is shown. */
export function checkCommands(files: Files, words: Words): Problem[] {
  const manifest = JSON.parse(files.get("deno.json") ?? "{}");
  const [, node] = />=(\d+)/.exec(NODE) ?? [];
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith(".md") && !isShown(path)) return [];
    if (/^docs\/adr\/|^CHANGELOG|^UPGRADING/.test(path)) return [];
    const problem = (index: number, message: string): Problem => ({
      rule: "DOC-012",
      path,
      line: lineOf(text, index),
      message,
    });
    const problems: Problem[] = [];
    for (const fence of text.matchAll(/```sh\n([^]*?)```/g)) {
      const at = (index: number) => fence.index + index;
      for (
        const it of fence[0].matchAll(
          /\b(?:deno|deno@[\d.]+) task ([\w:-]+)([^\n#|]*)/g,
        )
      ) {
        const [, task = "", rest = ""] = it;
        if (!words.tasks.has(task)) {
          problems.push(problem(at(it.index), `there is no task "${task}"`));
          continue;
        }
        const known = readBy(manifest.tasks?.[task], files);
        for (const [, flag] of rest.matchAll(/--([\w-]+)/g)) {
          if (known === null || isRead(flag!, known)) continue;
          const message = `the task "${task}" knows no flag --${flag}`;
          problems.push(problem(at(it.index), message));
        }
      }
      for (const it of fence[0].matchAll(/@remote-store\/[\w-]+/g)) {
        if (it[0] === PACKAGE) continue;
        problems.push(
          problem(at(it.index), `"${it[0]}" is no package of ours`),
        );
      }
    }
    for (const it of text.matchAll(/\bNode\s+(\d+)\s+(?:and|or)\s+newer\b/g)) {
      // What else needs Node says so: "wrangler needs Node 22 or newer".
      const before = text.slice(Math.max(it.index - 20, 0), it.index);
      if (it[1] === node || /\bneeds?\s+$/.test(before)) continue;
      problems.push(problem(it.index, `it is tested from Node ${node} on`));
    }
    for (const it of text.matchAll(/\bADR[ -]?(\d{4})\b/g)) {
      const there = [...files.keys()].some((file) =>
        file.startsWith(`docs/adr/${it[1]}-`)
      );
      if (!there) problems.push(problem(it.index, `there is no ${it[0]}`));
    }
    return problems;
  });
}

// The words that a task's own file and those beside it have.
function readBy(
  task: { readonly command?: string } | undefined,
  files: Files,
): string | null {
  const [, file] = /(?<=^| )([\w/.-]+\.ts)(?= |$)/.exec(task?.command ?? "") ??
    [];
  if (file === undefined) return null;
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  return [...files].filter(([path]) =>
    path.endsWith(".ts") && path.startsWith(folder)
  ).map(([, text]) => text).join("\n") + (task?.command ?? "") +
    JSON.stringify(task);
}

function isRead(flag: string, code: string): boolean {
  return new RegExp(`(?:--|["'])${flag}(?![\\w-])`).test(code);
}
