/**
 * What a process prints, for the error that tells of its end.
 *
 * @module
 */

/** As much of it as an error repeats. */
const MAX_SAID = 4000;

/** Passes on what a process says, and returns the end of it. */
export async function overhear(
  stream: ReadableStream<Uint8Array>,
): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    await Deno.stderr.write(bytes);
    said = (said + decoder.decode(bytes, { stream: true })).slice(-MAX_SAID);
  }
  return said;
}
