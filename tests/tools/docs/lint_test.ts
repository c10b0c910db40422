import { assertEquals } from "@std/assert";
import { type ApiSymbol, parseApi } from "../../../tools/docs/api.ts";
import { API_FILE } from "../../../tools/docs/generate.ts";
import { checkClaims } from "../../../tools/docs/lint/claims.ts";
import { checkCommands } from "../../../tools/docs/lint/commands.ts";
import { checkComments } from "../../../tools/docs/lint/comments.ts";
import { factsOf } from "../../../tools/docs/lint/facts.ts";
import { checkLinks, linksOf } from "../../../tools/docs/lint/links.ts";
import { checkTasks } from "../../../tools/docs/lint/names.ts";
import {
  anchorOf,
  commentsOf,
  ownWords,
  type Prose,
  shownFiles,
  snippetsOf,
} from "../../../tools/docs/lint/prose.ts";
import {
  callables,
  checkSignatures,
  toCallable,
} from "../../../tools/docs/lint/signatures.ts";
import { checkShapes } from "../../../tools/docs/lint/shapes.ts";
import { checkSnippets } from "../../../tools/docs/lint/snippets.ts";
import { checkStatements } from "../../../tools/docs/lint/statements.ts";
import { wordsOf } from "../../../tools/docs/lint/words.ts";
import {
  fillRegions,
  printTable,
  regionsOf,
} from "../../../tools/docs/markdown.ts";
import { readFiles } from "../../../tools/docs/repository.ts";

const API: readonly ApiSymbol[] = [
  {
    entry: ".",
    name: "StoreLike",
    kind: "interface",
    doc: "",
    members: [
      {
        name: "write",
        kind: "method",
        type:
          "(path: string, content: Content, options?: Options): Promise<WriteResult>",
        doc: "",
      },
      {
        name: "close",
        kind: "method",
        type: "(): Promise<void>",
        doc: "",
      },
    ],
  },
  { entry: ".", name: "WriteResult", kind: "interface", doc: "" },
];

const page = (text: string): Prose => ({ path: "a.md", source: text, text });

function signatures(text: string): string[] {
  return checkSignatures(page(text), callables(API)).map((it) => it.message);
}

Deno.test("DOC-003: calls and signatures that are right pass", () => {
  for (
    const text of [
      "`write(path, content)` and `write(path, content, options)`",
      "`store.write(path, content): Promise<WriteResult>`",
      '`store.write("a.txt", text)` and `write(path, { overwrite: true })`',
      "`write` returns a `WriteResult`. What is missing returns nothing.",
      "| `close` | `Promise<void>` |\n",
      "`close` returns nothing.",
      "`write` returns nothing but the result.",
    ]
  ) assertEquals(signatures(text), [], text);
});

Deno.test("DOC-003: parameters, results and words that are wrong are found", () => {
  for (
    const text of [
      "`write(path)`",
      "`write(path, body)`",
      "`write(path, content, options, more)`",
      "`write(path, content) -> None`",
      "| `write` | `void` |\n",
      "`write` resolves to `undefined`.",
    ]
  ) assertEquals(signatures(text).length, 1, text);
});

Deno.test("DOC-003: a type is taken apart at its own commas", () => {
  assertEquals(
    toCallable("(a: Map<string, number>, f: (x: A) => B, c?: C): D"),
    { owner: null, params: ["a", "f", "c"], needed: 2, result: "D" },
  );
});

Deno.test("DOC-005: a claim needs a generated table in its own section", () => {
  const table =
    "<!-- generated: capabilities -->\n\n| a |\n\n<!-- end of capabilities -->\n";
  const claims = (text: string) => checkClaims(page(text)).length;
  assertEquals(claims("## A\n\nIt has all capabilities.\n"), 1);
  assertEquals(claims(`## A\n\nIt has all capabilities.\n\n${table}`), 0);
  assertEquals(
    claims(`## A\n\nIt has all capabilities.\n\n## B\n\n${table}`),
    1,
  );
  assertEquals(claims("Each capability that gates a method opens it.\n"), 1);
  assertEquals(claims("Declare the capabilities that are there.\n"), 0);
});

Deno.test("DOC-006: links by reference, anchors and pages that nobody links", () => {
  assertEquals(
    linksOf("[a](./b.md) and [c]\n\n[c]: ./d.md#e\n").map((it) => it.target),
    ["./b.md", "./d.md#e"],
  );
  assertEquals(anchorOf("What `S3` is, and isn't"), "what-s3-is-and-isnt");
  const files = new Map([
    ["README.md", "[a](./a.md#one) [b](./none.md)"],
    ["a.md", "# Two\n"],
    ["lost.md", "# Lost\n"],
  ]);
  const found = checkLinks(files, []).filter(({ message }) =>
    !/it is not there|has no link/.test(message)
  );
  assertEquals(found.map(({ path, message }) => [path, message]), [
    ["README.md", '"./a.md#one" names no heading of "a.md"'],
    ["README.md", '"./none.md" leads nowhere'],
    ["lost.md", "no page that the README leads to links it"],
  ]);
});

