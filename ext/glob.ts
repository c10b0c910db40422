/**
 * Patterns over whole paths on any store: native where the backend has `GLOB`, by a
 * listing where it has not. The results are the same.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { globFiles } from "@remote-store/core/ext/glob";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("reports/q3.csv", "3");
 * void await store.write("reports/2026/q1.csv", "1");
 * void await store.write("reports/notes.txt", "");
 *
 * const paths = [];
 * for await (const { path } of globFiles(store, "reports/**\/*.csv")) paths.push(path);
 * assertEquals(paths.sort(), ["reports/2026/q1.csv", "reports/q3.csv"]);
 * ```
 *
 * @module
 */
import {
  type CallOptions,
  Capability,
  compileGlob,
  type FileInfo,
  METHOD_OPTIONS,
  requireKnown,
  type StoreLike,
} from "../mod.ts";

/**
 * Lists the files whose whole path matches a pattern, in the backend's order. The
 * grammar is that of {@linkcode compileGlob}. Without `GLOB` the folder before the
 * first wildcard is listed, with what is below it only where the pattern reaches there.
 *
 * @example One folder
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { globFiles } from "@remote-store/core/ext/glob";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a/1.csv", "1");
 * void await store.write("a/b/2.csv", "2");
 *
 * const files = await Array.fromAsync(globFiles(store, "a/?.csv"));
 * assertEquals(files.map((file) => file.path), ["a/1.csv"]);
 * ```
 *
 * @throws {InvalidArgumentError} If the pattern is no text or empty, or has `**` beside other characters.
 * @throws {InvalidPathError} If it has a `..` segment.
 * @throws {CapabilityNotSupportedError} If the store has neither `GLOB` nor `LIST`.
 */
export function globFiles(
  store: Pick<StoreLike, "supports" | "glob" | "listFiles">,
  pattern: string,
  options: CallOptions = {},
): AsyncIterable<FileInfo> {
  requireKnown("glob", pattern, options, METHOD_OPTIONS.call);
  if (store.supports(Capability.GLOB)) return store.glob(pattern, options);
  const { prefix, shallow, matches } = compileGlob(pattern);
  // Behind the last slash the prefix is the start of a name, which no listing takes.
  const folder = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0));
  const files = store.listFiles(folder, { ...options, recursive: !shallow });
  return { [Symbol.asyncIterator]: () => filter(files, matches) };
}

async function* filter(
  files: AsyncIterable<FileInfo>,
  matches: (path: string) => boolean,
): AsyncGenerator<FileInfo> {
  for await (const file of files) {
    if (matches(file.path)) yield file;
  }
}
