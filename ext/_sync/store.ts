// This module is browser compatible.
import {
  Capability,
  type FileInfo,
  type StoreLike,
  type WriteContent,
  type WriteOptions,
} from "../../mod.ts";
import { carriedOf } from "../_transfer/carried.ts";
import { type Item, type Known, strong, type Target } from "./side.ts";

/** Which of a store's files another tool named the SHA-256 of is told by the same name. */
const SHA256 = /^[0-9a-f]{64}$/;

/** A store as one side. */
export class StoreSide implements Target {
  readonly keeps: boolean;
  readonly #store: StoreLike;
  readonly #looked: () => void;

  constructor(store: StoreLike, looked: () => void) {
    this.#store = store;
    this.#looked = looked;
    this.keeps = store.supports(Capability.USER_METADATA);
  }

  async *list(signal: AbortSignal): AsyncGenerator<Item> {
    const files = this.#store.listFiles("", { recursive: true, signal });
    for await (const info of files) {
      yield itemOf(this.#store, info, this.#looked);
    }
  }

  put(
    path: string,
    content: WriteContent,
    options: WriteOptions,
    old: Item | undefined,
  ): Promise<unknown> {
    const store = this.#store;
    const tag = store.supports(Capability.CONDITIONAL_WRITE) && old?.etag;
    const all = {
      ...options,
      ...tag ? { ifMatch: tag } : { overwrite: old !== undefined },
    };
    return store.supports(Capability.ATOMIC_WRITE)
      ? store.writeAtomic(path, content, all)
      : store.write(path, content, all);
  }

  remove(
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, unknown>> {
    return this.#store.deleteMany(paths, { missingOk: true, signal });
  }
}

function itemOf(store: StoreLike, info: FileInfo, looked: () => void): Item {
  const { path, size, lastModified } = info;
  let isAsked = false;
  return {
    path,
    size,
    time: lastModified?.getTime(),
    local: false,
    get etag() {
      return strong(info.etag);
    },
    async known(signal) {
      const known = knownOf(info);
      if (isAsked || (known.sha256 ?? known.from)) return known;
      isAsked = true;
      looked();
      info = await store.getFileInfo(path, { signal });
      return knownOf(info);
    },
    async open(signal) {
      const opened = await store.open(path, { signal });
      info = opened.info;
      isAsked = true;
      return {
        content: opened.body as ReadableStream<Uint8Array>,
        size: info.size,
        about: { ...carriedOf(info), metadata: info.metadata },
      };
    },
  };
}

function knownOf({ digest, metadata }: FileInfo): Known {
  const named = digest?.algorithm === "sha256"
    ? digest.value
    : metadata?.["sha256"];
  return {
    sha256: named && SHA256.test(named) ? named : null,
    from: metadata?.["sourceetag"] ?? null,
  };
}
