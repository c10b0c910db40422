/**
 * `deno task test`: every test file and every snippet, in a few modules, with one line a
 * file. Options go to `deno test`: `deno task test --filter WR-001`. Files that are named
 * are run by themselves, and all of it is told: `deno task test tests/core/path_test.ts`.
 *
 * @module
 */
import { groupModule, snippetGroup, toGroups } from "./groups.ts";
import { Progress } from "./progress.ts";
import { type Snippet, snippetModule, snippetsOf } from "./snippets.ts";

const ROOT = new URL("../../", import.meta.url);
/** More would start more isolates, fewer would leave a processor waiting at the end. */
const GROUPS = 12;
const CONFIG = "deno.chosen.json";
/** What is tested elsewhere, or is nobody's page. */
const LEFT_OUT =
  /^(?:tests\/(?:deep|live)|site\/\.pages|\.npm|\.coverage|\.git)(?:\/|$)|node_modules/;

async function* walk(folder: string): AsyncGenerator<string> {
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))
  ) {
    const path = folder === "./" ? name : `${folder}${name}`;
    if (LEFT_OUT.test(path)) continue;
    if (isDirectory) yield* walk(`${path}/`);
    else yield path;
  }
}

/** Returns what imports a specifier from anywhere: the package's own name is a file here. */
function resolver(
  name: string,
  exports: Readonly<Record<string, string>>,
): (specifier: string, file: string) => string {
  return (specifier, file) => {
    if (specifier.startsWith(".")) {
      return new URL(specifier, new URL(file, ROOT)).href;
    }
    if (specifier !== name && !specifier.startsWith(`${name}/`)) {
      return specifier;
    }
    const entry = exports[`.${specifier.slice(name.length)}`];
    if (entry === undefined) throw new Error(`there is no ${specifier}`);
    return new URL(entry, ROOT).href;
  };
}

async function gather(folder: string): Promise<string[]> {
  const weights = new Map<string, number>();
  const snippets: Snippet[] = [];
  const manifest = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  const resolve = resolver(manifest.name, manifest.exports);
  for await (const path of walk("./")) {
    if (/_test\.ts$/.test(path)) {
      const { size } = await Deno.stat(new URL(path, ROOT));
      weights.set(path, size);
    }
    if (!/\.(?:ts|md)$/.test(path)) continue;
    const text = await Deno.readTextFile(new URL(path, ROOT));
    snippets.push(...snippetsOf(path, text));
  }
  snippets.sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
  );
  const modules = new Map(
    toGroups(weights, GROUPS).map((group) => [
      `${group.name}_test.ts`,
      groupModule(group, ROOT.href),
    ]),
  );
  for (const [number, snippet] of snippets.entries()) {
    modules.set(`snippet_${number}.ts`, snippetModule(snippet, resolve));
  }
  modules.set(
    "snippets_test.ts",
    snippetGroup(snippets, (number) => `./snippet_${number}.ts`),
  );
  for (const [name, source] of modules) {
    await Deno.writeTextFile(`${folder}/${name}`, source);
  }
  return [...modules.keys()].filter((name) => name.endsWith("_test.ts"))
    .map((name) => `${folder}/${name}`);
}

const OPTIONS = ["test", `--config=${CONFIG}`, "--trace-leaks"]
  .concat("--parallel", "--allow-read=.");

/** Runs what is named, and tells all of it. */
async function runNamed(): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...OPTIONS, ...Deno.args],
    cwd: ROOT,
  }).spawn().status;
  return code;
}

async function run(folder: string): Promise<number> {
  const modules = await gather(folder);
  const child = new Deno.Command(Deno.execPath(), {
    // Types are checked by `deno task check`.
    args: [...OPTIONS, "--quiet", "--no-check", ...Deno.args, ...modules],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  // Whoever ends this ends what it has started.
  if (Deno.build.os !== "windows") {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => child.kill(signal));
    }
  }
  const progress = new Progress();
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      for (const told of progress.take(line)) console.log(told);
    }
  }
  for (const told of progress.take(rest)) console.log(told);
  return (await child.status).code;
}

const folder = await Deno.makeTempDir();
const isNamed = Deno.args.some((arg) => /^tests\/|\.(?:ts|md)$/.test(arg));
let code = 1;
try {
  code = isNamed ? await runNamed() : await run(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(code);
