// This module is browser compatible.
import { refuse } from "./errors.ts";
import type {
  CallOptions,
  CopyOptions,
  DeleteFolderOptions,
  DeleteManyOptions,
  DeleteOptions,
  FileInfoOptions,
  FolderInfoOptions,
  ListFilesOptions,
  ListFoldersOptions,
  OpenBlobOptions,
  OpenOptions,
  OpenUploadOptions,
  ReadOptions,
  ReadTextOptions,
  TransferOptions,
  WriteOptions,
} from "./options.ts";

/**
 * The names of all options of a kind, each with what `typeof` says of its values; `true`
 * where that does not tell them. The compiler sees to it that none is forgotten, and none
 * of another kind.
 */
export type KnownOptions<T> = {
  readonly [K in keyof T]-?:
    | true
    | (unknown extends T[K] ? never
      : [NonNullable<T[K]>] extends [string] ? "string"
      : [NonNullable<T[K]>] extends [number] ? "number"
      : [NonNullable<T[K]>] extends [boolean] ? "boolean"
      : [NonNullable<T[K]>] extends [(...given: never) => unknown] ? "function"
      : [Extract<T[K], (...given: never) => unknown>] extends [never]
        ? [NonNullable<T[K]>] extends [object] ? "object" : never
      : never);
};

// Each by a name of its own, so that a bundle leaves the table of all methods out.

/** The options of a call that has no others; the rest are those of the method so called. */
export const CALL: KnownOptions<CallOptions> = { signal: true };
export const READ_TEXT: KnownOptions<ReadTextOptions> = {
  ...CALL,
  ifMatch: "string",
  versionId: "string",
  decode: "boolean",
};
export const READ: KnownOptions<ReadOptions> = {
  ...READ_TEXT,
  range: "object",
};
export const OPEN: KnownOptions<OpenOptions> = {
  ...READ,
  ifNoneMatch: true,
  missingOk: "boolean",
};
export const OPEN_BLOB: KnownOptions<OpenBlobOptions> = {
  ...CALL,
  versionId: "string",
  decode: "boolean",
};
const STORED = {
  contentType: "string",
  cacheControl: "string",
  contentDisposition: "string",
  contentEncoding: "string",
  contentLanguage: "string",
  metadata: "object",
} as const;
export const WRITE: KnownOptions<WriteOptions> = {
  ...CALL,
  overwrite: "boolean",
  ifMatch: "string",
  ...STORED,
  onProgress: "function",
  maxSize: "number",
  check: "object",
};
const { onProgress: _, maxSize: __, check: ___, ...REPRESENTATION } = WRITE;
export const OPEN_UPLOAD: KnownOptions<OpenUploadOptions> = {
  ...REPRESENTATION,
  size: "number",
  partSize: "number",
  id: "string",
};
export const DELETE_MANY: KnownOptions<DeleteManyOptions> = {
  ...CALL,
  missingOk: "boolean",
};
export const DELETE: KnownOptions<DeleteOptions> = {
  ...DELETE_MANY,
  ifMatch: "string",
  versionId: "string",
};
export const FILE_INFO: KnownOptions<FileInfoOptions> = {
  ...DELETE_MANY,
  versionId: "string",
};
export const DELETE_FOLDER: KnownOptions<DeleteFolderOptions> = {
  ...DELETE_MANY,
  recursive: "boolean",
};
export const LIST_FOLDERS: KnownOptions<ListFoldersOptions> = {
  ...CALL,
  maxDepth: "number",
};
export const FOLDER_INFO: KnownOptions<FolderInfoOptions> = LIST_FOLDERS;
export const LIST_FILES: KnownOptions<ListFilesOptions> = {
  ...LIST_FOLDERS,
  recursive: "boolean",
  pattern: "string",
  limit: "number",
  startAfter: "string",
};
export const TRANSFER: KnownOptions<TransferOptions> = {
  ...CALL,
  overwrite: "boolean",
  ifMatch: "string",
  sourceIfMatch: "string",
};
export const COPY: KnownOptions<CopyOptions> = { ...TRANSFER, ...STORED };

/**
 * The options of a store's methods, by method: for functions and proxies that take the
 * same and add some. Those that are not here take a `signal` and nothing else, as `call`.
 */
