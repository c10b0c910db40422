/**
 * The folder of real files that the demo copies.
 *
 * @module
 */
import { BadInput, type Input } from "./command_line.ts";

/** Finds the files to copy, by their path below the folder. */
export async function findFiles({ name, folder }: Input): Promise<string[]> {
  const { state } = await Deno.permissions.query({
    name: "read",
    path: folder,
  });
  if (state !== "granted") {
    throw new BadInput(
      `Cannot read "${folder}": the task may read this repository only; run ` +
        `deno run --config=deno.chosen.json --allow-read=${folder} ` +
        `examples/quickstart.ts ${name} ${folder}`,
    );
  }
  const files: string[] = [];
  try {
    for await (const path of walk(folder, "")) files.push(path);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : cause instanceof Deno.errors.NotADirectory
      ? "it is not a folder"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new BadInput(`Cannot read "${folder}": ${why}`, { cause });
  }
  if (files.length === 0) {
    throw new BadInput(`Cannot copy "${folder}": it holds no files`);
  }
  return files.sort();
}

async function* walk(folder: string, below: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${folder}/${below}`)) {
    const path = below + entry.name;
    if (entry.isFile) yield path;
    if (!entry.isDirectory) continue;
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    yield* walk(folder, `${path}/`);
  }
}
