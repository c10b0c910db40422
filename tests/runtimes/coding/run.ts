/**
 * Reads what a server codes, on Node, on this Deno, and on an older one from npm, which
 * takes the fields off what it has decoded:
 *
 * ```sh
 * deno task test:coding              # or one: test:coding node
 * ```
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { bundle } from "../bundle.ts";
import type { Readings } from "./readings.ts";
import { serveCoded } from "./server.ts";

const HERE = new URL(".", import.meta.url).pathname.replace(/\/$/, "");
const OLDER = "2.8.3";
const NPX = ["npx", "--yes", `deno@${OLDER}`] as const;
const DENO = ["run", "--quiet", "--no-config", "--no-lock", "--allow-all"];

/** How to run a script. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  node: ["node"],
  deno: [Deno.execPath(), ...DENO],
  [`deno@${OLDER}`]: [...NPX, ...DENO],
};

const names = Object.keys(COMMANDS).filter((name) =>
  Deno.args.length === 0 || Deno.args.includes(name)
);

const folder = await Deno.makeTempDir();
const script = `${folder}/main.mjs`;
await Deno.writeTextFile(script, await bundle(`${HERE}/main.ts`));

for (const name of names) {
  Deno.test(`REP-020 what a server codes is read as it is, or refused, on ${name}`, async () => {
    await using server = await serveCoded();
    const [command = "", ...args] = COMMANDS[name] ?? [];
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args, script, server.origin, server.coded.join()],
      stderr: "inherit",
      signal: AbortSignal.timeout(180_000),
    }).output();
    const output = new TextDecoder().decode(stdout);
    if (!success) throw new Error(`${name} failed: ${output}`);
    const { right, refused, wrong }: Readings = JSON.parse(output);
    console.log(`# ${name}: ${right} right, ${refused} refused`);
    assertEquals(wrong, []);
    assert(right > refused, "most is refused");
  });
}

Deno.test("REP-020 the older Deno is the one that is named", async () => {
  const [command, ...args] = NPX;
  const { stdout } = await new Deno.Command(command, {
    args: [...args, "--version"],
  }).output();
  const [first = ""] = new TextDecoder().decode(stdout).split("\n");
  assert(first.startsWith(`deno ${OLDER} `), first);
});

globalThis.addEventListener("unload", () => {
  Deno.removeSync(folder, { recursive: true });
});
