/**
 * A copy of an example with the package beside it, as its users have both.
 *
 * @module
 */
import { dirname } from "@std/path/posix/dirname";

const ROOT = new URL("../../../", import.meta.url);
const PACKAGES = new URL("node_modules/", import.meta.url);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** Copies a folder of the repository; the returned one goes with its disposal. */
export async function copyExample(
  path: string,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  for await (const name of filesBelow(new URL(`${path}/`, ROOT))) {
    await copy(new URL(`${path}/${name}`, ROOT), `${folder}/${name}`);
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function* filesBelow(folder: URL, prefix = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name === "node_modules" || name === "dist") continue;
    if (isDirectory) {
      yield* filesBelow(new URL(`${name}/`, folder), `${prefix}${name}/`);
    } else yield prefix + name;
  }
}

async function copy(from: URL, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  await Deno.copyFile(from, to);
}

/** Installs the package into a folder's `node_modules`, with what it depends on. */
export async function installCore(folder: string): Promise<void> {
  const list = await Deno.readTextFile(new URL("publish_files.txt", ROOT));
  const files = list.trim().split("\n");
  await installPackage(folder, ROOT, files);
  for (const name of ["crypto", "path", "streams"]) {
    const source = new URL(`without_jsr/std/${name}/`, ROOT);
    await installPackage(
      folder,
      source,
      await Array.fromAsync(filesBelow(source)),
    );
  }
  await Deno.symlink(
    new URL("aws4fetch", PACKAGES).pathname,
    `${folder}/node_modules/aws4fetch`,
  );
}

async function installPackage(
  folder: string,
  source: URL,
  files: readonly string[],
): Promise<void> {
  const text = await Deno.readTextFile(new URL("deno.json", source));
  const { name, version, exports }: Manifest = JSON.parse(text);
  const target = `${folder}/node_modules/${name}`;
  for (const file of files) {
    await copy(new URL(file, source), `${target}/${file}`);
  }
  const manifest = JSON.stringify({ name, version, type: "module", exports });
  await Deno.writeTextFile(`${target}/package.json`, manifest);
}

/** Runs a program in a folder, and returns what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", CI: "true" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (success) return said;
  throw new Error(
    `${command} ${args[0]} failed: ${said}${new TextDecoder().decode(stderr)}`,
  );
}

/** The program of a package that is installed beside this module. */
export function programOf(name: string): string {
  return new URL(`.bin/${name}`, PACKAGES).pathname;
}
