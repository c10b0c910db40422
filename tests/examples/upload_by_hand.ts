/**
 * The script that a project begins with, written by hand: what `examples/upload_folder.ts`
 * does, without `sync`. Here to be counted, and to show that both do the same.
 *
 * @module
 */
import { isRemoteStoreError, type StoreLike } from "@remote-store/core";
import { createHash } from "node:crypto";
import { createReadStream, promises } from "node:fs";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";

interface LocalFile {
  readonly path: string;
  readonly target: string;
  readonly size: number;
}

async function walk(root: string): Promise<LocalFile[]> {
  const found: LocalFile[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const entries = await promises.readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(path);
      } else if (entry.isFile()) {
        const { size } = await promises.stat(path);
        const target = relative(root, path).split(sep).join("/");
        found.push({ path, target, size });
      }
    }
  }
  return found;
}

async function hash(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk);
  return digest.digest("hex");
}

async function isThere(
  store: StoreLike,
  { target, size }: LocalFile,
  sha256: string,
): Promise<{ same: boolean; etag: string | null }> {
  try {
    const info = await store.getFileInfo(target);
    const same = info.size === size && info.metadata?.["sha256"] === sha256;
    return { same, etag: info.etag };
  } catch (error) {
    if (isRemoteStoreError(error) && error.code === "NotFound") {
      return { same: false, etag: null };
    }
    throw error;
  }
}

async function verify(store: StoreLike, target: string, sha256: string) {
  const digest = createHash("sha256");
  for await (const chunk of await store.read(target)) digest.update(chunk);
  if (digest.digest("hex") !== sha256) {
    throw new Error("what is there is not what was sent");
  }
}

async function uploadOne(store: StoreLike, file: LocalFile): Promise<void> {
  const sha256 = await hash(file.path);
  const { same, etag } = await isThere(store, file, sha256);
  if (same) return;
  const content = Readable.toWeb(createReadStream(file.path));
  const condition = etag === null ? { overwrite: false } : { ifMatch: etag };
  await store.write(file.target, content as ReadableStream<Uint8Array>, {
    ...condition,
    metadata: { sha256 },
  });
  await verify(store, file.target, sha256);
}

/** Uploads a folder, and says what could not be. */
export async function uploadFolder(
  root: string,
  store: StoreLike,
): Promise<string[]> {
  const files = await walk(root);
  const failed: string[] = [];
  let next = 0;
  let done = 0;
  const lane = async () => {
    for (let file = files[next++]; file; file = files[next++]) {
      try {
        await uploadOne(store, file);
      } catch (error) {
        failed.push(`${file.target}: ${error}`);
      }
      console.log(`${++done} of ${files.length}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return failed;
}
