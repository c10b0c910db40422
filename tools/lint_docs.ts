/**
 * Runs `deno doc --lint` over every entry of `exports` in `deno.json`.
 *
 * @module
 */
import { readManifest } from "./manifest.ts";

const { exports } = await readManifest();
const { code } = await new Deno.Command("deno", {
  // From the generated folder, for `deno doc` knows no --config.
  cwd: new URL("../.chosen/", import.meta.url),
  args: [
    "doc",
    "--lint",
    ...Object.values(exports).map((path) => `../${path}`),
  ],
  // What it prints on success is the documentation itself.
  stdout: "null",
}).output().then((result) => {
  Deno.stderr.writeSync(result.stderr);
  return result;
});
Deno.exit(code);
