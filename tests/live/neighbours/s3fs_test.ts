/**
 * A bucket that is mounted by s3fs: each side reads what the other has written.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ENDPOINT } from "../s3/server.ts";
import { FILES } from "./names.ts";
import {
  createPlace,
  FOLDER,
  putOnDisk,
  readDisk,
  readStore,
  told,
} from "./place.ts";
import { attempt, run } from "./tools.ts";

/** Why a file system cannot be mounted here; `null` where it can. */
async function findRefusal(): Promise<string | null> {
  try {
    (await Deno.open("/dev/fuse", { read: true, write: true })).close();
    return null;
  } catch (error) {
    return `${error}`;
  }
}

const refusal = await findRefusal();
if (refusal !== null) console.log(`nothing can be mounted here: ${refusal}`);
// Without FUSE, the markers that the SDK puts in sdk_test.ts stand for those of s3fs.
const ignore = refusal !== null;

/** Ends a mount; what has just been read may keep it busy for a while. */
async function unmount(folder: string): Promise<void> {
  for (let turn = 0;; turn++) {
    const { success, err } = await attempt(
      "fusermount3",
      ["-u", folder],
      FOLDER,
    );
    if (success) return;
    if (turn === 300) throw new Error(err);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function mounted<T>(
  bucket: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  const options = [
    `passwd_file=${FOLDER}/s3fs.secret`,
    `url=${ENDPOINT}`,
    "use_path_request_style",
  ].flatMap((it) => ["-o", it]);
  try {
    await run("s3fs", [bucket, folder, ...options], FOLDER);
    try {
      return await work(folder);
    } finally {
      await unmount(folder);
    }
  } finally {
    await Deno.remove(folder);
  }
}

Deno.test({
  name:
    "PEER-001: every name that s3fs writes is read, its times, and its empty folders",
  ignore,
  async fn() {
    const { bucket, store } = await createPlace();
    await mounted(bucket, async (folder) => {
      await putOnDisk(folder, FILES);
      await Deno.mkdir(`${folder}/empty`);
      await Deno.symlink("a.txt", `${folder}/link`);
      await Deno.utime(`${folder}/a.txt`, 0, 1_577_934_245);
    });
    // A link is a file that holds where it leads.
    assertEquals(await store.readText("link"), "a.txt");
    await store.delete("link");
    assertEquals(told(await readStore(store)), told(FILES));
    const { metadata, contentType } = await store.getFileInfo("a.txt");
    assertEquals(contentType, "text/plain");
    assertEquals(metadata?.["mtime"]?.split(".")[0], "1577934245");
    assertEquals(metadata?.["mode"], "33188");
    assertEquals(await store.isFolder("empty"), true);
    assertEquals(await Array.fromAsync(store.listFiles("empty")), []);
    await store.deleteFolder("empty");
    assertEquals(await store.exists("empty"), false);
  },
});

Deno.test({
  name:
    "PEER-002: what is written is read through s3fs, and what is deleted is gone",
  ignore,
  async fn() {
    const { bucket, store } = await createPlace();
    for (const [path, bytes] of FILES) {
      const { size } = await store.write(path, bytes);
      assertEquals(size, bytes.byteLength);
    }
    await mounted(bucket, async (folder) => {
      assertEquals(told(await readDisk(folder)), told(FILES));
      // What has no mode of s3fs's own is readable for its owner and group.
      const { mode } = await Deno.stat(`${folder}/a.txt`);
      assertEquals(mode?.toString(8), "100640");
      await store.deleteFolder("deep", { recursive: true });
    });
    await mounted(bucket, async (folder) => {
      const names = await Array.fromAsync(Deno.readDir(folder));
      assert(!names.some(({ name }) => name === "deep"));
    });
  },
});
