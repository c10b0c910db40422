// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";

/** The part of `globalThis` that gives IndexedDB; `fake-indexeddb` exports another one. */
export interface IndexedDBScope {
  /** The factory: `globalThis.indexedDB`. */
  readonly indexedDB: IndexedDBFactory;
  /** The class of key ranges that goes with it. */
  readonly IDBKeyRange: IndexedDBKeyRange;
}

/** What opens databases. An `IDBFactory` is one. */
export interface IndexedDBFactory {
  /** Opens a database, and upgrades it where `version` is higher than its own. */
  open(name: string, version?: number): object;
}

/** What makes key ranges. The class `IDBKeyRange` is one. */
export interface IndexedDBKeyRange {
  /** Returns the range between two keys. */
  bound(
    lower: unknown,
    upper: unknown,
    lowerOpen?: boolean,
    upperOpen?: boolean,
  ): object;
}

/** Returns the runtime's own scope. Whether it has IndexedDB is seen at the first use. */
export function ownScope(): IndexedDBScope {
  return globalThis as unknown as IndexedDBScope;
}

/**
 * Returns the scope.
 *
 * @throws {BackendUnavailableError} If it has no IndexedDB.
 */
export function requireScope(scope: () => IndexedDBScope): IndexedDBScope {
  const found: Partial<IndexedDBScope> = scope();
  if (found.indexedDB && found.IDBKeyRange) return scope();
  throw new BackendUnavailableError(
    `${runtimeName()} has no IndexedDB, which browsers have; ` +
      "elsewhere, give the backend a scope that has one, as fake-indexeddb",
  );
}

interface RuntimeGlobals {
  readonly navigator?: { readonly userAgent?: string };
  readonly process?: { readonly release?: { readonly name?: string } };
}

/** Returns what the runtime calls itself. */
export function runtimeName(
  globals: RuntimeGlobals = globalThis as RuntimeGlobals,
): string {
  const name = globals.navigator?.userAgent ?? globals.process?.release?.name;
  return name ? `this runtime (${name})` : "this runtime";
}
