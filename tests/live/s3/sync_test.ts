/**
 * A real folder to the server and back, through `sync`.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type FolderFile, type FolderHandle, sync } from "../../../ext/sync.ts";
import { createStore } from "./server.ts";

/** A folder of the disk, in the shape of the File System API. */
class DiskFolder implements FolderHandle {
  readonly kind = "directory";
  readonly name: string;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.name = path.split("/").at(-1) ?? "";
  }

  async *values(): AsyncGenerator<FolderFile | FolderHandle> {
    for await (const { name, isDirectory } of Deno.readDir(this.#path)) {
      const path = `${this.#path}/${name}`;
      yield isDirectory ? new DiskFolder(path) : diskFile(path);
    }
  }

  async getDirectoryHandle(
    name: string,
    { create = false }: { create?: boolean } = {},
  ): Promise<FolderHandle> {
    const path = `${this.#path}/${name}`;
    if (create) await Deno.mkdir(path, { recursive: true });
    return new DiskFolder(path);
  }

  async getFileHandle(
    name: string,
    { create = false }: { create?: boolean } = {},
  ): Promise<FolderFile> {
    const path = `${this.#path}/${name}`;
    if (create) await Deno.writeFile(path, new Uint8Array(), { append: true });
    else await Deno.stat(path);
    return diskFile(path);
  }

  removeEntry(name: string): Promise<void> {
    return Deno.remove(`${this.#path}/${name}`);
  }
}

function diskFile(path: string): FolderFile {
  const name = path.split("/").at(-1) ?? "";
  return {
    kind: "file",
    name,
    async getFile() {
      const { mtime } = await Deno.stat(path);
      const lastModified = mtime?.getTime() ?? 0;
      return new File([await Deno.readFile(path)], name, { lastModified });
    },
    async createWritable() {
      return (await Deno.create(path)).writable;
    },
  };
}

/** Returns the bytes of every file below a folder, by path. */
async function contents(root: string, above = "") {
  const found = new Map<string, Uint8Array>();
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    const path = `${root}/${name}`;
    if (isDirectory) {
      for (const [key, bytes] of await contents(path, `${above}${name}/`)) {
        found.set(key, bytes);
      }
    } else found.set(above + name, await Deno.readFile(path));
  }
  return found;
}

Deno.test("SYNC-001, SYNC-002, SYNC-010: a real folder goes to the server and back, byte for byte, and the second time nothing", async () => {
  const from = await Deno.makeTempDir();
  const back = await Deno.makeTempDir();
  try {
    for (const folder of ["core", "docs", "tests/vectors"]) {
      for (const [path, bytes] of await contents(folder)) {
        const target = `${from}/${folder}/${path}`;
        await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
          recursive: true,
        });
        await Deno.writeFile(target, bytes);
      }
    }
    const large = new Uint8Array(20 * 1024 * 1024).map((_, i) => i >> 13);
    await Deno.writeFile(`${from}/two parts and more.bin`, large);
    await Deno.writeFile(`${from}/große Datei +%&=#?.txt`, new Uint8Array());

    const store = await createStore();
    const here = await contents(from);
    const up = await sync(new DiskFolder(from), store);
    assertEquals([up.failed, up.copied.length], [[], here.size]);
    const down = await sync(store, new DiskFolder(back));
    assertEquals([down.failed, down.copied.length], [[], here.size]);
    const there = await contents(back);
    assertEquals([...there.keys()].sort(), [...here.keys()].sort());
    for (const [path, bytes] of here) assertEquals(there.get(path), bytes);

    const again = [
      await sync(new DiskFolder(from), store, { delete: true }),
      await sync(store, new DiskFolder(back), { delete: true }),
    ];
    for (const { unchanged, copied, deleted } of again) {
      assertEquals([copied, deleted, unchanged.length], [[], [], here.size]);
    }
    await Deno.remove(`${from}/docs`, { recursive: true });
    const less = await sync(new DiskFolder(from), store, { delete: true });
    assert(less.deleted.length > 20);
    assertEquals(less.failed, []);
    assertEquals(
      (await store.getFolderInfo("")).fileCount,
      less.unchanged.length,
    );
  } finally {
    await Deno.remove(from, { recursive: true });
    await Deno.remove(back, { recursive: true });
  }
});
