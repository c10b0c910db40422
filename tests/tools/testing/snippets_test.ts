import { assertEquals } from "@std/assert";
import { snippetModule, snippetsOf } from "../../../tools/testing/snippets.ts";

const FENCE = "```";

Deno.test("snippetsOf() takes the code of a page, but for what is not ours or ignored", () => {
  const page = `# Title

${FENCE}ts
const a = 1;
${FENCE}

${FENCE}sh
ls
${FENCE}

${FENCE}ts ignore
broken(
${FENCE}
${FENCE}js
let b;

b = 2;
${FENCE}
`;
  assertEquals(snippetsOf("a.md", page), [
    { file: "a.md", line: 4, source: "const a = 1;" },
    { file: "a.md", line: 15, source: "let b;\n\nb = 2;" },
  ]);
});

Deno.test("snippetsOf() takes what stands in a source's comments, and nothing of its text", () => {
  const source = `/**
 * Does.
 *
 * ${FENCE}ts
 * const a = 1;
 *
 *   indented();
 * ${FENCE}
 */
export const page = \`
${FENCE}ts
no();
${FENCE}
\`;
  /**
   * ${FENCE}ts
   * const b = 2;
   * ${FENCE}
   */
`;
  assertEquals(snippetsOf("a.ts", source), [
    { file: "a.ts", line: 5, source: "const a = 1;\n\n  indented();" },
    { file: "a.ts", line: 17, source: "const b = 2;" },
  ]);
});

Deno.test("snippetModule() lifts the imports out, however long, and leaves each line where it was", () => {
  const source = `import { a } from "@x/core";
import {
  b,
  type C,
} from "@x/core/sub";
import "side";

const c: C = a + b;`;
  const module = snippetModule(
    { file: "a.md", line: 7, source },
    (specifier) => specifier.replace("@x/core", "file:///x"),
  );
  assertEquals(
    module,
    `import { a } from "file:///x";
import {
  b,
  type C,
} from "file:///x/sub";
import "side";
Deno.test("a.md:7", async () => {







const c: C = a + b;
});
export {};
`,
  );
});

Deno.test("snippetModule() keeps what a snippet exports to itself", () => {
  const source = `export interface A {}
export default { fetch() {} };
export const exported = "export const";`;
  const module = snippetModule({ file: "a.md", line: 1, source }, (it) => it);
  assertEquals(module.split("\n").slice(2, 5), [
    "interface A {}",
    "const _default = { fetch() {} };",
    'const exported = "export const";',
  ]);
});