Deno.test("DOC-007, DOC-008: names that are missing, and results that are dropped", () => {
  const snippet = (code: string) =>
    checkSnippets(new Map([["a.md", `\`\`\`ts\n${code}\`\`\`\n`]]), API)
      .map(({ rule }) => rule);
  const imports = 'import type { WriteResult } from "@remote-store/core";\n';
  assertEquals(snippet(`${imports}let a: WriteResult;\n`), []);
  assertEquals(snippet("let a: WriteResult;\n"), ["DOC-007"]);
  assertEquals(snippet('import { x } from "@remote-store/core";\n'), [
    "DOC-007",
  ]);
  assertEquals(snippet('import { x } from "../core/x.ts";\n'), []);
  assertEquals(snippet('import { x } from "lodash";\n'), ["DOC-007"]);
  assertEquals(snippet('await store.write("a", "A");\n'), ["DOC-008"]);
  assertEquals(snippet('void await store.write("a", "A");\n'), []);
  assertEquals(snippet('return await store.write("a", "A");\n'), []);
  assertEquals(snippet('await writer.write("a");\n'), []);
  assertEquals(snippet("await writer.close();\n"), ["DOC-008"]);
});

Deno.test("DOC-009: a snippet that does not run says why", () => {
  const rules = (above: string) =>
    checkSnippets(
      new Map([["a.md", `${above}\n\n\`\`\`ts ignore\nx;\n\`\`\`\n`]]),
      API,
    ).map(({ rule }) => rule);
  assertEquals(rules("So it is done:"), ["DOC-009"]);
  assertEquals(rules("It does not run here, for it needs a bucket:"), []);
});

Deno.test("DOC-002: a task that runs a file that is gone is found", () => {
  const tasks = {
    a: { command: "deno run tools/a.ts --x" },
    b: { command: "deno run c.ts" },
  };
  const files = new Map([["deno.json", JSON.stringify({ tasks })], [
    "c.ts",
    "",
  ]]);
  assertEquals(checkTasks(files).map(({ message }) => message), [
    'the task "a" runs "tools/a.ts", which does not exist',
  ]);
});

Deno.test("DOC-001: parts between markers are filled, and tables are aligned", () => {
  const text = "a\n\n<!-- generated: x -->\n\nold\n\n<!-- end of x -->\n\nb\n";
  const filled = fillRegions(text, new Map([["x", "new"]]));
  assertEquals(regionsOf(filled), [{ name: "x", text: "new" }]);
  assertEquals(filled, text.replace("old", "new"));
  assertEquals(fillRegions(text, new Map()), text);
  assertEquals(
    printTable(["a", "bc"], [["long", "x|y"]]),
    "| a    | bc   |\n| ---- | ---- |\n| long | x\\|y |",
  );
});

Deno.test("DOC-007: snippets are found in pages and in comments, at their place", () => {
  const source = "/**\n * A.\n *\n * ```ts\n * x;\n * ```\n */\nconst a = 1;\n";
  const [found] = snippetsOf(new Map([["mod.ts", source]]));
  assertEquals(found?.code.trim(), "x;");
  assertEquals(source.slice(0, found?.index).split("\n").length, 5);
  assertEquals(commentsOf(source).length, source.length);
});

function shapes(path: string, text: string): string[] {
  return checkShapes(new Map([[path, text]])).map((it) => it.message);
}

Deno.test("DOC-010: a page begins with a snippet that runs", () => {
  const snippet = "```ts\nassert(true);\n```\n";
  const late = "word ".repeat(200);
  assertEquals(shapes("docs/a.md", `# A\n\n${snippet}`), []);
  for (const text of ["# A\n\nWords.\n", `# A\n\n${late}\n\n${snippet}`]) {
    assertEquals(shapes("docs/a.md", text), [
      "it does not begin with a snippet that runs",
    ]);
  }
  const table = `<!-- generated: x -->\n${late}\n<!-- end of x -->\n`;
  assertEquals(shapes("docs/a.md", `# A\n\n${table}\n${snippet}`), []);
  assertEquals(shapes("docs/adr/0001-a.md", "# A\n"), []);
});

