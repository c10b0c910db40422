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
  const watch = new Watch();
  const abort = () => watch.fail(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  reader.closed.catch((error) => watch.fail(error));
  writer.closed.catch((error) => watch.fail(error));
  let bytes = 0;
  let writing = false;
  try {
    for (;;) {
      await watch.step(writer.ready);
      writing = false;
      const { done, value } = await watch.step(reader.read());
      if (done) break;
      writing = true;
      // A failure is told by `closed`.
      writer.write(value).catch(() => {});
      onProgress?.(bytes += value.byteLength);
    }
    await watch.step(writer.close());
  } catch (error) {
    const released = Promise.allSettled([
      reader.cancel(error),
      writer.abort(error),
    ]);
    // What hangs would hold up the news of it; what has only failed lets go first.
    if (!writing && !signal?.aborted) await watch.settled(released);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    reader.releaseLock();
    writer.releaseLock();
  }
}

/** One failure for all steps: a race for each would pile up on a promise that stays. */
class Watch {
  #failure: { readonly error: unknown } | null = null;
  #reject: (error: unknown) => void = () => {};

  /** Ends the step under way, and all to come. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#reject(this.#failure.error);
  }

  /** Waits for a step, or for a failure. */
  step<T>(work: Promise<T>): Promise<T> {
    // Whatever it says afterwards has been told.
    work.catch(() => {});
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
    });
  }

  /** Waits for what has no failure, or for the next abort. */
  settled(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      this.#failure = null;
      this.#reject = () => resolve();
      work.then(() => resolve());
    });
  }
}
