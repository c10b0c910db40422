// This module is browser compatible.
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";

/** How much an origin has stored, and how much it may store. */
export interface StorageEstimate {
  /** Bytes in use by all storage of the origin, compression and overhead included. */
  readonly usage: number | null;
  /** Bytes that it may use at most. No promise: a full disk is full earlier. */
  readonly quota: number | null;
}

/** What the helpers ask. A `StorageManager` is one. */
export interface StorageAnswers {
  /** Asks that the origin's data be kept when space gets short. */
  persist?(): Promise<boolean>;
  /** Returns how full the storage is. */
  estimate?(): Promise<{ usage?: number; quota?: number }>;
}

/** Options of {@linkcode persist} and {@linkcode estimate}. */
export interface StorageOptions {
  /**
   * How long the browser, or the reader it asks, may take to answer.
   *
   * @default {10000}
   */
  readonly waitMs?: number;
  /**
   * What is asked.
   *
   * @default {navigator.storage}
   */
  readonly storage?: StorageAnswers | undefined;
}

const KNOWN: KnownOptions<StorageOptions> = {
  waitMs: "number",
  storage: "object",
};

const WAIT_MS = 10_000;
/** What a timer can count; beyond that it goes off at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Asks the browser to keep the site's data when the disk gets full, and returns whether
 * it will. Firefox asks its user, and waits for an answer as long as the page lives:
 * after `waitMs` this resolves to `false`, whatever comes later.
 */
export async function persist(options: StorageOptions = {}): Promise<boolean> {
  requireKnown("keep the site's data", null, options, KNOWN);
  const { storage = ownStorage(), waitMs } = options;
  return await within(waitMs, () => storage?.persist?.()) ?? false;
}

/**
 * Returns how full the site's storage is; `null` where the browser does not tell. An
 * orientation: what it calls the quota may be neither reached nor the end.
 */
export async function estimate(
  options: StorageOptions = {},
): Promise<StorageEstimate | null> {
  requireKnown("tell the storage", null, options, KNOWN);
  const { storage = ownStorage(), waitMs } = options;
  const answer = await within(waitMs, () => storage?.estimate?.());
  if (answer === undefined) return null;
  return { usage: answer.usage ?? null, quota: answer.quota ?? null };
}

function ownStorage(): StorageAnswers | undefined {
  return (globalThis as { navigator?: { storage?: StorageAnswers } })
    .navigator?.storage;
}

/** Returns the answer; `undefined` where there is none in time, or an error. */
export async function within<T>(
  waitMs = WAIT_MS,
  ask: () => Promise<T> | undefined,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    const longest = Math.min(waitMs, LONGEST_MS);
    timer = setTimeout(() => resolve(undefined), longest);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    // A browser that may not tell does not tell.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
