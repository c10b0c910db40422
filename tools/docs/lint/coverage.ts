/**
 * DOC-010: what a page is about is named in its prose, and not in code or tables
 * alone.
 *
 * @module
 */
import { type ApiSymbol, symbolOf } from "../api.ts";
import { lineOf, type Problem } from "../problem.ts";
import { withoutRegions } from "../markdown.ts";
import type { Files } from "../repository.ts";
import { anchorOf, codeWords, sectionsOf, withoutFences } from "./prose.ts";

/** Names that a part of a page has to have. */
interface Requirement {
  readonly page: string;
  /** A heading's anchor; the whole page without. */
  readonly section?: string;
  /** What a paragraph begins with, in the section. */
  readonly paragraph?: string;
  /** Whether tables count as prose. */
  readonly tables?: true;
  readonly names: readonly string[];
}

/** Checks what has to be named. */
export function checkCoverage(
  files: Files,
  api: readonly ApiSymbol[],
): Problem[] {
  return requirements(api, files).flatMap((it) => missing(it, files));
}

function requirements(api: readonly ApiSymbol[], files: Files): Requirement[] {
  const fields = (name: string) =>
    (symbolOf(api, name)?.members ?? []).filter((it) => it.kind === "property")
      .map((it) => it.name);
  const methods = (name: string) =>
    (symbolOf(api, name)?.members ?? []).filter((it) => it.kind === "method")
      .map((it) => it.name);
  const values = (entry: string) =>
    api.filter((it) =>
      it.entry === entry && (it.kind === "function" || it.kind === "class")
    ).map((it) => it.name);
  const capabilities = fields("Capability");
  const own = "docs/writing-a-backend.md";
  return [
    { page: own, section: "what-is-declared", names: capabilities },
    {
      page: own,
      section: "what-is-declared",
      names: [
        "checks",
        "namespace",
        "closeIsTerminal",
        "deleteTells",
        "folderMarks",
      ],
    },
    {
      page: own,
      section: "what-is-implemented",
      tables: true,
      names: methods("Backend"),
    },
    {
      page: own,
      section: "what-is-implemented",
      paragraph: "**`write`**",
      names: [
        "WriteFacts",
        "WriteRequest",
        "Body",
        ...fields("WriteRequest").filter((it) => it !== "signal"),
      ],
    },
    {
      page: own,
      section: "what-is-implemented",
      paragraph: "**`read`**",
      names: [
        "ReadRequest",
        "ReadAnswer",
        ...fields("ReadRequest").filter((it) => it !== "signal"),
      ],
    },
    {
      page: own,
      section: "what-is-implemented",
      paragraph: "**`list`**",
      names: ["ListRequest", "ListPage"],
    },
    {
      page: own,
      section: "what-is-implemented",
      paragraph: "**`copy`**",
      names: ["CopyRequest"],
    },
    {
      page: own,
      section: "what-is-implemented",
      paragraph: "**`delete`**",
      names: ["DeleteRequest"],
    },
    {
      page: own,
      section: "two-more",
      names: [
        "ifNoneMatch",
        "range",
        "close",
        "closeIsTerminal",
        "removeFolder",
      ],
    },
    { page: "docs/backends.md", names: ["CapabilityNotSupportedError"] },
    {
      page: "docs/listing-and-deleting.md",
      section: "move-and-copy",
      names: ["overwrite", "ATOMIC_MOVE"],
    },
    {
      page: "docs/reading-and-writing.md",
      section: "what-can-be-written",
      names: fields("WriteResult"),
    },
    {
      page: "docs/reading-and-writing.md",
      names: fields("WriteOptions").filter((it) =>
        !["check", "ifMatch", "overwrite"].includes(it)
      ),
    },
    {
      page: "docs/conditional-writes.md",
      tables: true,
      names: ["overwrite", "ifMatch", "CONDITIONAL_WRITE"],
    },
    {
      page: "docs/reading-and-writing.md",
      section: "all-or-nothing",
      names: ["WriteResult", "metadata", "openAtomicWithHash"],
    },
    {
      page: "docs/reading-and-writing.md",
      section: "reading",
      names: [...fields("ReadOptions"), ...fields("OpenOptions")],
    },
    { page: "docs/errors.md", tables: true, names: errorCodes(files) },
    ...(["./ext/write", "./ext/streams", "./ext/integrity"].map((entry) => ({
      page: "docs/hashing.md",
      names: values(entry),
    }))),
    ...(["observe", "otel"].map((name) => ({
      page: "docs/observing.md",
      names: values(`./ext/${name}`),
    }))),
    ...(["batch", "cache", "glob", "partition", "transfer"]
      .map((name) => ({
        page: "docs/extensions.md",
        names: values(`./ext/${name}`),
      }))),
    {
      page: "docs/extensions.md",
      names: ["openAtomicWithHash", "writeWithHash"],
    },
    {
      page: "README.md",
      section: "what-holds-on-every-backend",
      names: ["overwrite", "ifMatch", "WriteResult"],
    },
    {
      page: "CONTRIBUTING.md",
      section: "adding-a-backend",
      names: ["deno task docs"],
    },
    {
      page: "docs/testing-under-faults.md",
      names: values("./conformance/faults").filter((it) =>
        it === "FaultyFetch"
      ),
    },
  ];
}

function errorCodes(files: Files): string[] {
  const source = files.get("core/errors.ts") ?? "";
  return [
    ...new Set(
      [...source.matchAll(/\bcode[^=\n]*= "(\w+)"/g)].map(([, it]) => it!),
    ),
  ];
}

function missing(it: Requirement, files: Files): Problem[] {
  const text = files.get(it.page);
  const problem = (index: number, message: string): Problem => ({
    rule: "DOC-010",
    path: it.page,
    line: lineOf(text ?? "", index),
    message,
  });
  if (text === undefined) return [problem(0, "it is not there")];
  const part = it.section === undefined
    ? { text, index: 0 }
    : sectionsOf(text).find(({ title }) => anchorOf(title) === it.section);
  if (part === undefined) {
    return [problem(0, `it has no section "${it.section}"`)];
  }
  let prose = withoutRegions(withoutFences(part.text));
  if (!it.tables) prose = prose.replaceAll(/^\|.*$/gm, "");
  if (it.paragraph !== undefined) {
    prose = prose.split(/\n\s*\n/).find((one) =>
      one.startsWith(it.paragraph!)
    ) ?? "";
  }
  const where = it.paragraph ??
    (it.section === undefined ? "the page" : `"${it.section}"`);
  const found = new Set(
    codeWords(prose).flatMap(({ word }) => [word, ...word.match(/\w+/g) ?? []]),
  );
  return it.names.filter((name) => !found.has(name)).map((name) =>
    problem(part.index, `${where} does not speak of \`${name}\``)
  );
}
