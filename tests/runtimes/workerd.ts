/**
 * Modules that run in workerd, by the emulator that is installed beside the Azure suite.
 *
 * @module
 */
import { installPackages } from "../servers/npm.ts";
import { overhear } from "../servers/overhearing.ts";
import { bundle } from "./bundle.ts";

/** A Worker that answers until it is disposed of. */
export interface Worker extends AsyncDisposable {
  /** Where it is, without a slash at the end. */
  readonly origin: string;
  /**
   * Asks it, on a connection of its own: workerd closes those that are idle, and what is
   * sent on one that it has just closed fails.
   */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * Serves a module, whose path is from the repository's root, in workerd, with variables
 * and with R2 buckets.
 */
export function serveInWorkerd(
  path: string,
  bindings: Readonly<Record<string, string>> = {},
  buckets: readonly string[] = [],
): Promise<Worker> {
  const args = [JSON.stringify(bindings), JSON.stringify(buckets)];
  return serveByScript(new URL("workerd.mjs", import.meta.url), path, args);
}

/**
 * Serves a module by a script of the emulator's, which is given its bundle and arguments,
 * prints where it is, and ends with its input. Installs the emulator where it is not there.
 */
export async function serveByScript(
  script: URL,
  path: string,
  args: readonly string[],
): Promise<Worker> {
  await installPackages("tests/runtimes/azure");
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(file, await bundle(path));
  const workerd = new Deno.Command("node", {
    args: [script.pathname, file, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = workerd.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const heard = overhear(workerd.stderr);
  const end = async () => {
    await workerd.stdin.close().catch(() => {});
    while (!(await lines.read()).done);
    const { success, code } = await workerd.status;
    await Deno.remove(file);
    return { success, told: `it ended with ${code}: ${await heard}` };
  };
  // Where it is, is the first line; without one it has ended.
  const { value = "" } = await lines.read();
  if (!URL.canParse(value)) {
    const { told } = await end();
    throw new Error(`Cannot serve "${path}" in workerd: ${told}`);
  }
  const { origin } = new URL(value);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return {
    origin,
    ask(path, init) {
      const all: RequestInit & { client: Deno.HttpClient } = {
        ...init,
        client,
      };
      return fetch(origin + path, all);
    },
    async [Symbol.asyncDispose]() {
      client.close();
      const { success, told } = await end();
      if (!success) throw new Error(`workerd did not end well: ${told}`);
    },
  };
}
