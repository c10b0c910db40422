/**
 * Every method of a store that asks the backend, as data: what the kernel proofs
 * run through.
 *
 * @module
 */
import { Store, type StoreLike } from "../../mod.ts";
import {
  FailingBackend,
  type FailingOptions,
} from "../fakes/failing_backend.ts";

/** What a call is given. */
export interface Given {
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
}

/** A call on the fixture that would succeed. */
export interface Method {
  /** The method's name, with a word where it is called in several ways. */
  readonly name: string;
  /** The path that its errors are about; `null` for `ping`. */
  readonly path: string | null;
  /** Calls it, and reads what it gives to the end. */
  run(store: StoreLike, given?: Given): Promise<unknown>;
  /** Whether it goes to files only, so that the root is refused; with the path to call it on. */
  at?(store: StoreLike, path: string, given?: Given): Promise<unknown>;
}

const FILE = "data/a.txt";
const FOLDER = "data";
const FRESH = "data/new.txt";

/** Content that comes in three chunks. */
export function chunks(): ReadableStream<Uint8Array> {
  return ReadableStream.from(["abc", "def", "g"]).pipeThrough(
    new TextEncoderStream(),
  );
}

async function viaWriter(
  store: StoreLike,
  path: string,
  given: Given = {},
): Promise<void> {
  await using writer = await store.openAtomic(path, given);
  await writer.write("abc");
  await writer.write("def");
  await writer.close();
}

/** The fixture's methods: files first, in the order of the interface. */
export const METHODS: readonly Method[] = [
  onFile(
    "read",
    FILE,
    async (store, path, given) =>
      await new Response(await store.read(path, given)).text(),
  ),
  onFile("read a range", FILE, async (store, path, given) =>
    await new Response(
      await store.read(path, { ...given, range: { offset: 2, length: 3 } }),
    ).text()),
  onFile(
    "readBytes",
    FILE,
    (store, path, given) => store.readBytes(path, given),
  ),
  onFile("readText", FILE, (store, path, given) => store.readText(path, given)),
  onFile(
    "openBlob",
    FILE,
    async (store, path, given) =>
      await (await store.openBlob(path, given)).text(),
  ),
  onFile(
    "write bytes",
    FRESH,
    (store, path, given) => store.write(path, new Uint8Array(6), given),
  ),
  onFile(
    "write a stream",
    FRESH,
    (store, path, given) => store.write(path, chunks(), given),
  ),
  onFile(
    "writeText",
    FRESH,
    (store, path, given) => store.writeText(path, "text", given),
  ),
  onFile(
    "writeAtomic",
    FRESH,
    (store, path, given) => store.writeAtomic(path, chunks(), given),
  ),
  onFile("openAtomic", FRESH, viaWriter),
  onFile("delete", FILE, (store, path, given) => store.delete(path, given)),
  onFile(
    "deleteFolder",
    FOLDER,
    (store, path, given) =>
      store.deleteFolder(path, { ...given, recursive: true }),
  ),
  onFolder("exists", FILE, (store, path, given) => store.exists(path, given)),
  onFolder("isFile", FILE, (store, path, given) => store.isFile(path, given)),
  onFolder(
    "isFolder",
    FOLDER,
    (store, path, given) => store.isFolder(path, given),
  ),
  onFolder(
    "listFiles",
    FOLDER,
    (store, path, given) =>
      Array.fromAsync(store.listFiles(path, { ...given, recursive: true })),
  ),
  onFolder(
    "listFolders",
    FOLDER,
    (store, path, given) =>
      Array.fromAsync(store.listFolders(path, { ...given, maxDepth: 1 })),
  ),
  onFolder(
    "iterChildren",
    FOLDER,
    (store, path, given) => Array.fromAsync(store.iterChildren(path, given)),
  ),
  onFile(
    "getFileInfo",
    FILE,
    (store, path, given) => store.getFileInfo(path, given),
  ),
  onFolder(
    "getFolderInfo",
    FOLDER,
    (store, path, given) => store.getFolderInfo(path, given),
  ),
  onFile("head", FILE, (store, path, given) => store.head(path, given)),
  onFile("move", FILE, (store, path, given) => store.move(path, FRESH, given)),
  onFile("copy", FILE, (store, path, given) => store.copy(path, FRESH, given)),
  { name: "ping", path: null, run: (store, given) => store.ping(given) },
];

/** The methods on paths that are no folder. */
export const FILE_METHODS: readonly Method[] = METHODS.filter((method) =>
  method.at !== undefined
);

/** `glob`, which the hierarchical fixture does not declare. */
export const GLOB: Method = onFolder(
  "glob",
  "data/**",
  (store, path, given) => Array.fromAsync(store.glob(path, given)),
);

/** `createFolder`, which the flat fixture does not declare. */
export const CREATE_FOLDER: Method = onFolder(
  "createFolder",
  "data/new",
  (store, path, given) => store.createFolder(path, given),
);

type Call = (
  store: StoreLike,
  path: string,
  given?: Given,
) => Promise<unknown>;

function onFolder(name: string, path: string, call: Call): Method {
  return { name, path, run: (store, given) => call(store, path, given) };
}

function onFile(name: string, path: string, call: Call): Method {
  return { ...onFolder(name, path, call), at: call };
}

/** The methods that a fixture of a namespace has. */
export function methodsOf(
  namespace: "flat" | "hierarchical",
): readonly Method[] {
  return [...METHODS, namespace === "flat" ? GLOB : CREATE_FOLDER];
}

/** Returns a store over a backend that fails on command, with the files that {@linkcode METHODS} need. */
export async function fixture(
  options: FailingOptions = {},
): Promise<{ store: Store; backend: FailingBackend }> {
  const backend = new FailingBackend(options);
  const seeder = new Store({ backend: backend.inner });
  for (const path of [FILE, "data/sub/b.txt", "data/sub/c.txt", "other.txt"]) {
    await seeder.write(path, `0123456789`);
  }
  return { store: new Store({ backend }), backend };
}

/** Both kinds of namespace. */
export const NAMESPACES = ["hierarchical", "flat"] as const;
