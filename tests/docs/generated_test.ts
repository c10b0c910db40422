import { assert, assertEquals } from "@std/assert";
import { parseApi } from "../../tools/docs/api.ts";
import { check } from "../../tools/docs/check.ts";
import { CONFIGURATIONS } from "../../tools/docs/configurations.ts";
import {
  API_FILE,
  generate,
  staleParts,
  written,
} from "../../tools/docs/generate.ts";
import { regionsOf } from "../../tools/docs/markdown.ts";
import { pagesOf, readFiles } from "../../tools/docs/repository.ts";

const files = await readFiles();
const api = parseApi(files.get(API_FILE) ?? "");

Deno.test("DOC-001: what is generated stands as it is generated", async () => {
  const made = await written(files, api);
  assertEquals(staleParts(files, new Map([...files, ...made])), []);
});

Deno.test("DOC-001: every part that is made stands on a page, and every marker is known", async () => {
  const made = new Set((await generate(api, files)).keys());
  const standing = new Set(
    pagesOf(files).flatMap(([, text]) => regionsOf(text).map((it) => it.name)),
  );
  const unused = [...made].filter((name) => !standing.has(name));
  // Read on the pages of types by `deno doc`; kept for those who ask for them.
  assertEquals(
    unused.filter((name) => !/^options-(store|retry)$/.test(name)),
    [],
  );
  assertEquals([...standing].filter((name) => !made.has(name)), []);
});

Deno.test("DOC-001: what a capability's comment says that it gates is what it gates", async () => {
  const table = (await generate(api, files)).get("gates") ?? "";
  const wrong: string[] = [];
  const members = api.find(({ name }) => name === "Capability")?.members ?? [];
  for (const { name, doc } of members) {
    if (!doc.startsWith("Gates `")) continue;
    const gated = table.split("\n").filter((row) =>
      row.startsWith("| `") && row.includes(`\`${name}\``)
    ).map((row) => row.split("`")[1]!);
    const said = [...(doc.split(":")[0]!).matchAll(/`([a-z]\w+)`/g)]
      .map(([, word]) => word!);
    const isOption = /option/.test(doc);
    if (!isOption) {
      assertEquals(said.toSorted(), gated.toSorted(), name);
    } else if (gated.length > 0) wrong.push(name);
  }
  assertEquals(wrong, []);
});

Deno.test("DOC-001: every backend and every dialect has a configuration", () => {
  const entries = new Set(
    api.map(({ entry }) => entry).filter((it) =>
      it.startsWith("./backends/") && !/-(?:remote|signing)$/.test(it)
    ),
  );
  const backends = new Set(CONFIGURATIONS.map(({ backend }) => backend));
  assertEquals(backends.size, entries.size);
  const dialects = api.find(({ name }) => name === "S3DialectName")?.type ?? "";
  const named = CONFIGURATIONS.map(({ name }) => name).join(" ");
  for (const [, dialect = ""] of dialects.matchAll(/"(\w+)"/g)) {
    assert(named.includes(`\`${dialect}\``), dialect);
  }
});

Deno.test("DOC-002 to DOC-010: pages, comments and examples say what is so", () => {
  assertEquals(
    check(files, api).map(({ path, line, rule, message }) =>
      `${path}:${line}: ${rule}: ${message}`
    ),
    [],
  );
});
