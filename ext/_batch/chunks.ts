// This module is browser compatible.
import { normalizePath } from "../../mod.ts";

/**
 * Cuts paths into chunks, in order. A path that stands in the chunk already starts the
 * next one, in whatever spelling: so each has an outcome of its own.
 */
export async function* chunksOf(
  paths: Iterable<string> | AsyncIterable<string>,
  size: number,
): AsyncGenerator<string[]> {
  let chunk: string[] = [];
  let keys = new Set<string>();
  for await (const path of paths) {
    const key = keyOf(path);
    if (chunk.length === size || keys.has(key)) {
      yield chunk;
      chunk = [];
      keys = new Set();
    }
    chunk.push(path);
    keys.add(key);
  }
  if (chunk.length > 0) yield chunk;
}

function keyOf(path: string): string {
  try {
    return normalizePath(path);
  } catch {
    // The store says what is wrong with it.
    return path;
  }
}
