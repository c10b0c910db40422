// This module is browser compatible.
import { asyncDispose } from "./async_dispose.ts";
import { beginFile, cross, type KeyCall } from "./boundary.ts";
import { snapshot, toContent } from "./content.ts";
import { type InvalidArgumentError, refusal, refuse } from "./errors.ts";
import { type CheckedWrite, checkWrite } from "./gates.ts";
import { WRITE } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { OpenAtomicOptions } from "./options.ts";
import type { WriteResult } from "./results.ts";
import { joinSignals } from "./signal.ts";
import { look, put } from "./writing.ts";

/**
 * Writes a file in pieces: `close` commits all of them at once, everything else
 * (`abort`, disposal without `close`, an error) leaves the target as it was.
 *
 * A queue, as a `WritableStreamDefaultWriter` is: nobody has to wait for one call before
 * the next. Pieces are taken in the order of the calls, and one that fails or is refused
 * ends the writer: nothing is committed then.
 */
export interface AtomicWriter extends AsyncDisposable {
  /** The same writer as a stream: closing it commits, aborting it discards. */
  readonly writable: WritableStream<Uint8Array | string>;
  /** The bytes taken so far. */
  readonly position: number;
  /** What the write did; `null` until it is committed, for ever after a failure. */
  readonly result: WriteResult | null;
  /**
   * Adds bytes or text, as they are at the call. Resolves when the backend has taken
   * them; waiting for that keeps the queue short.
   */
  write(chunk: Uint8Array | string): Promise<void>;
  /** Waits for all writes, commits, and returns the result. Rejects if one of them failed. */
  close(): Promise<WriteResult>;
  /** Discards, with the writes that still wait. Has no effect after `close`. */
  abort(reason?: unknown): Promise<void>;
}

/** Opens an atomic writer: conflicts that exist already are refused here. */
export async function openAtomic(
  mount: Mount,
  path: string,
  options: OpenAtomicOptions,
): Promise<AtomicWriter> {
  const call = beginFile(mount, "write", path, options, WRITE);
  const checked = checkWrite(mount, "write", path, options, "atomic_write");
  return await cross(call, async (signal) => {
    await look(mount, call.key, checked, true, signal);
    return new Writer(call, checked, options.onProgress);
  });
}

class Writer implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  position = 0;
  result: WriteResult | null = null;
  readonly #inner: WritableStreamDefaultWriter<Uint8Array>;
  /** Ends the write that is under way when the writer is discarded. */
  readonly #discard: AbortController = new AbortController();
  /** The caller's signal or that of the discard. */
  readonly #signal: AbortSignal;
  readonly #path: string;
  readonly #committed: Promise<WriteResult>;
  #open = true;

  constructor(
    call: KeyCall,
    checked: CheckedWrite,
    onProgress: ((bytes: number) => void) | undefined,
  ) {
    this.#path = call.path;
    const signal = joinSignals(call.signal, this.#discard.signal);
    this.#signal = signal;
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    this.#inner = pipe.writable.getWriter();
    const content = toContent(call.action, call.path, pipe.readable);
    this.#committed = put(
      { ...call, signal },
      content,
      checked,
      onProgress,
    );
    // Told through write and close; here nobody may be listening yet.
    this.#committed.catch((error) => {
      this.#inner.abort(error).catch(() => {});
      // A backend that failed before it read leaves a write waiting for a reader.
      if (!pipe.readable.locked) pipe.readable.cancel(error).catch(() => {});
    });
    this.#inner.closed.catch(() => {});
    this.writable = new WritableStream({
      write: (chunk) => this.write(chunk),
      close: async () => void await this.close(),
      abort: (reason) => this.abort(reason),
    });
  }

  write(chunk: Uint8Array | string): Promise<void> {
    // Nothing else tells of a chunk that comes too late, so this may go unhandled.
    if (!this.#open) return Promise.reject(this.#refusal());
    const taken = this.#take(chunk);
    // Told by `close` as well: who does not wait for each write has it from there.
    taken.catch(() => {});
    return taken;
  }

  // Runs as far as the queue of the stream within the call: that is what orders writes.
  async #take(chunk: Uint8Array | string): Promise<void> {
    const bytes = this.#bytesOf(chunk);
    try {
      // What has been ended takes nothing any more, though its pipe still would.
      if (this.#signal.aborted) await this.#committed;
      await this.#inner.write(bytes);
    } catch (error) {
      // What ended the write, if it has a reason, says more than the broken pipe.
      await this.#committed;
      throw error;
    }
    this.position += bytes.byteLength;
  }

  #refusal(why = "the writer is closed"): InvalidArgumentError {
    return refusal("write", this.#path, why);
  }

  #bytesOf(chunk: Uint8Array | string): Uint8Array<ArrayBuffer> {
    try {
      const { bytes } = snapshot(toContent("write", this.#path, chunk));
      if (bytes !== null) return bytes;
      refuse("write", this.#path, "a chunk is no bytes and no text");
    } catch (error) {
      // A file without the piece that was refused is not what its writer means.
      this.#discard.abort(error);
      throw error;
    }
  }

  async close(): Promise<WriteResult> {
    if (this.#open) {
      this.#open = false;
      this.#inner.close().catch(() => {});
    }
    this.result = await this.#committed;
    return this.result;
  }

  async abort(reason?: unknown): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#discard.abort(reason);
    // Settled means that nothing is left behind and no request follows.
    await this.#committed.catch(() => {});
  }

  async [asyncDispose](): Promise<void> {
    await this.abort(
      this.#refusal("the writer was disposed of before close"),
    );
    // A commit that nobody waits for ends before the block does.
    await this.#committed.catch(() => {});
  }
}
