/**
 * Installs the packed tarball in clean folders, as consumers do, and says for each
 * whether it installs, has its types, and runs. Arguments name consumers; without any,
 * all are taken.
 *
 * @module
 */
import { printTable } from "../../../tools/docs/markdown.ts";

const ROOT = new URL("../../../", import.meta.url);
const CONSUMER = new URL("consumer/", import.meta.url);

/** What a consumer needs beside the tarball, and the steps that it takes. */
interface Consumer {
  readonly packages: readonly string[];
  /** The command of each column: types, then run. */
  readonly types?: readonly string[];
  readonly run?: readonly string[];
  /** Files beside those of the folder. */
  readonly files?: Readonly<Record<string, string>>;
}

const TSC = "node_modules/typescript/bin/tsc";

function typescript(module: string, moduleResolution: string): Consumer {
  const compilerOptions = {
    target: "es2022",
    lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
    module,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    outDir: "out",
  };
  return {
    packages: ["typescript@5.9.3"],
    files: {
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["typed.ts"] }),
    },
    types: ["node", TSC],
    run: ["node", "out/typed.js"],
  };
}

const CONSUMERS: Readonly<Record<string, Consumer>> = {
  "Node 20": {
    packages: ["node@20.20.2"],
    run: ["node_modules/.bin/node", "main.mjs"],
  },
  "Node 24": {
    packages: ["node@24.21.0"],
    run: ["node_modules/.bin/node", "main.mjs"],
  },
  Bun: { packages: ["bun@1.4.4"], run: ["node_modules/.bin/bun", "main.mjs"] },
  esbuild: {
    packages: ["esbuild@0.28.2"],
    run: [
      "sh",
      "-c",
      "node_modules/.bin/esbuild main.mjs --bundle --minify --format=esm --platform=browser --outfile=out.mjs && node out.mjs",
    ],
  },
  Vite: {
    packages: ["vite@8.3.8"],
    files: {
      "vite.config.mjs":
        'export default { build: { target: "esnext", lib: { entry: "main.mjs", formats: ["es"], fileName: "out" } } };\n',
    },
    run: [
      "sh",
      "-c",
      "node_modules/.bin/vite build --logLevel=error && node dist/out.js",
    ],
  },
  "TypeScript, bundler": typescript("esnext", "bundler"),
  "TypeScript, nodenext": typescript("nodenext", "nodenext"),
  publint: {
    packages: ["publint@0.3.25"],
    types: ["node_modules/.bin/publint", "--strict", "package.tgz"],
  },
  arethetypeswrong: {
    packages: ["@arethetypeswrong/cli@0.18.5"],
    types: [
      "node_modules/.bin/attw",
      "package.tgz",
      "--profile",
      "esm-only",
      "--no-color",
    ],
  },
};

async function execute(
  cwd: string,
  [command = "", ...args]: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  if (!success) throw new Error(`${command} ${args.join(" ")}:\n${text}`);
  return text.trim();
}

async function consume(
  tarball: string,
  { packages, types, run, files = {} }: Consumer,
): Promise<{ cells: string[]; notes: string[] }> {
  const folder = await Deno.makeTempDir({ prefix: "consumer-" });
  const notes: string[] = [];
  const step = async (command: readonly string[] | undefined) => {
    if (command === undefined) return "–";
    const started = performance.now();
    try {
      notes.push(await execute(folder, command));
      return `yes, ${((performance.now() - started) / 1000).toFixed(1)} s`;
    } catch (error) {
      notes.push(`${error}`);
      return "NO";
    }
  };
  try {
    await Deno.copyFile(tarball, `${folder}/package.tgz`);
    for await (const { name } of Deno.readDir(CONSUMER)) {
      await Deno.copyFile(new URL(name, CONSUMER), `${folder}/${name}`);
    }
    const manifest = { private: true, type: "module" };
    for (
      const [name, text] of Object.entries({
        "package.json": JSON.stringify(manifest),
        ...files,
      })
    ) await Deno.writeTextFile(`${folder}/${name}`, text);
    const installed = await step([
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      "./package.tgz",
      ...packages,
    ]);
    const cells = [installed, await step(types), await step(run)];
    return { cells, notes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const [tarball] = [...Deno.readDirSync(new URL(".npm/", ROOT))]
  .filter(({ name }) => name.endsWith(".tgz"));
if (tarball === undefined) throw new Error("no tarball: `deno task npm` first");
const path = new URL(`.npm/${tarball.name}`, ROOT).pathname;
const rows: string[][] = [];
for (const [name, consumer] of Object.entries(CONSUMERS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const { cells, notes } = await consume(path, consumer);
  rows.push([name, ...cells]);
  console.log(`${name}: ${cells.join("; ")}`);
  if (cells.includes("NO")) console.log(notes.join("\n"));
  else console.log(notes.at(-1)?.split("\n").slice(-3).join("\n"));
}
console.log(printTable(["Consumer", "Installs", "Types", "Runs"], rows));
Deno.exit(rows.some((row) => row.includes("NO")) ? 1 : 0);
