import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

async function findPages(folder = ""): Promise<string[]> {
  const pages: string[] = [];
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    const path = folder + entry.name;
    if (entry.isFile && path.endsWith(".md")) pages.push(path);
    if (entry.isDirectory && path.startsWith("docs")) {
      pages.push(...await findPages(`${path}/`));
    }
  }
  return pages.sort();
}

const pages = new Map(
  await Promise.all(
    (await findPages()).map(async (path) =>
      [path, await Deno.readTextFile(new URL(path, ROOT))] as const
    ),
  ),
);

function snippets(): [path: string, code: string][] {
  return [...pages].flatMap(([path, text]) =>
    [...text.matchAll(
      /^```(?:ts|typescript)\b(?! ignore)[^\n]*\n([^]*?)^```$/gm,
    )]
      .map(([, code = ""]) => [path, code] as [string, string])
  );
}

/** The places in the papers where `wrong` finds something. */
function findAll(
  texts: Iterable<readonly [string, string]>,
  wrong: RegExp,
): string[] {
  return [...texts].flatMap(([path, text]) =>
    [...text.matchAll(wrong)].map(([match]) => `${path}: ${match.trim()}`)
  );
}

const DISCARDED =
  /^ *await (?:store|\w*[sS]tore|reports)\.write(?:Text|Atomic)?\(/gm;

Deno.test("docs: no snippet drops the result of a write", () => {
  assertEquals(findAll(snippets(), DISCARDED), []);
  const dropped = [["page", '  await store.write("a", "A");\n']] as const;
  assertEquals(findAll(dropped, DISCARDED).length, 1);
});

Deno.test("docs: every snippet that runs ends in a check, but for a file shown whole", () => {
  const unchecked = snippets().filter(([, code]) =>
    !code.includes("assert") && !code.includes("implements Backend")
  );
  assertEquals(unchecked, []);
});

Deno.test("docs: snippets import by public names", () => {
  const inner =
    /from "(?!@remote-store\/core|@std\/assert|fake-indexeddb|node:|(?:\.\.\/)+examples\/).*"/g;
  assertEquals(findAll(snippets(), inner), []);
});

Deno.test("docs: no claim that a set of capabilities is complete", () => {
  const claims =
    /\b(?:all capabilities|every capability|fully interchangeable|full support)\b/gi;
  assertEquals(findAll(pages, claims), []);
});

Deno.test("docs: every link to a file of the repository leads somewhere", async () => {
  const broken: string[] = [];
  for (const [path, text] of pages) {
    const links = text.matchAll(/\]\((\.[^)#\s]*)|^\[[^\]]+\]: (\.\S+)/gm);
    for (const [, inline, named] of links) {
      const target = new URL(inline ?? named ?? "", new URL(path, ROOT));
      const found = await Deno.stat(target).catch(() => null);
      if (found === null) broken.push(`${path}: ${inline ?? named}`);
    }
  }
  assertEquals(broken, []);
});

Deno.test("docs: every decision is listed and says what would reverse it", () => {
  const index = pages.get("docs/adr/README.md") ?? "";
  const missing = [...pages].filter(([path]) => /\/adr\/\d{4}-/.test(path))
    .filter(([path, text]) =>
      !index.includes(path.replace("docs/adr/", "./")) ||
      !["## Context", "## Decision", "## Consequences", "**Reverse if** "]
        .every((part) => text.includes(part))
    )
    .map(([path]) => path);
  assertEquals(missing, []);
});