export const METHOD_OPTIONS = {
  call: CALL,
  read: READ,
  readText: READ_TEXT,
  open: OPEN,
  openBlob: OPEN_BLOB,
  write: WRITE,
  openUpload: OPEN_UPLOAD,
  delete: DELETE,
  deleteMany: DELETE_MANY,
  deleteFolder: DELETE_FOLDER,
  listFiles: LIST_FILES,
  listFolders: LIST_FOLDERS,
  getFileInfo: FILE_INFO,
  getFolderInfo: FOLDER_INFO,
  transfer: TRANSFER,
  copy: COPY,
} as const;

/**
 * Refuses options that a call would ignore: an own, enumerable property that is not
 * `undefined` and has no meaning there, or is of another kind than the table says, and a
 * `signal` that is none. For extensions and backends of your own; the methods of a
 * {@linkcode Store} do it by themselves.
 *
 * @example Options of a function of one's own
 * ```ts
 * import { type CallOptions, InvalidArgumentError, requireKnown } from "@remote-store/core";
 * import { assertThrows } from "@std/assert";
 *
 * interface ThumbnailOptions extends CallOptions {
 *   readonly width?: number;
 * }
 *
 * function thumbnail(path: string, options: ThumbnailOptions = {}) {
 *   requireKnown("scale", path, options, { signal: true, width: "number" });
 * }
 *
 * assertThrows(
 *   () => thumbnail("a.png", { widht: 80 } as ThumbnailOptions),
 *   InvalidArgumentError,
 *   'Cannot scale "a.png": there is no option widht: did you mean width?',
 * );
 * ```
 *
 * @param action What the call does, as errors say it.
 * @param path What it is about; `null` for nothing.
 * @param option The option whose value the object is; empty for the options themselves.
 * @throws {InvalidArgumentError} If an option is unknown or of another kind, or the signal is none.
 */
export function requireKnown<T extends object>(
  action: string,
  path: string | null,
  options: T,
  known: KnownOptions<T>,
  option = "",
): void {
  if (typeof options !== "object" || options === null) {
    refuse(
      action,
      path,
      `${option ? `${option} is` : "the options are"} no object`,
    );
  }
  for (const name in options) {
    const value = options[name];
    const kind: unknown = known[name];
    if (kind === true || typeof value === kind || value === undefined) continue;
    if (!Object.hasOwn(known, name)) {
      // What a prototype brings was not meant for this call.
      if (!Object.hasOwn(options, name)) continue;
      refuseOption(action, path, option, name, known);
    }
    // What may be null is looked at where it is.
    if (value === null) continue;
    refuse(action, path, `${option && `${option}.`}${name} is no ${kind}`);
  }
  const { signal } = options as CallOptions;
  if (signal !== undefined && signal !== null && !isSignal(signal)) {
    const found = typeof signal !== "object"
      ? `a ${typeof signal}`
      : "signal" in signal
      ? "an AbortController, its signal is needed"
      : "no AbortSignal";
    refuse(action, path, `signal is ${found}`);
  }
}

// By shape: a signal of another realm is no instance of this one's class.
function isSignal(value: unknown): boolean {
  return typeof value === "object" && value !== null && "aborted" in value &&
    "addEventListener" in value;
}

function refuseOption(
  action: string,
  path: string | null,
  option: string,
  name: string,
  known: object,
): never {
  const names = Object.keys(known);
  const near = nearest(name, names);
  // What is longer than any name may be a secret that went to the wrong side of a colon.
  const shown = name.length > 31 ? "..." : name;
  refuse(
    action,
    path,
    `there is no option ${option && `${option}.`}${shown}${
      near === null
        ? `, the options are ${names.join(", ")}`
        : `: did you mean ${near}?`
    }`,
  );
}

/** Returns the name that a misspelled one stands for; `null` where none is near. */
function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.floor(name.length / 3) + 1;
  for (const candidate of names) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Edits between two texts; two letters in each other's place are one. */
function distance(from: string, to: string): number {
  // What is far longer than any option is far from all.
  if (from.length > 2 * to.length) return Infinity;
  const rows: number[][] = [];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 0; i <= from.length; i++) {
    const row: number[] = rows[i] = [];
    for (let j = 0; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      row[j] = i + j === 0 ? 0 : Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + same,
        swapped ? at(i - 2, j - 2) + 1 : Infinity,
      );
    }
  }
  return at(from.length, to.length);
}
