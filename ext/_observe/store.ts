// This module is browser compatible.
import {
  type FileInfo,
  type FolderEntry,
  joinPath,
  type StoreLike,
} from "../../mod.ts";
import type { Forward, StoreCall } from "../_proxy/call.ts";
import { ProxyStore } from "../_proxy/store.ts";
import {
  type EventMetadata,
  snakeOf,
  type StoreOperation,
  type StoreStart,
} from "./event.ts";
import { HANDLING, type Handling } from "./handling.ts";
import { watchListing } from "./listing.ts";
import { type ObserveOptions, Reporter } from "./reporter.ts";

/**
 * A store that reports what is done with another one. Arguments and results pass
 * untouched; closing it closes that other store, as far as that owns anything.
 */
export class ObservedStore extends ProxyStore {
  readonly #reporter: Reporter;
  readonly #root: string;

  /** Creates a store over `inner`; `root` is where a child stands below the first one. */
  constructor(inner: StoreLike, options: ObserveOptions | Reporter, root = "") {
    super(inner);
    this.#root = root;
    this.#reporter = options instanceof Reporter
      ? options
      : new Reporter(options, inner.resolve("").backend);
  }

  /** Returns an observed store over a folder of this one; see {@linkcode StoreLike.child}. */
  child(path: string): ObservedStore {
    const work = () => this.inner.child(path);
    const child = this.forwardNow({ method: "child", path }, work);
    const root = joinPath(this.#root, path);
    return new ObservedStore(child, this.#reporter, root);
  }

  /** Returns the observed store's own text. */
  override toString(): string {
    return `Observed${this.inner}`;
  }

  /** Reports a call that waits, and what the handle that it gives is used for. */
  protected override async forward<T>(
    call: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    const handling = HANDLING[call.method] as Handling<T> | undefined;
    const start = this.#start(call);
    const result = await this.#reporter.run(
      start,
      () => work(call.options),
      handling,
    );
    const again = (
      operation: StoreOperation,
      options = call.options,
      more?: EventMetadata,
    ) => this.#start({ ...call, options }, operation, more);
    return handling?.watch?.(result, this.#reporter, start, again) ?? result;
  }

  /** Reports each iteration; what is wrong at the call is reported there. */
  protected override forwardListing<T extends FileInfo | FolderEntry>(
    call: StoreCall,
    work: Forward<AsyncIterable<T>>,
  ): AsyncIterable<T> {
    const begin = () => this.#start(call);
    try {
      return watchListing(work(call.options), this.#reporter, begin);
    } catch (error) {
      this.#reporter.end(begin(), { status: "error", error });
      throw error;
    }
  }

  /** Reports a call that is answered at once. */
  protected override forwardNow<T>(call: StoreCall, work: () => T): T {
    return this.#reporter.runNow(this.#start(call), work);
  }

  #start(
    { method, path, target, options }: StoreCall,
    // Does not compile where a method has no operation.
    operation: StoreOperation = snakeOf(method),
    more?: EventMetadata,
  ): StoreStart {
    // Of a pattern nobody knows which folder it is about.
    const glob = method === "glob";
    return this.#reporter.start(
      operation,
      this.#root,
      glob ? "" : path,
      options,
      more ??
        (glob ? { pattern: path } : target === undefined ? {} : {
          dst: target,
        }),
    );
  }
}
