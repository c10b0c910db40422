import { assert, assertEquals } from "@std/assert";
import { parseApi } from "../../tools/docs/api.ts";
import { check } from "../../tools/docs/check.ts";
import { API_FILE, generate, staleParts } from "../../tools/docs/generate.ts";
import { fillRegions } from "../../tools/docs/markdown.ts";
import { readFiles } from "../../tools/docs/repository.ts";
import { FURTHER_PLANTS } from "../tools/docs/further_plants.ts";
import { PLANTS } from "../tools/docs/plants.ts";

const files = await readFiles();
const api = parseApi(files.get(API_FILE) ?? "");
const made = await generate(api, files);

Deno.test("DOC-001: sixteen kinds of mistakes are planted in three forms each", () => {
  const kinds = new Set(PLANTS.map(({ kind }) => kind));
  assertEquals([...kinds].map((kind) => kind.slice(0, 4)), [
    ...Array.from(
      { length: 16 },
      (_, i) => `F-${String(i + 1).padStart(2, "0")}`,
    ),
  ]);
  assertEquals(PLANTS.length, 48);
});

const all = [...PLANTS, ...FURTHER_PLANTS];
for (const { kind, form, path, find, put, rule } of all) {
  Deno.test(`${rule}: ${kind}, ${form}, in ${path}`, () => {
    const text = files.get(path);
    assert(text !== undefined, `${path} is not there`);
    assert(
      find === "" || text.includes(find),
      `${path} lacks what is replaced`,
    );
    const changed = find === "" ? text + put : text.replace(find, () => put);
    const planted = new Map(files).set(path, changed);
    const problems = [
      ...staleParts(
        new Map([[path, changed]]),
        new Map([[
          path,
          path.endsWith(".md") ? fillRegions(changed, made) : changed,
        ]]),
      ),
      ...check(planted, api),
    ];
    assert(
      problems.some((it) => it.rule === rule && it.path === path),
      Deno.inspect(problems),
    );
  });
}
