/**
 * Packages from npm that tests run beside the library.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url);
const installed = new Map<string, Promise<void>>();

/**
 * Installs a folder's packages as its lock file has them, unless they are there. The folder
 * is from the repository's root. Whoever starts something of a folder asks for it, so that
 * nobody has to know what a task needs: a process installs it once, and of several that
 * find it missing one.
 */
export function installPackages(folder: string): Promise<void> {
  const { pathname } = new URL(folder, ROOT);
  const running = installed.get(pathname) ?? install(pathname, folder);
  installed.set(pathname, running);
  return running;
}

async function install(path: string, folder: string): Promise<void> {
  if (await isInstalled(path)) return;
  using turn = await Deno.open(`${path}/.installing`, {
    create: true,
    write: true,
  });
  await turn.lock(true);
  // By whoever had the turn before.
  if (await isInstalled(path)) return;
  const { success, stdout, stderr } = await new Deno.Command("npm", {
    args: [
      "ci",
      "--prefix",
      path,
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ],
    stdin: "null",
  }).output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  throw new Error(
    `Cannot install by "npm ci --prefix ${folder}": ${said.join("")}`,
  );
}

async function isInstalled(path: string): Promise<boolean> {
  const [locked, there] = await Promise.all([
    modified(`${path}/package-lock.json`),
    modified(`${path}/node_modules/.package-lock.json`),
  ]);
  return there >= locked;
}

async function modified(path: string): Promise<number> {
  try {
    const { mtime } = await Deno.stat(path);
    return mtime?.getTime() ?? 0;
  } catch {
    return 0;
  }
}
