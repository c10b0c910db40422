/**
 * Packages from npm that tests run beside the library.
 *
 * @module
 */

/** Installs a folder's packages as its lock file has them, unless they are there. */
export async function installPackages(folder: string): Promise<void> {
  const [locked, installed] = await Promise.all([
    modified(`${folder}/package-lock.json`),
    modified(`${folder}/node_modules/.package-lock.json`),
  ]);
  if (installed >= locked) return;
  const { success } = await new Deno.Command("npm", {
    args: ["ci", "--prefix", folder, "--no-audit", "--no-fund", "--silent"],
    stdin: "null",
  }).spawn().status;
  if (!success) throw new Error(`npm ci in ${folder} failed`);
}

async function modified(path: string): Promise<number> {
  try {
    const { mtime } = await Deno.stat(path);
    return mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
