// This module is browser compatible.

/**
 * The name of the method that `await using` calls: `Symbol.asyncDispose`, and in an
 * engine that has none (Safari) the symbol that the code of bundlers takes in its place.
 * Of use to those who implement {@linkcode StoreLike} for such engines; nothing global is
 * changed.
 *
 * @example A store that does something more when it is closed
 * ```ts
 * import { asyncDispose, Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * const told: string[] = [];
 * class Told extends Store {
 *   override async [asyncDispose](): Promise<void> {
 *     await super[asyncDispose]();
 *     told.push("closed");
 *   }
 * }
 * {
 *   await using _ = new Told({ backend: new MemoryBackend() });
 * }
 * assertEquals(told, ["closed"]);
 * ```
 */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ??
  Symbol.for("Symbol.asyncDispose");
