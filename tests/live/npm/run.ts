/**
 * Installs the packed tarball in clean folders, as consumers do, and says for each
 * whether it installs, has its types, and runs. Arguments name consumers; without any,
 * all are taken.
 *
 * @module
 */
import { printTable } from "../../../tools/docs/markdown.ts";
import { type Consumer, CONSUMERS } from "./consumers.ts";
import { execute } from "./executing.ts";

const ROOT = new URL("../../../", import.meta.url);
const CONSUMER = new URL("consumer/", import.meta.url);

async function consume(
  tarball: string,
  { packages, types, run, files = {} }: Consumer,
): Promise<{ cells: string[]; notes: string[] }> {
  const folder = await Deno.makeTempDir({ prefix: "consumer-" });
  const notes: string[] = [];
  const step = async (command: Consumer["run"]) => {
    if (command === undefined) return "–";
    const started = performance.now();
    try {
      notes.push(
        typeof command === "function"
          ? await command(folder)
          : await execute(folder, command),
      );
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
    ) {
      const file = new URL(encodeURI(name), `file://${folder}/`);
      await Deno.mkdir(new URL(".", file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
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
for (const [name, consumer] of CONSUMERS) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const { cells, notes } = await consume(path, consumer);
  rows.push([name, ...cells]);
  console.log(`${name}: ${cells.join("; ")}`);
  if (cells.includes("NO")) console.log(`not ok ${name}: ${notes.join("\n")}`);
  else console.log(notes.at(-1)?.split("\n").slice(-3).join("\n"));
}
console.log(printTable(["Consumer", "Installs", "Types", "Runs"], rows));
const failed = rows.filter((row) => row.includes("NO")).length;
console.log(
  `\n${failed === 0 ? "ok" : "FAILED"} | ${
    rows.length - failed
  } passed | ${failed} failed`,
);
Deno.exit(failed === 0 ? 0 : 1);
