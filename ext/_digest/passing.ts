// This module is browser compatible.
import type { ContentDigest } from "../../mod.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { toChunk } from "./bytes.ts";
import { createHasher, toDigest } from "./engine.ts";
import type { Hasher } from "../../digest/hasher.ts";

/** What chunks are pulled from: a stream's reader. */
export interface Puller {
  /** Returns the next chunk. */
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  /** Gives up what is left. */
  cancel(reason: unknown): Promise<void>;
}

/** What happens beside the passing of the bytes. */
export interface Watcher {
  /** Called once, when all bytes have passed. What it throws, the stream ends with. */
  ended?(digest: ContentDigest): void;
  /** Called once, when no digest will come: the source failed, or the reader gave up. */
  failed?(reason: unknown): void;
  /**
   * Whether the last chunk waits until `ended` has agreed. Who knows the length of the
   * stream might otherwise take it for complete before its end was refused.
   */
  readonly holdsBack?: boolean;
}

/**
 * Hashes what passes from a source to the reader of `stream`. It pulls, reads nothing
 * ahead, keeps no copy, and opens the source at the first read.
 */
export class Passing {
  /** The bytes of the source, unchanged. */
  readonly stream: ReadableStream<Uint8Array>;
  /** How many bytes have passed. */
  bytes = 0;
  readonly #algorithm: HashAlgorithm;
  readonly #hasher: Hasher;
  readonly #open: () => Puller;
  readonly #watcher: Watcher;
  #puller: Puller | undefined;
  #held: Uint8Array | undefined;
  /** Whether the watcher has been told. */
  #over = false;

  constructor(
    algorithm: HashAlgorithm,
    open: () => Puller,
    watcher: Watcher = {},
  ) {
    this.#algorithm = algorithm;
    this.#hasher = createHasher(algorithm);
    this.#open = open;
    this.#watcher = watcher;
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller) => this.#pull(controller),
      cancel: (reason) => this.#cancel(reason),
    }, { highWaterMark: 0 });
  }

  /** Returns the digest of the bytes so far; `null` where the engine cannot tell. */
  soFar(): ContentDigest | null {
    const hash = this.#hasher.soFar?.();
    return hash === undefined ? null : toDigest(this.#algorithm, hash);
  }

  async #pull(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      const puller = this.#puller ??= this.#open();
      // Until there is something to give: a pull that gave nothing is not repeated.
      for (;;) {
        const { done, value } = await puller.read();
        if (this.#over) return;
        if (done) return await this.#end(controller);
        const chunk = toChunk(value);
        const hashed = this.#hasher.update(chunk);
        if (hashed !== undefined) await hashed;
        if (this.#over) return;
        this.bytes += chunk.byteLength;
        const free = this.#watcher.holdsBack ? this.#swap(chunk) : chunk;
        if (free !== undefined) return controller.enqueue(free);
      }
    } catch (error) {
      // Not awaited: what becomes of the source changes nothing any more.
      this.#puller?.cancel(error).catch(() => {});
      this.#fail(error);
      throw error;
    }
  }

  /** Holds a chunk back, and sets the one before free. */
  #swap(chunk: Uint8Array): Uint8Array | undefined {
    // An empty one in its place would set the last bytes free.
    if (chunk.byteLength === 0) return undefined;
    const before = this.#held;
    this.#held = chunk;
    return before;
  }

  async #end(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    const digest = toDigest(this.#algorithm, await this.#hasher.digest());
    if (this.#over) return;
    this.#watcher.ended?.(digest);
    this.#over = true;
    if (this.#held !== undefined) controller.enqueue(this.#held);
    controller.close();
  }

  async #cancel(reason: unknown): Promise<void> {
    this.#fail(reason);
    await this.#puller?.cancel(reason);
  }

  #fail(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#watcher.failed?.(reason);
  }
}
