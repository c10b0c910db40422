/**
 * Runs the suite in a page that nobody drives.
 *
 * @module
 */
import type { ProfiledBrowser } from "../browsers.ts";
import type { Outcome } from "../contract.ts";
import type { Asking } from "./suite.ts";

const SCRIPT = new URL("../undriven.mjs", import.meta.url).pathname;

/** Runs a bundle's suite in a browser and returns what came of it. */
export async function runInPage(
  name: ProfiledBrowser,
  bundle: string,
  asking: Asking,
): Promise<Outcome> {
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(file, bundle);
    const { success, stdout, stderr } = await new Deno.Command("node", {
      args: [SCRIPT, file, JSON.stringify(asking), name],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (success) return JSON.parse(text(stdout));
    throw new Error(`${name} failed: ${text(stderr)}`);
  } finally {
    await Deno.remove(file);
  }
}
