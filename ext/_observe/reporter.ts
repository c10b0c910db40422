// This module is browser compatible.
import { type CallOptions, InvalidArgumentError } from "../../mod.ts";
import {
  endedBy,
  type EventMetadata,
  metadataOf,
  type StoreEvent,
  type StoreOperation,
  type StoreStart,
  type StreamEvent,
} from "./event.ts";

/** Called after an operation. What it throws or rejects with changes nothing. */
export type EventHook = (event: StoreEvent) => unknown;

/**
 * Wraps an operation: it has to call `next` and await it. What it throws is thrown; what
 * it throws before `next` keeps the operation from being done. What it returns is ignored.
 */
export type AroundHook = (
  start: StoreStart,
  next: () => Promise<unknown>,
) => Promise<unknown>;

/** Options of {@linkcode observe}: the hooks, all optional. */
export interface ObserveOptions {
  /** Called before every operation. */
  readonly onStart?: ((start: StoreStart) => unknown) | undefined;
  /** After `read`, `open`, `readBytes`, `readText`, `openBlob` and reads of such a blob. */
  readonly onRead?: EventHook | undefined;
  /** When a stream of `read`, `open` or a blob has come to its end, failed or been canceled. */
  readonly onStreamEnd?: ((event: StreamEvent) => unknown) | undefined;
  /** After `write`, `writeText`, `writeAtomic`, and each step of an atomic writer or an upload. */
  readonly onWrite?: EventHook | undefined;
  /** After `delete`, `deleteMany` and `deleteFolder`. */
  readonly onDelete?: EventHook | undefined;
  /** After `copy`. */
  readonly onCopy?: EventHook | undefined;
  /** After `move`. */
  readonly onMove?: EventHook | undefined;
  /** After look-ups and infos, and at the end of each iteration of a listing. */
  readonly onList?: EventHook | undefined;
  /** After `ping`. */
  readonly onPing?: EventHook | undefined;
  /** After every operation, behind its own hook. */
  readonly onAny?: EventHook | undefined;
  /** After every operation that failed, last. */
  readonly onError?: EventHook | undefined;
  /** Around every operation that waits. Listings: around the iteration. */
  readonly around?: AroundHook | undefined;
  /** Called with what a hook threw: the place for a log. What it throws itself is dropped. */
  readonly onHookError?: ((error: unknown) => unknown) | undefined;
  /** What ties operations together: a text, or a function that is asked for each. */
  readonly correlationId?:
    | string
    | (() => string | null | undefined)
    | undefined;
}

type HookName =
  | "onRead"
  | "onWrite"
  | "onDelete"
  | "onCopy"
  | "onMove"
  | "onList"
  | "onPing";

/** By an operation's name, or by its first word; what is not here has no hook of its own. */
const HOOKS: Readonly<Record<string, HookName>> = {
  read: "onRead",
  open: "onRead",
  write: "onWrite",
  "open_atomic": "onWrite",
  "open_upload": "onWrite",
  upload: "onWrite",
  complete: "onWrite",
  commit: "onWrite",
  discard: "onWrite",
  delete: "onDelete",
  copy: "onCopy",
  move: "onMove",
  list: "onList",
  iter: "onList",
  glob: "onList",
  get: "onList",
  head: "onList",
  exists: "onList",
  is: "onList",
  ping: "onPing",
};

function hookOf(operation: StoreOperation): HookName | undefined {
  return HOOKS[operation] ?? HOOKS[operation.replace(/_.*/, "")];
}

/** How an operation ended. */
export type Outcome =
  | { readonly status: "ok"; readonly metadata?: EventMetadata | undefined }
  | {
    readonly status: "error";
    readonly error: unknown;
    readonly metadata?: EventMetadata | undefined;
  };

/** What is told of an operation, and done with what it gives. */
export interface Telling<T> {
  /** Says what the event tells of a result. */
  readonly describe?: ((result: T) => EventMetadata) | undefined;
  /** Says what the event tells of a failure. */
  readonly describeFailure?: (() => EventMetadata) | undefined;
  /** Lets a result go that the hook around the operation keeps from the caller. */
  readonly release?: ((result: T, reason: unknown) => unknown) | undefined;
}

