/**
 * Processor time of a put and a get against the vendor's client, in one process of
 * Node: `deno task bench:azure`, which installs that client.
 *
 * @module
 */
import { installPackages } from "../tests/servers/npm.ts";

/** What ours may cost of the vendor's. */
const MOST = 0.25;

const ROOT = new URL("../", import.meta.url).pathname;

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(new TextDecoder().decode(stderr));
}

await installPackages("tests/oracles/azure");
const folder = await Deno.makeTempDir();
const [entry, bundle] = [`${ROOT}.bench-azure.ts`, `${folder}/bundle.mjs`];
try {
  await Deno.writeTextFile(
    entry,
    `export { Store } from "@remote-store/core";
export { AzureBackend } from "@remote-store/core/backends/azure";
`,
  );
  await run(Deno.execPath(), [
    ...["bundle", "--quiet", "--config=deno.chosen.json"],
    ...["--platform=browser", "--output", bundle, entry],
  ]);
  const text = await run("node", ["tests/oracles/azure/cpu.mjs", bundle]);
  const micros: Record<string, number> = JSON.parse(text);
  for (const what of ["put", "get"]) {
    const [ours = NaN, vendor = NaN] = [
      micros[`${what}, ours`],
      micros[`${what}, vendor`],
    ];
    const ratio = ours / vendor;
    if (!(ratio <= MOST)) Deno.exitCode = 1;
    console.log(
      `${what} of 1 KiB: ${ours.toFixed(0)} µs, vendor ${
        vendor.toFixed(0)
      } µs, ${ratio.toFixed(2)} of it (at most ${MOST})`,
    );
  }
  // The floors, which no client on `fetch` gets below, and the vendor's lower half.
  for (
    const what of [
      "put, bare Response",
      "get, bare Response",
      "get, vendor's stream",
    ]
  ) {
    console.log(`${what}: ${micros[what]?.toFixed(1)} µs`);
  }
} finally {
  await Deno.remove(entry);
  await Deno.remove(folder, { recursive: true });
}
