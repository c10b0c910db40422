/**
 * Asks `deno doc` for the public API.
 *
 * @module
 */
import { readManifest } from "../manifest.ts";
import { type ApiSymbol, toApi } from "./api.ts";

/** Returns every exported symbol of every entry. */
export async function readApi(): Promise<ApiSymbol[]> {
  const { exports } = await readManifest();
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    // From the generated folder, for `deno doc` knows no --config.
    cwd: new URL("../../.chosen/", import.meta.url),
    args: [
      "doc",
      "--json",
      ...Object.values(exports).map((path) => `../${path}`),
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return toApi(JSON.parse(new TextDecoder().decode(stdout)), exports);
}