/** Calls the hooks: in their order, and so that none of them changes a result. */
export class Reporter {
  /** The hooks. */
  readonly options: ObserveOptions;
  readonly #backend: string;

  constructor(options: ObserveOptions, backend: string) {
    this.options = options;
    this.#backend = backend;
  }

  /** Announces an operation. */
  start(
    operation: StoreOperation,
    root: string,
    path: string,
    options?: CallOptions,
    more?: EventMetadata,
  ): StoreStart {
    const { correlationId: id, onStart } = this.options;
    let correlationId: string | null = null;
    this.quietly(() => {
      correlationId = (typeof id === "function" ? id() : id) ?? null;
    });
    const start: StoreStart = Object.freeze({
      operation,
      path,
      root,
      backend: this.#backend,
      startedAt: performance.now(),
      metadata: metadataOf(options, more),
      correlationId,
      signal: options?.signal ?? null,
    });
    this.quietly(() => onStart?.(start));
    return start;
  }

  /** Reports how an operation ended. */
  end(start: StoreStart, outcome: Outcome): void {
    const { signal, ...about } = start;
    const { status } = outcome;
    const error = status === "error" ? outcome.error : null;
    const event: StoreEvent = Object.freeze({
      ...about,
      metadata: Object.freeze({ ...start.metadata, ...outcome.metadata }),
      status,
      duration: performance.now() - start.startedAt,
      error,
      aborted: status === "error" && endedBy(signal, error),
    });
    const { options } = this;
    const own = hookOf(event.operation);
    if (own !== undefined) this.quietly(() => options[own]?.(event));
    this.quietly(() => options.onAny?.(event));
    if (event.status === "error") this.quietly(() => options.onError?.(event));
  }

  /** Runs an operation with everything around it. */
  async run<T>(
    start: StoreStart,
    work: () => Promise<T>,
    { describe, describeFailure, release }: Telling<T> = {},
  ): Promise<T> {
    const observed = async () => {
      try {
        const result = await work();
        this.end(start, { status: "ok", metadata: describe?.(result) });
        return result;
      } catch (error) {
        const metadata = describeFailure?.();
        this.end(start, { status: "error", error, metadata });
        throw error;
      }
    };
    const { around } = this.options;
    if (around === undefined) return await observed();
    let running: Promise<T> | undefined;
    try {
      await around(start, () => {
        if (running === undefined) {
          running = observed();
          // Told to the caller below, also where the hook does not await it.
          running.catch(() => {});
        }
        return running;
      });
    } catch (error) {
      // Not awaited: the hook may have given the operation up because it hangs.
      running?.then((result) => release?.(result, error)).catch(() => {});
      throw error;
    }
    // The hook's own answer counts for nothing: neither a result nor an error is lost.
    if (running === undefined) throw skipped(start);
    return await running;
  }

  /** Runs an operation that does not wait. Nothing is put around it. */
  runNow<T>(start: StoreStart, work: () => T): T {
    try {
      const result = work();
      this.end(start, { status: "ok" });
      return result;
    } catch (error) {
      this.end(start, { status: "error", error });
      throw error;
    }
  }

  /** Calls a hook; what it throws, now or later, goes to `onHookError`. */
  quietly(hook: () => unknown): void {
    attempt(hook, (error) => {
      // What is thrown there has nobody left to be told.
      attempt(() => this.options.onHookError?.(error), () => {});
    });
  }
}

/** Does what may fail, now or later. */
function attempt(act: () => unknown, fail: (error: unknown) => void): void {
  try {
    Promise.resolve(act()).catch(fail);
  } catch (error) {
    fail(error);
  }
}

/** Returns the error for a hook around an operation that has left it out in silence. */
export function skipped(start: StoreStart): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot observe ${start.operation}: the hook around it did not call next`,
  );
}
