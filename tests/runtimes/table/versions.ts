/**
 * The runtimes' own names and versions.
 *
 * @module
 */

const MODULES = new URL("../", import.meta.url).pathname;

const COMMANDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node20: [`${MODULES}node_modules/node20/bin/node`, "--version"],
  node24: [`${MODULES}node_modules/node24/bin/node`, "--version"],
  bun: [`${MODULES}s3/node_modules/.bin/bun`, "--version"],
  chromium: ["chromium", "--version"],
  firefox: ["firefox-esr", "--version"],
  webkit: ["dpkg-query", "-W", "-f=${Version}", "webkit2gtk-driver"],
};

const TITLES: Readonly<Record<string, string>> = {
  deno: "Deno",
  node20: "Node",
  node24: "Node",
  bun: "Bun",
  workerd: "workerd",
  chromium: "Chromium",
  firefox: "Firefox ESR",
  webkit: "WebKitGTK",
};

/** Returns a runtime's name with its version. */
export async function versionOf(runtime: string): Promise<string> {
  const said = await saidBy(runtime);
  const [version = "of a version that it does not say"] =
    /\d+(?:\.\d+)+/.exec(said) ?? [];
  return `${TITLES[runtime]} ${version}`;
}

async function saidBy(runtime: string): Promise<string> {
  if (runtime === "deno") return Deno.version.deno;
  if (runtime === "workerd") {
    const manifest = `${MODULES}azure/node_modules/workerd/package.json`;
    return JSON.parse(await Deno.readTextFile(manifest)).version;
  }
  const [command, ...args] = COMMANDS[runtime] ?? ["true"];
  try {
    const { stdout } = await new Deno.Command(command, { args }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
