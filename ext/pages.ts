/**
 * Listings in pages that a web page can turn: each with a token for the next one, which is
 * a short text and needs nobody to remember it.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { listPage } from "@remote-store/core/ext/pages";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * for (const name of ["a", "b", "c"]) void await store.write(`inbox/${name}`, "");
 *
 * const first = await listPage(store, "inbox", { limit: 2 });
 * const next = await listPage(store, "inbox", { limit: 2, token: first.token });
 * assertEquals(first.files.map((file) => file.name), ["a", "b"]);
 * assertEquals(next.files.map((file) => file.name), ["c"]);
 * assertEquals(next.token, null);
 * ```
 *
 * @module
 */
import {
  type FileInfo,
  InvalidArgumentError,
  InvalidPathError,
  joinPath,
  type KnownOptions,
  type ListFilesOptions,
  METHOD_OPTIONS,
  requireKnown,
  type StoreLike,
} from "../mod.ts";

/** Options of {@linkcode listPage}. */
export interface ListPageOptions
  extends Omit<ListFilesOptions, "limit" | "startAfter"> {
  /**
   * How many files the page has at most.
   *
   * @default {100}
   */
  readonly limit?: number | undefined;
  /** The token of the page before, as it was given; `null` for the first page. */
  readonly token?: string | null | undefined;
}

/** A page of a listing. Frozen. */
export interface FilePage {
  /** The files, in the order of the store. */
  readonly files: readonly FileInfo[];
  /**
   * What the next page is asked for with; `null` where there is none. It is made of letters,
   * digits, `-` and `_`, and says behind which path that page begins: no secret, and no
   * right to anything.
   */
  readonly token: string | null;
}

const { startAfter: _, ...LIST } = METHOD_OPTIONS.listFiles;
const LIST_PAGE: KnownOptions<ListPageOptions> = { ...LIST, token: "string" };

/**
 * Lists one page of files. What is written or deleted meanwhile is on the pages to come,
 * or is not; nothing else is left out, and nothing comes twice. The token fits the same
 * path and the same options; a token of whoever is no error where its path is in the
 * listing, so it needs no check of one's own.
 *
 * @throws {InvalidPathError} If the token is none of this listing.
 * @throws {CapabilityNotSupportedError} If the store has no `LIST_FROM`.
 */
export async function listPage(
  store: Pick<StoreLike, "listFiles">,
  path: string,
  options: ListPageOptions = {},
): Promise<FilePage> {
  requireKnown("list", path, options, LIST_PAGE);
  const { limit = 100, token = null, ...rest } = options;
  // Refuses what is wrong with the options, or missing, before the token may be to blame.
  const anywhere = joinPath(path, "a");
  store.listFiles(path, { ...rest, limit, startAfter: anywhere });
  const startAfter = token === null ? undefined : readToken(token);
  // One more tells whether a page follows.
  const asked = { ...rest, limit: limit + 1, startAfter };
  const files: FileInfo[] = [];
  for await (const file of listFrom(store, path, asked)) files.push(file);
  const more = files.length > limit;
  if (more) files.pop();
  const last = files.at(-1);
  return Object.freeze({
    files: Object.freeze(files),
    token: more && last !== undefined ? writeToken(last.path) : null,
  });
}

function listFrom(
  store: Pick<StoreLike, "listFiles">,
  path: string,
  options: ListFilesOptions,
): AsyncIterable<FileInfo> {
  try {
    return store.listFiles(path, options);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw isNoToken();
    throw error;
  }
}

function writeToken(path: string): string {
  const bytes = new TextEncoder().encode(path);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-")
    .replaceAll("/", "_").replace(/=+$/, "");
}

function readToken(token: string): string {
  try {
    const text = atob(token.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    throw isNoToken();
  }
}

function isNoToken(): InvalidPathError {
  return new InvalidPathError(
    "Cannot list: the token is none of this listing",
  );
}
