// This module is browser compatible.
import type { ByteRange, WriteResult } from "../../mod.ts";

/** Every operation, by the name that logs of the Python library use too. */
export type StoreOperation =
  | "read"
  | "open"
  | "read_bytes"
  | "read_text"
  | "open_blob"
  | "read_blob"
  | "write"
  | "write_text"
  | "write_atomic"
  | "open_atomic"
  | "commit_atomic"
  | "discard_atomic"
  | "open_upload"
  | "upload_part"
  | "list_parts"
  | "complete_upload"
  | "discard_upload"
  | "delete"
  | "delete_many"
  | "delete_folder"
  | "create_folder"
  | "copy"
  | "move"
  | "exists"
  | "is_file"
  | "is_folder"
  | "list_files"
  | "list_folders"
  | "iter_children"
  | "glob"
  | "get_file_info"
  | "get_folder_info"
  | "head"
  | "ping"
  | "supports"
  | "resolve"
  | "native_path"
  | "to_key"
  | "unwrap"
  | "child"
  | "equals"
  | "close";

/** What an operation was asked, and what it gave. No content; user metadata only in `write_result`. */
export interface EventMetadata {
  /** The destination of a copy or move. */
  readonly "dst"?: string;
  /** The option `overwrite`, where it was given. */
  readonly "overwrite"?: boolean;
  /** The option `ifMatch`, where it was given. */
  readonly "if_match"?: string;
  /** The option `ifNoneMatch`, where it was given. */
  readonly "if_none_match"?: string;
  /** The option `sourceIfMatch`, where it was given. */
  readonly "source_if_match"?: string;
  /** The option `missingOk`, where it was given. */
  readonly "missing_ok"?: boolean;
  /** The option `recursive`, where it was given. */
  readonly "recursive"?: boolean;
  /** The option `maxDepth`, where it was given. */
  readonly "max_depth"?: number;
  /** The option `pattern`, where it was given. */
  readonly "pattern"?: string;
  /** The option `limit`, where it was given. */
  readonly "limit"?: number;
  /** The option `startAfter`, where it was given. */
  readonly "start_after"?: string;
  /** The range of a read, where one was given. */
  readonly "range"?: ByteRange;
  /** Which part of an upload it is about. */
  readonly "part"?: number;
  /** How many bytes a read into memory gave, and a part of an upload has. */
  readonly "size"?: number;
  /** How many entries a listing gave. */
  readonly "count"?: number;
  /** Whether a listing came to its end, and was not left before. */
  readonly "complete"?: boolean;
  /** How many paths of a `deleteMany` failed. */
  readonly "failed"?: number;
  /** What a successful write returned: the same object (WR-019). */
  readonly "write_result"?: WriteResult;
}

/** An operation that begins. Frozen. */
export interface StoreStart {
  /** What is being done. */
  readonly operation: StoreOperation;
  /** The path as it was passed; the empty string where the operation takes none. */
  readonly path: string;
  /** Where the child store lies that was asked; the empty string for the store itself. */
  readonly root: string;
  /** The backend's name. */
  readonly backend: string;
  /** When it began, on the clock of `performance.now()`: it never goes back. */
  readonly startedAt: number;
  /** What it was asked. */
  readonly metadata: EventMetadata;
  /** What ties it to others: a request, a job; `null` where nothing was given. */
  readonly correlationId: string | null;
  /** The caller's own signal; `null` where none was given. No event holds it. */
  readonly signal: AbortSignal | null;
}

/** An operation that has ended. Frozen. */
export interface StoreEvent extends Omit<StoreStart, "signal"> {
  /** Whether it succeeded. */
  readonly status: "ok" | "error";
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** What it threw; `null` where it succeeded. */
  readonly error: unknown;
  /** Whether the caller's own signal ended it: then `error` is the signal's reason. */
  readonly aborted: boolean;
}

/** A stream that has ended: the other half of a `read`. Frozen. */
export interface StreamEvent {
  /** What opened it. */
  readonly operation: "read" | "open" | "read_blob";
  /** The path as it was passed. */
  readonly path: string;
  /** As in {@linkcode StoreStart}. */
  readonly root: string;
  /** The backend's name. */
  readonly backend: string;
  /** When the operation that opened it began. */
  readonly startedAt: number;
  /** How long it took from then on, in milliseconds. */
  readonly duration: number;
  /** How many bytes were handed out. */
  readonly bytes: number;
  /** How it ended. */
  readonly status: "ok" | "error" | "canceled";
  /** What broke it, or the reason of the cancellation; else `null`. */
  readonly error: unknown;
  /** As in {@linkcode StoreStart}. */
  readonly correlationId: string | null;
}

/** The options that steer, and hold no content. */
const STEERING = [
  "overwrite",
  "ifMatch",
  "ifNoneMatch",
  "sourceIfMatch",
  "versionId",
  "missingOk",
  "recursive",
  "maxDepth",
  "pattern",
  "limit",
  "startAfter",
  "range",
];

/** Returns what events say of a call's options: those that steer. */
export function metadataOf(
  options: object | undefined,
  more: EventMetadata = {},
): EventMetadata {
  const metadata: Record<string, unknown> = { ...more };
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || !STEERING.includes(name)) continue;
    // A range is the caller's own object, and the operation reads it later.
    metadata[snakeOf(name)] = typeof value === "object"
      ? Object.freeze({ ...value })
      : value;
  }
  return Object.freeze(metadata);
}

/** A name as Python writes it. */
export type Snake<S extends string> = S extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First> ? `${First}${Snake<Rest>}`
  : `_${Lowercase<First>}${Snake<Rest>}`
  : "";

/** Returns a name as Python writes it. */
export function snakeOf<S extends string>(name: S): Snake<S> {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake as Snake<S>;
}

/** Returns whether an error is an abort: the reason that a signal was aborted with. */
export function endedBy(signal: AbortSignal | null, error: unknown): boolean {
  return signal !== null && signal.aborted && error === signal.reason;
}
