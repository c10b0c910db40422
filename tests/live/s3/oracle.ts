/**
 * Runs the other clients, which are Node's.
 *
 * @module
 */

const FOLDER = new URL("../../oracles/", import.meta.url);

/** Gives an oracle a job, and returns its answer. */
export async function ask(script: string, job: unknown): Promise<unknown> {
  const child = new Deno.Command("node", {
    args: [script],
    cwd: FOLDER,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(job)));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error(`${script} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
