// This module is browser compatible.
import type {
  Body,
  CopyRequest,
  DeleteRequest,
  Entry,
  ListPage,
  ReadAnswer,
  RemoveFolderRequest,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { requireMatch, requirePut, requireRoom } from "../../core/commit.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  DirectoryNotEmptyError,
  InvalidPathError,
  isRemoteStoreError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { keyName, parentKey } from "../../core/path.ts";
import type { Container } from "./container.ts";
import { copyBlob } from "./copying.ts";
import { createFolder, deletePath, rename } from "./dfs.ts";
import { withFolders } from "./listing.ts";
import { Draft } from "./draft.ts";
import type { Settings } from "./options.ts";
import { statBlob } from "./probing.ts";
import { requireKey } from "./wire.ts";

type Signal = AbortSignal | undefined;

/**
 * How often a commit is tried again that another writer's commit has overtaken. Each
 * round one of the writers gets through, so this many can be at it at once.
 */
const MAX_ROUNDS = 64;

/** The half of the backend that knows real folders: accounts with a hierarchical namespace. */
export class Hierarchy {
  readonly #settings: Settings;
  readonly #container: Container;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#container = settings.container;
  }

  /** Returns what stands at a key: where nothing does, whether a file is in the way. */
  async stat(key: string, signal: Signal): Promise<Entry> {
    if (key === "") return { kind: "folder" };
    const entry = await this.#at(key, signal);
    if (entry !== null) return entry;
    for (let by = parentKey(key); by !== ""; by = parentKey(by)) {
      const above = await this.#at(by, signal);
      if (above?.kind === "file") return { kind: "blocked", by };
      if (above?.kind === "folder") return null;
    }
    return null;
  }

  // The Blob endpoint answers for folders as for empty files with a mark.
  async #at(key: string, signal: Signal): Promise<Entry> {
    const entry = await statBlob(this.#container, key, signal);
    return entry?.folderMark ? { kind: "folder" } : entry;
  }

  /** Writes a draft beside the file, then renames it: readers see all or nothing. */
  async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    requireOwn(key);
    const { condition, signal } = request;
    const draft = new Draft(this.#settings, draftKey(key), request);
    // The caller's bytes are taken before the first wait.
    const content: Body = body.kind === "bytes"
      ? { kind: "bytes", bytes: body.bytes.slice() }
      : body;
    requirePut(await this.stat(key, signal), condition, key);
    try {
      const written = await draft.fill(content, signal);
      return await this.#commit(
        key,
        condition,
        signal,
        (exact) =>
          rename(this.#container, {
            from: draft.key,
            to: key,
            condition: exact,
            source: written,
            isOwn: true,
            signal,
          }),
      );
    } catch (error) {
      await draft.discard();
      throw error;
    }
  }

  /** Deletes a file, and never a folder that has taken its place. */
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const { ifMatch, signal } = request;
    for (let round = 1;; round++) {
      const entry = await this.#at(key, signal);
      if (entry?.kind !== "file") return false;
      if (ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
      try {
        const { etag } = entry;
        return await deletePath(this.#container, key, { etag, signal });
      } catch (error) {
        if (!isOvertaken(error) || round >= MAX_ROUNDS) throw error;
      }
    }
  }

  /** Creates a folder, and those above it. */
  async createFolder(key: string, signal: Signal): Promise<void> {
    requireOwn(key);
    if (requireRoom(await this.stat(key, signal), key)) return;
    await createFolder(this.#container, requireKey(key), signal);
    // The service answers the same to a folder and to a file that came in between.
    requireRoom(await this.stat(key, signal), key);
  }

  /** Removes a folder, in as many calls as the service wants. */
  async removeFolder(
    key: string,
    { recursive, signal }: RemoveFolderRequest,
  ): Promise<boolean> {
    try {
      await deletePath(this.#container, key, { recursive, signal });
      return true;
    } catch (error) {
      if (error instanceof DirectoryNotEmptyError) return false;
      throw error;
    }
  }

  /** Copies on the blob endpoint: the Data Lake endpoint has no copy. */
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    requireOwn(target);
    const { copyBudget } = this.#settings;
    await this.#commit(
      target,
      request.condition,
      request.signal,
      (condition) =>
        copyBlob(this.#container, {
          ...request,
          from: source,
          to: target,
          condition,
          named: request.condition.ifMatch !== null,
          budget: copyBudget,
        }),
    );
  }

  /** Renames a file in one step. */
  async move(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    requireOwn(target);
    const { signal } = request;
    const at = await this.stat(target, signal);
    requirePut(at, request.condition, target);
    const folder = parentKey(target);
    // A rename makes no folders on its way.
    if (at === null && folder !== "") {
      await createFolder(this.#container, folder, signal);
    }
    await this.#commit(
      target,
      request.condition,
      signal,
      (condition) =>
        rename(this.#container, {
          from: source,
          to: target,
          condition,
          source: request.source,
          isOwn: false,
          signal,
        }),
    );
  }

  /** Returns a page with folders, and without drafts. */
  visible(page: ListPage): ListPage {
    const { files, folders, cursor } = withFolders(page);
    return {
      files: files.filter((file) => !isDraft(file.key)),
      folders,
      cursor,
    };
  }

  /** Returns what was read, if it is no folder. */
  async readable(answer: ReadAnswer | null): Promise<ReadAnswer | null> {
    if (!answer?.entry.folderMark) return answer;
    const { body } = answer;
    if (body instanceof ReadableStream) await body.cancel();
    return null;
  }

  // Looks, decides, and commits under the condition that what was seen still stands:
  // so nothing of a wrong kind is replaced, and no decision is made on old news.
  async #commit<T>(
    key: string,
    condition: WriteCondition,
    signal: Signal,
    put: (exact: WriteCondition) => Promise<T>,
  ): Promise<T> {
    for (let round = 1;; round++) {
      const entry = await this.stat(key, signal);
      requirePut(entry, condition, key);
      const ifMatch = entry?.kind === "file" ? entry.etag : null;
      const exact = { overwrite: entry !== null, ifMatch };
      try {
        return await put(exact);
      } catch (error) {
        if (!isOvertaken(error)) throw error;
        if (round < MAX_ROUNDS) continue;
        throw new BackendUnavailableError(
          "other writers have been faster time and again",
          { cause: error },
        );
      }
    }
  }
}

// One with a path is about the source, and no second try helps.
function isOvertaken(error: unknown): boolean {
  return isRemoteStoreError(error) && error.path === null &&
    (error instanceof AlreadyExistsError ||
      error instanceof PreconditionFailedError);
}

const DRAFT_REGEXP = /^\.~tmp\.[0-9a-f]{16}$/;

function isDraft(key: string): boolean {
  return DRAFT_REGEXP.test(keyName(key));
}

// Beside the file and nowhere else: there the folder's default rights apply, and a
// rename stays within what a directory's SAS permits.
function draftKey(key: string): string {
  const folder = parentKey(key);
  const name = `.~tmp.${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  return folder === "" ? name : `${folder}/${name}`;
}

function requireOwn(key: string): void {
  if (!isDraft(key)) return;
  throw new InvalidPathError("the name is kept for writes under way", {
    path: key,
  });
}
