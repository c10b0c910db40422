/**
 * The demo in a page: the same program, over the browser's own IndexedDB. Its files
 * come from the runner, by the few calls that the demo makes to Deno.
 *
 * @module
 */
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { main } from "../../../examples/quickstart.ts";
import { DISPOSE } from "./meeting.ts";
import { removeDatabase } from "./rows.ts";

/** What the demo printed. */
export interface Demonstration {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Runs the demo on files that are given by their paths. */
export async function quickstart(
  { files }: { files: Readonly<Record<string, string>> },
): Promise<Demonstration> {
  const databaseName = "quickstart";
  (globalThis as { Deno?: unknown }).Deno = folderOf(files);
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(["indexeddb", FOLDER], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  }, {
    indexeddb: {
      about: "the browser's own",
      flags: [],
      create: () => new IndexedDBBackend({ databaseName }),
    },
  });
  await removeDatabase(databaseName);
  return { code, out, err };
}

const FOLDER = "given";

/** The calls of the demo, over one folder of files. */
function folderOf(files: Readonly<Record<string, string>>): unknown {
  const textAt = (path: string) => files[path.slice(FOLDER.length + 1)] ?? "";
  return {
    args: [],
    errors: {
      NotFound: class extends Error {},
      NotADirectory: class extends Error {},
    },
    permissions: { query: () => Promise.resolve({ state: "granted" }) },
    async *readDir() {
      for (const name of Object.keys(files)) {
        yield await Promise.resolve({ name, isFile: true, isDirectory: false });
      }
    },
    open: (path: string) =>
      Promise.resolve({
        readable: new Blob([textAt(path)]).stream(),
        stat: () => Promise.resolve({ mode: 0o644, mtime: new Date(0) }),
        close() {},
        [DISPOSE]() {},
      }),
  };
}
