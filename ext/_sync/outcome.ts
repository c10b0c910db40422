// This module is browser compatible.

/** What became of one path. */
export interface SyncOutcome {
  /** The path. */
  readonly path: string;
  /**
   * `"copied"`, `"unchanged"`, `"deleted"`; `"failed"`; or `"kept"`: it would have been
   * deleted, but for a copy that failed. In a dry run, what would become of it.
   */
  readonly outcome: "copied" | "unchanged" | "deleted" | "failed" | "kept";
  /** What went wrong; `null` where nothing did. */
  readonly error: unknown;
}

/** How far it has come. */
export interface SyncProgress {
  /** Files of the source that are settled, whatever became of them, and how many there are. */
  readonly files: { readonly done: number; readonly total: number };
  /** Bytes of the source that are settled or under way, as far as sizes are known. */
  readonly bytes: { readonly done: number; readonly total: number };
}

/** What became of all paths, in the order of the listings. Frozen. */
export interface SyncResult {
  /** What was copied, or in a dry run would be. */
  readonly copied: readonly string[];
  /** What was the same on both sides. */
  readonly unchanged: readonly string[];
  /** What was deleted, or in a dry run would be. */
  readonly deleted: readonly string[];
  /** What was not deleted because a copy failed; the next run that succeeds deletes it. */
  readonly kept: readonly string[];
  /** What was to be copied or deleted and was not. */
  readonly failed: readonly SyncOutcome[];
  /** Whether nothing failed. */
  readonly allSucceeded: boolean;
  /** How many files were asked about one by one, beside the listings. */
  readonly looks: number;
  /** Whether nothing was done. */
  readonly dryRun: boolean;
}

/** Who is told how it goes. */
interface Listener {
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  readonly onOutcome?: ((outcome: SyncOutcome) => void) | undefined;
}

/** Keeps account of what became of each path, and tells of it. */
export class Account {
  /** How many paths failed. */
  failed = 0;
  /** Whether the progress has thrown, which ends the sync. */
  thrown = false;
  /** Who is told. */
  listener: Listener;
  readonly #outcomes: SyncOutcome[] = [];
  readonly #sizes: readonly number[];
  /** The bytes of each file of the source that are settled or under way. */
  readonly #sent: number[] = [];
  readonly #files: { done: number; readonly total: number };
  readonly #bytes = { done: 0, total: 0 };

  constructor(
    items: readonly { readonly size: number | null }[],
    listener: Listener,
  ) {
    this.listener = listener;
    this.#sizes = items.map(({ size }) => size ?? 0);
    this.#files = { done: 0, total: items.length };
    for (const size of this.#sizes) this.#bytes.total += size;
  }

  /** Returns what takes the bytes of one file that are sent so far. */
  bytesOf(index: number): (bytes: number) => void {
    return (bytes) => {
      // No more than was listed, whatever it has become since.
      const sent = Math.min(bytes, this.#sizes[index]!);
      this.#bytes.done += sent - (this.#sent[index] ?? 0);
      this.#sent[index] = sent;
      // It stays so if what is called does not return.
      this.thrown = true;
      this.listener.onProgress?.({
        files: { ...this.#files },
        bytes: { ...this.#bytes },
      });
      this.thrown = false;
    };
  }

  /** Takes an outcome: of a file of the source by its place there, of others behind them. */
  settle(
    path: string,
    outcome: SyncOutcome["outcome"],
    error: unknown,
    index?: number,
  ): void {
    if (outcome === "failed") this.failed++;
    const told: SyncOutcome = Object.freeze({ path, outcome, error });
    this.#outcomes[index ?? this.#outcomes.length] = told;
    this.listener.onOutcome?.(told);
    if (index === undefined) return;
    this.#files.done++;
    this.bytesOf(index)(this.#sizes[index]!);
  }

  /** Returns the result. */
  close(looks: number, dryRun: boolean): SyncResult {
    const of = (wanted: SyncOutcome["outcome"]) =>
      Object.freeze(this.#outcomes.filter(({ outcome }) => outcome === wanted));
    const paths = (wanted: SyncOutcome["outcome"]) =>
      Object.freeze(of(wanted).map(({ path }) => path));
    return Object.freeze({
      copied: paths("copied"),
      unchanged: paths("unchanged"),
      deleted: paths("deleted"),
      kept: paths("kept"),
      failed: of("failed"),
      allSucceeded: !this.failed,
      looks,
      dryRun,
    });
  }
}
