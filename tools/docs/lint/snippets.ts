/**
 * DOC-007: snippets and examples import what they use, by public names.
 * DOC-008: what a write returns is used, or dropped by `void`.
 * DOC-009: a snippet that does not run says why.
 *
 * @module
 */
import type { ApiSymbol } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import type { Files } from "../repository.ts";
import { isShown, type Snippet, snippetsOf } from "./prose.ts";

const PACKAGE = "@remote-store/core";

/** Specifiers beside the package's own. */
const ALLOWED =
  /^(?:@std\/assert|\.\.?\/.*|fake-indexeddb|cloudflare:workers|npm:.*|node:(?:assert\/strict|buffer|fs|path))$/;

/** Checks every snippet, and every example. */
export function checkSnippets(
  files: Files,
  api: readonly ApiSymbol[],
): Problem[] {
  const snippets = snippetsOf(files);
  const examples = [...files].filter(([path]) =>
    isShown(path) && path.startsWith("examples/")
  ).map(([path, code]) => ({ path, index: 0, info: "ts", code }));
  const all = [...snippets, ...examples];
  const scripts = scriptsOf(files).flatMap((it) =>
    checkImports(it, files, api)
  );
  return [
    ...scripts,
    ...all.flatMap((it) => [
      ...checkImports(it, files, api),
      ...checkResults(it, files),
      ...checkReason(it, files),
    ]),
  ];
}

/** The modules that pages of HTML hold: their imports are checked, and nothing else. */
function scriptsOf(files: Files): Snippet[] {
  return [...files].flatMap(([path, text]) =>
    path.endsWith(".md")
      ? [...text.matchAll(
        /<script type="module">\n([^]*?)<\/script>/g,
      )].map(({ index, 0: all, 1: code = "" }) => ({
        path,
        index: index + all.indexOf("\n") + 1,
        info: "js ignore",
        code,
      }))
      : []
  );
}

function at(
  { path, index }: Snippet,
  files: Files,
  rule: string,
  position: number,
  message: string,
): Problem {
  return {
    rule,
    path,
    line: lineOf(files.get(path) ?? "", index + position),
    message,
  };
}

function checkImports(
  snippet: Snippet,
  files: Files,
  api: readonly ApiSymbol[],
): Problem[] {
  const { code, info } = snippet;
  const isWhole = !/\b(?:ignore|fragment)\b/.test(info);
  const problems: Problem[] = [];
  const declared = new Set<string>();
  for (
    const found of code.matchAll(
      /^\s*(?:import|export)\s+(?:type\s+)?(?:\*\s+as\s+(\w+)|\{([^}]*)\}|(\w+))\s+from\s+"([^"]+)"/gm,
    )
  ) {
    const [, all, list, one, from = ""] = found;
    for (const name of [all, one]) if (name) declared.add(name);
    const names = (list ?? "").split(",").map((it) =>
      it.trim().replace(/^type\s+/, "")
    ).filter(Boolean);
    for (const name of names) declared.add(name.split(" as ").at(-1)!.trim());
    if (from === PACKAGE || from.startsWith(`${PACKAGE}/`)) {
      const entry = from === PACKAGE ? "." : `.${from.slice(PACKAGE.length)}`;
      const exported = api.filter((it) => it.entry === entry);
      if (exported.length === 0) {
        problems.push(
          at(snippet, files, "DOC-007", found.index, `"${from}" is no entry`),
        );
        continue;
      }
      for (const name of names.map((it) => it.split(" as ")[0]!.trim())) {
        if (exported.some((it) => it.name === name)) continue;
        problems.push(
          at(
            snippet,
            files,
            "DOC-007",
            found.index,
            `"${from}" has no "${name}"`,
          ),
        );
      }
    } else if (isWhole && !ALLOWED.test(from)) {
      problems.push(
        at(
          snippet,
          files,
          "DOC-007",
          found.index,
          `"${from}" is no public name`,
        ),
      );
    }
  }
  if (!isWhole) return problems;
  const plain = code
    .replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, (it) => it.replaceAll(/[^\n]/g, " "))
    .replaceAll(
      /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
      (it) => " ".repeat(it.length),
    );
  const own = new Set(
    [...plain.matchAll(
      /\b(?:class|interface|type|function|const|let|enum)\s+(\w+)/g,
    )]
      .map(([, name]) => name!),
  );
  const types = new Set(
    api.filter(({ name }) => /^[A-Z]/.test(name)).map(({ name }) => name),
  );
  const missing = new Set<string>();
  for (
    const { 0: name, index } of plain.matchAll(
      /(?<![\w$.])[A-Z]\w+\b(?!\s*:(?!:))/g,
    )
  ) {
    if (!types.has(name) || declared.has(name) || own.has(name)) continue;
    if (name in globalThis || missing.has(name)) continue;
    missing.add(name);
    problems.push(
      at(
        snippet,
        files,
        "DOC-007",
        index,
        `"${name}" is used and not imported`,
      ),
    );
  }
  return problems;
}

const WRITERS =
  /^([^\S\n]*(?:(?:for|while|if) (?:await )?\(.*\) )?)await\s+(?:([\w.]+|this\.#\w+)\.)?(write|writeText|writeAtomic|close|writeWithHash|withHashingWriter|upload|transfer|batchDelete|batchCopy|deleteMany|resumableUpload)\(/gm;

/** The same, in a list of promises whose results nobody takes. */
const SEVERAL =
  /^[^\S\n]*await\s+Promise\.all(?:Settled)?\(\[[^\]]*?\b(?:\w+)\.(write|writeText|writeAtomic|deleteMany)\(/gm;

/** The same, without waiting: what is done with the promise is not its result. */
const UNAWAITED =
  /^[^\S\n]*(?:store|\w+Store)\.(write|writeText|writeAtomic|deleteMany)\([^;]*\)(?:\.(?:catch|finally)\([^;]*\))?;$/gm;

function checkResults(snippet: Snippet, files: Files): Problem[] {
  const dropped = [SEVERAL, UNAWAITED].flatMap((it) => [
    ...snippet.code.matchAll(it),
  ]).map(({ index, 1: name = "" }) =>
    at(
      snippet,
      files,
      "DOC-008",
      index,
      `the result of \`${name}\` is thrown away: use it, or say \`void\``,
    )
  );
  const awaited = [...snippet.code.matchAll(WRITERS)].flatMap((found) => {
    const [, , receiver = "", name = ""] = found;
    const isWriter = /writer$/i.test(receiver);
    // A piece returns nothing, and the end of all pieces a result.
    if (name === "write" && isWriter) return [];
    if (name === "close" && !isWriter) return [];
    return [
      at(
        snippet,
        files,
        "DOC-008",
        found.index + found[1]!.length,
        `the result of \`${name}\` is thrown away: use it, or say \`void\``,
      ),
    ];
  });
  return [...dropped, ...awaited];
}

function checkReason(snippet: Snippet, files: Files): Problem[] {
  if (!/\b(?:ignore|fragment)\b/.test(snippet.info)) return [];
  const above = (files.get(snippet.path) ?? "").slice(0, snippet.index)
    .split("\n").slice(0, -2).join("\n").trimEnd().split("\n\n").at(-1) ?? "";
  return /\b(?:run|runs|running|needs?|because|only in)\b/.test(above) ? [] : [
    at(
      snippet,
      files,
      "DOC-009",
      0,
      "it does not run, and nothing above says why",
    ),
  ];
}
