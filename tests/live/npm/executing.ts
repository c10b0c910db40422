/**
 * Commands in a folder of a consumer.
 *
 * @module
 */

/** Runs a command to its end and returns what it printed; a failure is an error with it. */
export async function execute(
  cwd: string,
  [command = "", ...args]: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success) throw new Error(`${command} ${args.join(" ")}:\n${text}`);
  return text.trim();
}
