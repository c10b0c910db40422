// This module is browser compatible.

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
  // One failure for all steps: a race for each would pile up on a promise that stays.
  let failure: { readonly error: unknown } | null = null;
  let leave: (error: unknown) => void = () => {};
  const fail = (error: unknown) => {
    failure ??= { error };
    leave(failure.error);
  };
  const step = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      leave = reject;
      if (failure !== null) reject(failure.error);
      // Whatever it says after a failure has been told.
      work.then(resolve, reject);
    });
  const abort = () => fail(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  reader.closed.catch(fail);
  writer.closed.catch(fail);
  let bytes = 0;
  let writing = false;
  try {
    for (;;) {
      await step(writer.ready);
      writing = false;
      const { done, value } = await step(reader.read());
      if (done) break;
      writing = true;
      // A failure is told by `closed`.
      writer.write(value).catch(() => {});
      onProgress?.(bytes += value.byteLength);
    }
    await step(writer.close());
  } catch (error) {
    const released = Promise.allSettled([
      reader.cancel(error),
      writer.abort(error),
    ]);
    // What hangs would hold up the news of it; what has only failed lets go first, or until
    // the next abort.
    if (!writing && !signal?.aborted) {
      await new Promise<unknown>((resolve) => {
        leave = resolve;
        released.then(resolve);
      });
    }
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    reader.releaseLock();
    writer.releaseLock();
  }
}
