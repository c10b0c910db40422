/**
 * Writes every kind of content on Node, Bun and Deno:
 *
 * ```sh
 * deno task test:content             # or one: test:content bun
 * ```
 *
 * @module
 */
import { installPackages } from "../../servers/npm.ts";
import { bundle } from "../bundle.ts";
import type { ContentReport } from "./main.ts";
import { TEXT } from "./rows.ts";

const HERE = new URL(".", import.meta.url).pathname.replace(/\/$/, "");

/** How to run a script; `null` for what this process is. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  node: ["node"],
  bun: [`${HERE}/node_modules/.bin/bun`],
  deno: [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-lock",
    "--node-modules-dir=manual",
    "--allow-all",
  ],
};

const asked = Deno.args.filter((name) => name in COMMANDS);
const names = asked.length > 0 ? asked : Object.keys(COMMANDS);

await installPackages(HERE);
const folder = await Deno.makeTempDir();
// Among the packages, so that each runtime finds them in its own way.
const script = `${HERE}/node_modules/main.mjs`;
const file = `${folder}/hello.txt`;
await Deno.writeTextFile(script, await bundle(`${HERE}/main.ts`));
await Deno.writeTextFile(file, TEXT);

for (const name of names) {
  Deno.test(`CONT-004: every row of the table is as it says, on ${name}`, async () => {
    const [command = "", ...args] = COMMANDS[name] ?? [];
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args, script, file],
      cwd: HERE,
      stderr: "inherit",
      signal: AbortSignal.timeout(180_000),
    }).output();
    const output = new TextDecoder().decode(stdout);
    if (!success) throw new Error(`${command} failed: ${output}`);
    const { passed, failed }: ContentReport = JSON.parse(output);
    console.log(`${name}: ${passed} rows`);
    if (failed.length > 0) throw new Error(failed.join("\n"));
  });
}

globalThis.addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
});
