import type { Capability, StoreLike, WriteOptions } from "../../mod.ts";
import { fail } from "./assert.ts";

/** Whether folders exist of themselves, or only as the common start of keys. */
export type Namespace = "flat" | "hierarchical";

/** What the contract depends on beside the rules: fixed for one run of the suite. */
export interface Target {
  /** What the store declares. */
  has(capability: Capability): boolean;
  /** What its folders are. */
  readonly namespace: Namespace;
  /** Whether a write onto a folder or below a file is refused. */
  readonly strict: boolean;
  /** Whether `close` is for good. */
  readonly closeIsTerminal: boolean;
  /** Whether files can be put into the store at all, by a write or by `seed`. */
  readonly seedable: boolean;
  /** How many files the paging test lists. */
  readonly manyFiles: number;
  /** How many bytes the test of large content writes. */
  readonly largeFile: number;
  /** Puts what no path can name, where that can be done. */
  readonly foreign?: Foreign | undefined;
  /** Opens a store over a container that is not there, where there are containers. */
  readonly absent?: (() => StoreLike | Promise<StoreLike>) | undefined;
}

/** Puts an object under a name as it stands, below the root of a store. */
export type Foreign = (store: StoreLike, name: string) => Promise<void>;

/** Puts a file into a store that cannot write. */
export type Seed = (
  store: StoreLike,
  path: string,
  bytes: Uint8Array,
) => Promise<void>;

const ENCODER = new TextEncoder();

/** Returns text as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text);
}

/** One store over an empty root, and what a test does with it. */
export class Bench {
  /** The store under test. */
  readonly store: StoreLike;
  /** What it promises. */
  readonly target: Target;
  readonly #seed: Seed | undefined;
  readonly #sites = new Map<object, Promise<unknown>>();
  #plots = 0;

  /** Creates the bench of one test. */
  constructor(store: StoreLike, target: Target, seed: Seed | undefined) {
    this.store = store;
    this.target = target;
    this.#seed = seed;
  }

  /** Returns whether the store declares a capability. */
  has(capability: Capability): boolean {
    return this.target.has(capability);
  }

  /** The backend's name, as errors have to carry it. */
  get backend(): string {
    return this.store.resolve("").backend;
  }

  /** Returns the name of a folder that no other point of this test uses. */
  plot(): string {
    return `plot${++this.#plots}`;
  }

  /** Puts a file there, or replaces it. */
  async put(
    path: string,
    content: string | Uint8Array<ArrayBuffer>,
    options: WriteOptions = {},
  ): Promise<void> {
    if (this.has("write")) {
      await this.store.write(path, content, { overwrite: true, ...options });
    } else if (this.#seed !== undefined) {
      const bytes = typeof content === "string" ? bytesOf(content) : content;
      await this.#seed(this.store, path, bytes);
    } else {
      fail(`the suite cannot put ${path}: no WRITE and no seed`);
    }
  }

  /** Puts files with their path as their content. */
  async putAll(paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.put(path, path);
  }

  /** Puts an empty object under a name, as another client does. */
  async putForeign(name: string): Promise<void> {
    const put = this.target.foreign ??
      fail(`the suite cannot put ${name}: no foreign`);
    await put(this.store, name);
  }

  /** Makes a folder that exists of itself, with nothing in it. */
  async hollow(path: string): Promise<void> {
    await this.put(`${path}/gone.txt`, "gone");
    await this.store.delete(`${path}/gone.txt`);
  }

  /** Returns what `make` returned for `key` the first time: a fixture for several points. */
  once<T>(key: object, make: () => Promise<T>): Promise<T> {
    let made = this.#sites.get(key) as Promise<T> | undefined;
    if (made === undefined) {
      made = make();
      this.#sites.set(key, made);
    }
    return made;
  }

  /** Returns the text of a file; `null` where there is none, or none can be read. */
  async textOf(path: string): Promise<string | null> {
    if (!await this.store.isFile(path)) return null;
    return this.has("read") ? await this.store.readText(path) : null;
  }

  /** Returns the paths of all files below a folder, sorted. Needs `LIST`. */
  async filesBelow(path = ""): Promise<string[]> {
    const paths = [];
    for await (
      const { path: at } of this.store.listFiles(path, { recursive: true })
    ) {
      paths.push(at);
    }
    return paths.sort();
  }
}

/** Lets timers and I/O happen: a loop over promises alone would starve them. */
export function breath(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Returns all that an iterable gives. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values = [];
  for await (const value of iterable) values.push(value);
  return values;
}

/** Reads a stream to its end. */
export async function drain(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.byteLength;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
