// This module is browser compatible.
import { untilAborted } from "./waiting.ts";

/**
 * Writes a stream into another one and closes it, as `pipeTo` does, but ends as soon as
 * one of them fails or the signal is aborted, though the other one answers no more:
 * `pipeTo` waits for the chunk that is being written.
 */
export async function pump(
  body: ReadableStream<Uint8Array>,
  target: WritableStream,
  signal: AbortSignal | undefined,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<void> {
  const reader = body.getReader();
  const writer = target.getWriter();
  let failed = false;
  let writing = false;
  const move = async () => {
    for (let bytes = 0;;) {
      await writer.ready;
      writing = false;
      const { done, value } = await reader.read();
      if (failed) return;
      if (done) return await writer.close();
      writing = true;
      // A failure is told by `closed`.
      writer.write(value).catch(() => {});
      onProgress?.(bytes += value.byteLength);
    }
  };
  try {
    signal?.throwIfAborted();
    const moved = new Promise<void>((resolve, reject) => {
      reader.closed.catch(reject);
      writer.closed.catch(reject);
      move().then(resolve, reject);
    });
    await untilAborted(moved, signal);
  } catch (error) {
    failed = true;
    const released = Promise.allSettled([
      reader.cancel(error),
      writer.abort(error),
    ]);
    // What hangs would hold up the news of it; what has only failed lets go first.
    if (!writing) await untilAborted(released, signal).catch(() => {});
    throw error;
  } finally {
    reader.releaseLock();
    writer.releaseLock();
  }
}
