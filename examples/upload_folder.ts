/**
 * A folder into a store, from Node, Bun or Deno: walked, some files at once, what is there
 * already left out, progress told, and every byte known by its SHA-256.
 *
 * @module
 */
import type { StoreLike } from "@remote-store/core";
import { sync } from "@remote-store/core/ext/sync";
import { openAsBlob, promises } from "node:fs";
import { join, relative } from "node:path";

async function* walk(root: string) {
  const options = { recursive: true, withFileTypes: true } as const;
  for (const one of await promises.readdir(root, options)) {
    if (!one.isFile()) continue;
    const path = join(one.parentPath, one.name);
    yield { path: relative(root, path), file: await openAsBlob(path) };
  }
}

/** Uploads a folder, and says what could not be. */
export async function uploadFolder(root: string, store: StoreLike) {
  const { failed } = await sync(walk(root), store, {
    onProgress: ({ files }) => console.log(`${files.done} of ${files.total}`),
  });
  return failed.map(({ path, error }) => `${path}: ${error}`);
}
