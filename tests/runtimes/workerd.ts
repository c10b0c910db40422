/**
 * Modules that run in workerd, by the emulator that is installed beside the Azure suite.
 *
 * @module
 */
import { bundle } from "./bundle.ts";

/** A Worker that answers until it is disposed of. */
export interface Worker extends AsyncDisposable {
  /** Where it is, without a slash at the end. */
  readonly origin: string;
}

/**
 * Serves a module, whose path is from the repository's root, in workerd, with variables
 * and with R2 buckets.
 */
export async function serveInWorkerd(
  path: string,
  bindings: Readonly<Record<string, string>> = {},
  buckets: readonly string[] = [],
): Promise<Worker> {
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(file, await bundle(path));
  const script = new URL("workerd.mjs", import.meta.url).pathname;
  const workerd = new Deno.Command("node", {
    args: [script, file, JSON.stringify(bindings), JSON.stringify(buckets)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = workerd.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await lines.read();
  return {
    origin: new URL(value).origin,
    async [Symbol.asyncDispose]() {
      await workerd.stdin.close();
      await lines.read();
      await lines.cancel();
      const { success } = await workerd.status;
      await Deno.remove(file);
      if (!success) throw new Error("workerd did not end well");
    },
  };
}
