/**
 * Makes the npm package of the same sources, in `.npm/`: `deno pack` takes the types
 * away, TypeScript writes the declarations, and what is imported of the standard library comes
 * along, as plain npm does not know JSR.
 *
 * @module
 */
import { toModules, writeDeclarations } from "./declarations.ts";
import {
  placeOf,
  relocated,
  type Source,
  stdFile,
  stdImports,
  toPackage,
  withOwnStd,
} from "./package.ts";

const ROOT = new URL("../../", import.meta.url);
const OUT = new URL(".npm/", ROOT);
const PACKAGE = new URL("package/", OUT);

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function write(path: string, text: string): Promise<void> {
  const file = new URL(path, PACKAGE);
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}

async function* filesIn(folder: URL, under = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = under + name;
    if (!isDirectory) yield path;
    else yield* filesIn(new URL(`${name}/`, folder), `${path}/`);
  }
}

const source: Source = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
);
const chosen = JSON.parse(
  await Deno.readTextFile(new URL("deno.chosen.json", ROOT)),
);
const [, repository] =
  Deno.args.map((it) => /^--repository=(https:\/\/.+)$/.exec(it))
    .find((it) => it !== null) ?? [];
const isStandIn = chosen.links !== undefined;
if (isStandIn && Deno.args.includes("--release")) {
  console.error(
    "Cannot make a release: it has stand-ins for @std, jsr.io is needed",
  );
  Deno.exit(1);
}

await Deno.remove(OUT, { recursive: true }).catch(() => {});
await Deno.mkdir(OUT);
await run(
  "deno",
  "pack",
  "--quiet",
  "--config=deno.chosen.json",
  "--allow-dirty",
  "--no-source-maps",
  "--output=.npm/packed.tgz",
);
await run("tar", "-xzf", ".npm/packed.tgz", "-C", ".npm");
await Deno.remove(new URL("packed.tgz", OUT));
await Deno.remove(new URL("without_jsr", PACKAGE), { recursive: true })
  .catch(() => {});

const TYPES = new URL("types/", OUT);
await writeDeclarations(Object.values(source.exports));

const wanted = new Set<string>();
const packed = await Array.fromAsync(filesIn(PACKAGE));
for (const path of packed) {
  if (path.endsWith(".ts")) await Deno.remove(new URL(path, PACKAGE));
}
for (const path of packed) {
  const file = new URL(path, PACKAGE);
  if (!path.endsWith(".js")) continue;
  const code = await Deno.readTextFile(file);
  for (const specifier of stdImports(code)) wanted.add(specifier);
  const declaration = path.replace(/\.js$/, ".d.ts");
  const types = await Deno.readTextFile(new URL(declaration, TYPES));
  await Deno.remove(file);
  await write(placeOf(path), withOwnStd(placeOf(path), relocated(path, code)));
  await write(placeOf(declaration), relocated(declaration, toModules(types)));
}
await Deno.remove(new URL("tests", PACKAGE), { recursive: true });

await Deno.mkdir(new URL("_std/", PACKAGE));
for (const specifier of wanted) {
  const entry = new URL("entry.ts", OUT);
  await Deno.writeTextFile(entry, `export * from "${specifier}";\n`);
  await run(
    "deno",
    "bundle",
    "--quiet",
    "--config=deno.chosen.json",
    "--platform=browser",
    `--output=.npm/package/${stdFile(specifier)}`,
    ".npm/entry.ts",
  );
  await Deno.remove(entry);
  const file = new URL(stdFile(specifier), PACKAGE);
  const origin = isStandIn
    ? "a stand-in of this project's, MIT license"
    : "jsr.io, MIT license, copyright the Deno authors";
  const code = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, `// ${specifier}: ${origin}\n${code}`);
}

const { dependencies = {} } = JSON.parse(
  await Deno.readTextFile(new URL("package.json", PACKAGE)),
);
await Deno.writeTextFile(
  new URL("package.json", PACKAGE),
  JSON.stringify(toPackage(source, dependencies, repository), null, 2) + "\n",
);
const { stdout } = await new Deno.Command("npm", {
  args: ["pack", "./package", "--json"],
  cwd: OUT,
  stderr: "inherit",
}).output();
const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(
  new TextDecoder().decode(stdout),
);
console.log(
  `.npm/${filename}: ${entryCount} files, ${size} bytes, ${unpackedSize} unpacked` +
    (isStandIn ? "; with stand-ins for @std, not for a release" : ""),
);
