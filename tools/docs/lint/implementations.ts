/**
 * DOC-004: a class that is shown as a backend has the methods of `Backend`: what
 * they return, and what they must not ignore.
 *
 * @module
 */
import { type ApiSymbol, symbolOf } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { isShown, snippetsOf } from "./prose.ts";
import { toCallable } from "./signatures.ts";

/** What a request brings that no backend may leave unread, unless it says so by name. */
const MUST_READ: Readonly<Record<string, readonly string[]>> = {
  write: ["condition", "headers", "metadata"],
  read: ["ifMatch"],
  delete: ["ifMatch"],
};

/** Checks every class `implements Backend` in snippets and examples. */
export function checkImplementations(
  files: Files,
  api: readonly ApiSymbol[],
): Problem[] {
  const sources = [
    ...[...files].filter(([path]) =>
      isShown(path) && path.startsWith("examples/")
    ).map(([path, code]) => ({ path, code, index: 0 })),
    ...snippetsOf(files),
  ];
  return sources.flatMap(({ path, code, index }) =>
    [...code.matchAll(
      /^( *)(?:export )?(?:default )?class (\w+)[^{\n]*\bimplements [^{\n]*\bBackend\b[^{]*\{\n([^]*?)^\1\}/gm,
    )].flatMap((found) => {
      const start = index + found.index + found[0].indexOf("{\n") + 2;
      return checkBody(found[3]!, found[1]!.length + 2, api).map((it) => ({
        rule: "DOC-004",
        path,
        line: lineOf(files.get(path) ?? "", start + it.index),
        message: `${found[2]}: ${it.message}`,
      }));
    })
  );
}

function checkBody(
  body: string,
  indent: number,
  api: readonly ApiSymbol[],
): { index: number; message: string }[] {
  const members = symbolOf(api, "Backend")?.members ?? [];
  const problems: { index: number; message: string }[] = [];
  const method = new RegExp(
    `^ {${indent}}(?:async )?(\\w+)\\(([^]*?)\\)(?:: ([^{]+?))? \\{$`,
    "gm",
  );
  for (const found of body.matchAll(method)) {
    const [, name = "", params = "", result] = found;
    const member = members.find((it) => it.name === name);
    const wanted = member && toCallable(member.type);
    if (!wanted) continue;
    const given = result?.replaceAll(/\s+/g, " ").trim();
    if (given !== undefined && !narrows(given, wanted.result)) {
      problems.push({
        index: found.index,
        message: `\`${name}\` returns \`${wanted.result}\`, not \`${given}\``,
      });
    }
    const end = body.indexOf(`\n${" ".repeat(indent)}}`, found.index);
    const text = body.slice(found.index, end);
    // A refusal ignores what it refuses.
    if (/throw new|Promise\.reject/.test(text) && text.split("\n").length < 6) {
      continue;
    }
    // What is not taken out of a request that is taken apart, is not read.
    const [pattern] = /\{[^}]*\}/.exec(params) ?? [];
    const missing = (MUST_READ[name] ?? []).filter((it) =>
      !new RegExp(`\\b${it}\\b`).test(pattern ?? params + text)
    );
    for (const it of missing) {
      problems.push({
        index: found.index,
        message: `\`${name}\` does not read \`${it}\` of its request`,
      });
    }
  }
  return problems;
}

function narrows(given: string, wanted: string): boolean {
  const parts = (type: string) =>
    type.replace(/^Promise<([^]*)>$/, "$1").split(" | ").map((it) => it.trim());
  const allowed = parts(wanted);
  return parts(given).every((it) => it === "never" || allowed.includes(it));
}
