// This module is browser compatible.
import { asyncDispose } from "./async_dispose.ts";
import type { Call } from "./boundary.ts";
import { cross } from "./boundary.ts";
import { snapshot, toContent } from "./content.ts";
import { InvalidArgumentError, refuse, statement } from "./errors.ts";
import { type CheckedWrite, checkWrite } from "./gates.ts";
import type { Mount } from "./mount.ts";
import type { OpenAtomicOptions } from "./options.ts";
import type { WriteResult } from "./results.ts";
import { joinSignals } from "./signal.ts";
import { look, put } from "./writing.ts";

/**
 * Writes a file in pieces: `close` commits all of them at once, everything else
 * (`abort`, disposal without `close`, an error) leaves the target as it was.
 */
export interface AtomicWriter extends AsyncDisposable {
  /** The same writer as a stream: closing it commits, aborting it discards. */
  readonly writable: WritableStream<Uint8Array | string>;
  /** The bytes taken so far. */
  readonly position: number;
  /** What the write did; `null` until it is committed, for ever after a failure. */
  readonly result: WriteResult | null;
  /** Adds bytes or text. Resolves when the backend can take more. */
  write(chunk: Uint8Array | string): Promise<void>;
  /** Commits and returns the result. */
  close(): Promise<WriteResult>;
  /** Discards. Has no effect after `close`. */
  abort(reason?: unknown): Promise<void>;
}

/** Opens an atomic writer: conflicts that exist already are refused here. */
export async function openAtomic(
  mount: Mount,
  path: string,
  options: OpenAtomicOptions,
): Promise<AtomicWriter> {
  const key = mount.fileKey("write", path);
  const checked = checkWrite(mount, "write", path, options, "atomic_write");
  const call = {
    mount,
    action: "write",
    path: mount.pathOf(key),
    signal: options.signal,
  };
  return await cross(call, async (signal) => {
    await look(mount, key, checked, true, signal);
    return new Writer(call, key, checked, options.onProgress);
  });
}

class Writer implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  position = 0;
  result: WriteResult | null = null;
  readonly #inner: WritableStreamDefaultWriter<Uint8Array>;
  /** Ends the write that is under way when the writer is discarded. */
  readonly #discard: AbortController = new AbortController();
  readonly #path: string;
  readonly #committed: Promise<WriteResult>;
  #open = true;

  constructor(
    call: Call & { readonly path: string },
    key: string,
    checked: CheckedWrite,
    onProgress: ((bytes: number) => void) | undefined,
  ) {
    this.#path = call.path;
    const signal = joinSignals(call.signal, this.#discard.signal);
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    this.#inner = pipe.writable.getWriter();
    const content = toContent(call.action, call.path, pipe.readable);
    this.#committed = put(
      { ...call, signal },
      key,
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

  async write(chunk: Uint8Array | string): Promise<void> {
    if (!this.#open) {
      refuse("write", this.#path, "the writer is closed");
    }
    const bytes = snapshot(toContent("write", this.#path, chunk)).bytes;
    if (bytes === null) {
      refuse("write", this.#path, "a chunk is no bytes and no text");
    }
    try {
      await this.#inner.ready;
      await this.#inner.write(bytes);
    } catch (error) {
      // The backend's failure, if it is the reason, says more than the broken pipe.
      await this.#committed;
      throw error;
    }
    this.position += bytes.byteLength;
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
      new InvalidArgumentError(
        `Cannot ${
          statement("write", this.#path)
        }: the writer was disposed of before close`,
      ),
    );
  }
}
