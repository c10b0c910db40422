// This module is browser compatible.
import type { CallOptions, StoreLike } from "../../mod.ts";

/** Every method of a store, by its name. */
export type StoreMethod = Exclude<keyof StoreLike, symbol>;

/** A call on its way through a proxy. */
export interface StoreCall {
  /** The method that was called. */
  readonly method: StoreMethod;
  /**
   * The path as it was passed: the source of a copy or move, the pattern of a `glob`, the
   * native path of `toKey`; the empty string where the method takes none.
   */
  readonly path: string;
  /** The destination of a copy or move. */
  readonly target?: string | undefined;
  /** The options as they were passed: those of the method, seen as what all have. */
  readonly options?: CallOptions | undefined;
}

/** Does a call on the store below, with options: those of the call, or others. */
export type Forward<T> = (options: CallOptions | undefined) => T;