Deno.test("DOC-010: the page of a backend has its sections and points in their order", () => {
  const fields =
    "<!-- generated: fields -->\n| Field | Of | Memory |\n| --- | --- | --- |\n| `etag` | write | yes |\n<!-- end of fields -->\n";
  const points = ["Options", "Namespace", "Write results", "Metadata"]
    .concat("Reading", "Move and copy", "Concurrency", "Close");
  const page = (sections: string, missing = "") =>
    `# Memory\n\n\`\`\`ts\nassert(1);\n\`\`\`\n\n${
      sections.replace(
        "POINTS",
        points.filter((it) => it !== missing)
          .map((it) => `- **${it}:** \`etag\`.`).join("\n"),
      )
    }`;
  const right =
    "## How it behaves\n\nPOINTS\n\n## Options\n\nx\n\n## What it declares\n\nx\n";
  const found = (text: string) =>
    checkShapes(
      new Map([
        ["docs/backends.md", `# B\n\n\`\`\`ts\n1;\n\`\`\`\n\n${fields}`],
        ["docs/backends/memory.md", text],
      ]),
    ).map(({ message }) => message);
  assertEquals(found(page(right)), []);
  assertEquals(found(page(right, "Close")), ['the point "Close" is missing']);
  assertEquals(
    found(page(right.replace("## Options", "## Other"))),
    ['the section "Options" is not at its place'],
  );
  assertEquals(found(page(right).replace("# Memory", "# Other")), [
    "it does not begin with a name and a snippet",
  ]);
});

Deno.test("DOC-006: a page that the index lacks is found", () => {
  const files = new Map([
    ["README.md", "# R\n\n[all](./docs/README.md) [a](./docs/a.md)\n"],
    ["docs/README.md", "# D\n"],
    ["docs/a.md", "# A\n"],
  ]);
  const messages = checkLinks(files, API).filter(({ path }) =>
    path === "docs/a.md"
  ).map(({ message }) => message);
  assertEquals(messages, ['"docs/README.md" does not list it']);
});

Deno.test("DOC-002: columns of other libraries are not ours; ours is checked", () => {
  const text =
    "# A\n\n| One | Two | Here |\n| --- | --- | --- |\n| `a` | `b` | `c` |\n";
  const own = (path: string) => ownWords({ path, source: text, text });
  assertEquals(own("docs/a.md"), text);
  const left = own("docs/from-a.md");
  assertEquals([left.includes("`b`"), left.includes("`c`")], [false, true]);
});

Deno.test("DOC-002: a file that a page shows has its name right above it", () => {
  const page =
    "It runs: `a.mjs`\n\n```js\nlet a;\n```\n\n`b.json`\n\n```json\n{}\n```\n\nSee `c.ts` there.\n\n```ts\nlet c;\n```\n";
  assertEquals(
    shownFiles(page).map(({ name, text }) => [name, text]),
    [["a.mjs", "let a;\n"], ["b.json", "{}\n"]],
  );
});

Deno.test("DOC-011: sentences that are right, and those about something else, pass", async () => {
  const files = await readFiles();
  const facts = factsOf(files, parseApi(files.get(API_FILE) ?? ""));
  const said = (text: string, path = "docs/backends/s3.md") =>
    checkStatements({ path, source: text, text }, facts).map((it) =>
      it.message
    );
  for (
    const text of [
      "`store.write` and `backend.list`, `writer.close`.",
      "`write(path, content, { overwrite: true })` and `other(path, { a: 1 })`.",
      "`delete` takes `ifMatch`. The option `maxSize` ends it.",
      "`partSize` is 8 MiB by default, `concurrency` (default: `4`).",
      "`HashStream` of `@remote-store/core/ext/streams`.",
      '`error.code === "NotFound"`; `readText` throws `NotFoundError`.',
      "R2 has no `PRESIGN`, and IndexedDB declares `CREATE_FOLDER`.",
      "With a signer S3 has no `COPY_METADATA`.",
      "What it declares\n\n`CREATE_FOLDER` is another.",
      "The six backends, and two extensions that cache.",
    ]
  ) assertEquals(said(text), [], text);
  assertEquals(said("It declares `CREATE_FOLDER`."), [
    "s3 does not declare CREATE_FOLDER",
  ]);
  assertEquals(said("`store.readJson`", "docs/adr/0001-a.md"), []);
});

Deno.test("DOC-012, DOC-013: commands, versions and tags that are right pass", async () => {
  const files = await readFiles();
  const api = parseApi(files.get(API_FILE) ?? "");
  const words = wordsOf(files, api);
  const commands = (text: string) =>
    checkCommands(new Map(files).set("a.md", text), words)
      .filter(({ path }) => path === "a.md");
  for (
    const text of [
      "```sh\nnpx -y deno@2.9.5 task demo:web --s3=ceph\nnpm i @remote-store/core\n```\n",
      "Node 20 and newer; wrangler needs Node 22 or newer. ADR 0090.",
    ]
  ) assertEquals(commands(text), [], text);
  const tags = (text: string) =>
    checkComments(new Map([["core/a.ts", text]]), api).length;
  assertEquals(
    tags("/** @throws {TypeError} A.\n * @param a B. */\nf(a: () => A);\n"),
    0,
  );
  const option = "/** @default {8} */\nreadonly a?: number;\n";
  assertEquals(tags(`${option}const { a = 8 * MIB } = it;\n`), 0);
  assertEquals(tags(`${option}const { a = 9 } = it;\n`), 1);
});
