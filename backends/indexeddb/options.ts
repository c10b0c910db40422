// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";
import { type KnownOptions, requireKnown } from "../../core/known_options.ts";
import { type IndexedDBScope, ownScope } from "./scope.ts";

/** Options of {@linkcode IndexedDBBackend}. */
export interface IndexedDBBackendOptions {
  /**
   * The name of the database, one for all pages of an origin.
   *
   * @default {"remote-store"}
   */
  readonly databaseName?: string;
  /**
   * The name of the object store in it. Several stores can have one database.
   *
   * @default {"files"}
   */
  readonly storeName?: string;
  /**
   * When a write counts as done: once it is on the disk, or once it is handed to the
   * system, which is faster and loses the last writes in a power cut. Parts of large
   * content are always staged the second way.
   *
   * @default {"strict"}
   */
  readonly durability?: "strict" | "relaxed";
  /**
   * How content beyond one part is kept: as Blobs, which are read faster and by
   * several tabs at little cost, or as rows of bytes, which every engine takes.
   * `"auto"` tries whether Blobs come back.
   *
   * @default {"auto"}
   */
  readonly representation?: "auto" | "blob" | "bytes";
  /**
   * The bytes of a row, where a file's content is kept in rows. Four rows are a part: what
   * is at most as long is stored in one transaction. Four parts are a Blob.
   *
   * @default {1048576}
   */
  readonly chunkSize?: number;
  /**
   * Where IndexedDB comes from; `fake-indexeddb` in a runtime that has none.
   *
   * @default {globalThis}
   */
  readonly scope?: IndexedDBScope;
  /**
   * Called when the browser has found the database corrupt and has thrown it away: all
   * files are gone. Chromium says so, to the page that opens the database next; others
   * say nothing. Called after the call that opened it went on.
   */
  readonly onDataLoss?: (reason: string) => void;
}

/** Options that are complete and checked. */
export interface Settings {
  readonly databaseName: string;
  readonly storeName: string;
  // Not by its name: that module speaks of the DOM's types, which pages' alone have.
  readonly durability: "strict" | "relaxed";
  readonly representation: "auto" | "blob" | "bytes";
  readonly chunkSize: number;
  /** Asked for at the first use, because a page without rights may not even look. */
  readonly scope: () => IndexedDBScope;
  readonly onDataLoss: ((reason: string) => void) | undefined;
}

const KNOWN: KnownOptions<IndexedDBBackendOptions> = {
  databaseName: "string",
  storeName: "string",
  durability: "string",
  representation: "string",
  chunkSize: "number",
  scope: "object",
  onDataLoss: "function",
};

/** Returns the settings that the options stand for. */
export function toSettings(options: IndexedDBBackendOptions): Settings {
  requireKnown("create an IndexedDBBackend", null, options, KNOWN);
  const {
    databaseName = "remote-store",
    storeName = "files",
    durability = "strict",
    representation = "auto",
    chunkSize = 1024 * 1024,
    scope,
    onDataLoss,
  } = options;
  requireName("databaseName", databaseName);
  requireName("storeName", storeName);
  requireOneOf("durability", durability, ["strict", "relaxed"]);
  requireOneOf("representation", representation, ["auto", "blob", "bytes"]);
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) {
    refuse("chunkSize", chunkSize, "a whole number above 0");
  }
  if (onDataLoss !== undefined && typeof onDataLoss !== "function") {
    refuse("onDataLoss", onDataLoss, "a function");
  }
  return {
    databaseName,
    storeName,
    durability,
    representation,
    chunkSize,
    scope: scope === undefined ? ownScope : () => scope,
    onDataLoss,
  };
}

function requireName(option: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    refuse(option, value, "a text that is not empty");
  }
}

function requireOneOf(
  option: string,
  value: unknown,
  allowed: readonly string[],
): void {
  if (!allowed.includes(value as string)) {
    refuse(
      option,
      value,
      allowed.map((one) => JSON.stringify(one)).join(" or "),
    );
  }
}

function refuse(option: string, value: unknown, needed: string): never {
  throw new InvalidArgumentError(
    `Cannot create an IndexedDBBackend: ${option} is ${
      JSON.stringify(value)
    }, ${needed} is needed`,
  );
}
