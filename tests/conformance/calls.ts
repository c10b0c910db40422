import type { CallOptions, Capability, StoreLike } from "../../mod.ts";
import { bytesOf, collect, drain } from "./bench.ts";

/** A method that does I/O, with a call of it. */
export interface Call {
  /** The method. */
  readonly method: string;
  /** The capabilities that it needs, in the order in which they are asked for. */
  readonly gates: readonly Capability[];
  /** Whether it gives an iterable and so checks at the call. */
  readonly iterable?: boolean;
  /** Calls it on the files `a.txt` and `folder/b.txt`; writes go to `new.txt`. */
  readonly run: (store: StoreLike, options: CallOptions) => Promise<unknown>;
  /** Calls it at the root, where that is something else. */
  readonly atRoot?: (store: StoreLike) => Promise<unknown>;
}

/** Every method that does I/O, once. */
export const CALLS: readonly Call[] = [
  {
    method: "read",
    gates: ["read"],
    run: async (store, options) =>
      await drain(await store.read("a.txt", options)),
    atRoot: (store) => store.read(""),
  },
  {
    method: "open",
    gates: ["read"],
    run: async (store, options) => {
      const { body } = await store.open("a.txt", options);
      return body === null ? null : await drain(body);
    },
    atRoot: (store) => store.open(""),
  },
  {
    method: "readBytes",
    gates: ["read"],
    run: (store, options) => store.readBytes("a.txt", options),
    atRoot: (store) => store.readBytes("."),
  },
  {
    method: "readText",
    gates: ["read"],
    run: (store, options) => store.readText("a.txt", options),
  },
  {
    method: "openBlob",
    gates: ["read", "metadata"],
    run: async (store, options) =>
      await (await store.openBlob("a.txt", options)).text(),
  },
  {
    method: "write",
    gates: ["write"],
    run: (store, options) => store.write("new.txt", "new", options),
    atRoot: (store) => store.write("", "new"),
  },
  {
    method: "writeText",
    gates: ["write"],
    run: (store, options) => store.writeText("new.txt", "new", options),
  },
  {
    method: "writeAtomic",
    gates: ["atomic_write"],
    run: (store, options) => store.writeAtomic("new.txt", "new", options),
  },
  {
    method: "openAtomic",
    gates: ["atomic_write"],
    run: async (store, options) => {
      const writer = await store.openAtomic("new.txt", options);
      await writer.write("new");
      return await writer.close();
    },
    atRoot: (store) => store.openAtomic("."),
  },
  {
    method: "openUpload",
    gates: ["write", "resumable_upload"],
    run: async (store, options) => {
      const upload = await store.openUpload("new.txt", { size: 3, ...options });
      const part = await upload.part(1, bytesOf("new"), options);
      return await upload.complete([part], options);
    },
    atRoot: (store) => store.openUpload("", { size: 3 }),
  },
  {
    method: "delete",
    gates: ["delete"],
    run: (store, options) => store.delete("a.txt", options),
    atRoot: (store) => store.delete(""),
  },
  {
    method: "deleteMany",
    gates: ["delete"],
    run: (store, options) => store.deleteMany(["a.txt"], options),
    atRoot: (store) => store.deleteMany([""]),
  },
  {
    method: "deleteFolder",
    gates: ["delete"],
    run: (store, options) =>
      store.deleteFolder("folder", { recursive: true, ...options }),
  },
  {
    method: "createFolder",
    gates: ["create_folder"],
    run: (store, options) => store.createFolder("folder", options),
    atRoot: (store) => store.createFolder(""),
  },
  {
    method: "exists",
    gates: [],
    run: (store, options) => store.exists("a.txt", options),
    atRoot: (store) => store.exists(""),
  },
  {
    method: "isFile",
    gates: [],
    run: (store, options) => store.isFile("a.txt", options),
    atRoot: (store) => store.isFile("."),
  },
  {
    method: "isFolder",
    gates: [],
    run: (store, options) => store.isFolder("folder", options),
    atRoot: (store) => store.isFolder(""),
  },
  {
    method: "listFiles",
    gates: ["list"],
    iterable: true,
    run: (store, options) => collect(store.listFiles("", options)),
  },
  {
    method: "listFolders",
    gates: ["list"],
    iterable: true,
    run: (store, options) => collect(store.listFolders("", options)),
  },
  {
    method: "iterChildren",
    gates: ["list"],
    iterable: true,
    run: (store, options) => collect(store.iterChildren("", options)),
  },
  {
    method: "glob",
    gates: ["glob"],
    iterable: true,
    run: (store, options) => collect(store.glob("*.txt", options)),
  },
  {
    method: "getFileInfo",
    gates: ["metadata"],
    run: (store, options) => store.getFileInfo("a.txt", options),
    atRoot: (store) => store.getFileInfo(""),
  },
  {
    method: "getFolderInfo",
    gates: ["metadata", "list"],
    run: (store, options) => store.getFolderInfo("folder", options),
    atRoot: (store) => store.getFolderInfo("."),
  },
  {
    method: "head",
    gates: ["metadata"],
    run: (store, options) => store.head("a.txt", options),
  },
  {
    method: "move",
    gates: ["move"],
    run: (store, options) => store.move("a.txt", "new.txt", options),
    atRoot: (store) => store.move("a.txt", ""),
  },
  {
    method: "copy",
    gates: ["copy"],
    run: (store, options) => store.copy("a.txt", "new.txt", options),
    atRoot: (store) => store.copy("", "new.txt"),
  },
  {
    method: "ping",
    gates: [],
    run: (store, options) => store.ping(options),
  },
];
