/**
 * `deno task docs` writes the generated parts of the pages; with `--check` it
 * writes nothing, compares them, and checks what the pages claim.
 *
 * @module
 */
import { check } from "./check.ts";
import { printApi } from "./api.ts";
import { API_FILE, staleParts, written } from "./generate.ts";
import { readApi } from "./read_api.ts";
import { readFiles, writeFile } from "./repository.ts";

const api = await readApi();
const files = await readFiles();
files.set(API_FILE, printApi(api));
const changed = await written(files, api);

if (Deno.args.includes("--check")) {
  const before = await readFiles();
  const problems = [
    ...staleParts(before, new Map([...files, ...changed])),
    ...check(before, api),
  ];
  for (const { rule, path, line, message } of problems) {
    console.error(`${path}:${line}: ${rule}: ${message}`);
  }
  console.error(
    problems.length === 0
      ? `docs: clean, ${files.size} files read`
      : `docs: ${problems.length} problems; \`deno task docs\` renews what is generated`,
  );
  Deno.exit(problems.length === 0 ? 0 : 1);
}

const before = await readFiles();
for (const [path, text] of new Map([...files, ...changed])) {
  if (before.get(path) === text) continue;
  await writeFile(path, text);
  console.error(`wrote ${path}`);
}
