/**
 * The demo: copies a folder of real files into a store, reads everything back and
 * compares it byte by byte, then shows listings, copies, moves and refusals.
 *
 * ```sh
 * deno task demo [backend] [folder]
 * ```
 *
 * @module
 */
import {
  Capability,
  isRemoteStoreError,
  pathSuffix,
  Store,
  type WriteResult,
} from "@remote-store/core";
import { BACKENDS } from "./backends.ts";
import { type Backends, BadInput, parse, usage } from "./command_line.ts";
import { areEqual } from "./compare.ts";
import { findFiles } from "./folder.ts";
import { align, count, shorten } from "./table.ts";

/** Where the demo prints to. */
export interface Output {
  /** Takes a line for standard output. */
  readonly out: (line: string) => void;
  /** Takes a line for standard error. */
  readonly err: (line: string) => void;
}

/** How many files are on their way at once. */
const FILES_IN_FLIGHT = 8;
/** How many lines of a list are shown. */
const SHOWN = 10;

/** Runs the demo and returns its exit code: 0, 1 for a difference or a failure, 2 for bad input. */
export async function main(
  args: readonly string[],
  output: Output,
  backends: Backends = BACKENDS,
): Promise<number> {
  try {
    const input = parse(args, backends);
    if (input === "help") {
      output.out(usage(backends));
      return 0;
    }
    const files = await findFiles(input);
    const outer = new Store({ backend: input.backend });
    // A folder of its own, so that the demo touches nothing else in a real bucket.
    const folder = `quickstart-${crypto.randomUUID().slice(0, 8)}`;
    try {
      return await demonstrate(
        outer.child(folder),
        input.folder,
        files,
        output,
      );
    } finally {
      await cleanUp(outer, folder, output);
    }
  } catch (error) {
    output.err(error instanceof Error ? error.message : String(error));
    return error instanceof BadInput ? 2 : 1;
  }
}

// Not to hide the failure that may have led here, its own is only printed.
async function cleanUp(
  outer: Store,
  folder: string,
  { err }: Output,
): Promise<void> {
  try {
    await outer.deleteFolder(folder, { recursive: true, missingOk: true });
    await outer.close();
  } catch (error) {
    err(`Left behind: ${error instanceof Error ? error.message : error}`);
  }
}

async function demonstrate(
  store: Store,
  folder: string,
  files: readonly string[],
  { out, err }: Output,
): Promise<number> {
  const results = await writeAll(store, folder, files);
  const example = results.find(({ path }) => path.endsWith("README.md"))
    ?.path ?? files[0] ?? "";
  out(`Written from "${folder}" to ${store}`);
  printResults(results, out);
  await printListings(store, `*${pathSuffix(example)}`, out);

  const differences = await compareAll(store, folder, results);
  const bytes = results.reduce((sum, { size }) => sum + size, 0);
  const info = await store.getFolderInfo("");
  const sum = `${count(info.fileCount, "file")}, ${
    count(info.totalSize, "byte")
  }`;
  title('getFolderInfo("")', out);
  out(`  ${sum}`);
  if (info.fileCount !== files.length || info.totalSize !== bytes) {
    differences.push(`the folder sums up to ${sum}`);
  }
  differences.push(...await copyAndMove(store, example, out));
  await printRefusals(store, example, out);

  for (const difference of differences) err(`Difference: ${difference}`);
  out("");
  out(
    `${count(files.length, "file")}, ${count(bytes, "byte")} ` +
      `written, read back and compared; ` +
      count(differences.length, "difference"),
  );
  return differences.length === 0 ? 0 : 1;
}

/** Writes every file as a stream, with its mode and time as metadata. */
async function writeAll(
  store: Store,
  folder: string,
  files: readonly string[],
): Promise<WriteResult[]> {
  const results: WriteResult[] = [];
  await forEach(files, async (path, index) => {
    using file = await Deno.open(`${folder}/${path}`);
    const { mode, mtime } = await file.stat();
    const metadata: Record<string, string> = {};
    if (mode !== null) metadata.mode = (mode & 0o777).toString(8);
    if (mtime !== null) metadata.mtime = mtime.toISOString();
    // Asked before and never dropped in silence: a store without USER_METADATA refuses it.
    const options = store.supports(Capability.USER_METADATA)
      ? { metadata }
      : {};
    results[index] = await store.write(path, file.readable, options);
  });
  return results;
}

/** Reads every file back and names those whose bytes are not those of the folder. */
async function compareAll(
  store: Store,
  folder: string,
  results: readonly WriteResult[],
): Promise<string[]> {
  const differences: string[] = [];
  await forEach(results, async ({ path }) => {
    using file = await Deno.open(`${folder}/${path}`);
    const stored = await store.read(path);
    if (!await areEqual(file.readable, stored)) differences.push(path);
  });
  return differences.sort();
}

/** Copies a file, moves the copy, and names what did not come along. */
async function copyAndMove(
  store: Store,
  path: string,
  out: Output["out"],
): Promise<string[]> {
  const differences: string[] = [];
  const before = await store.getFileInfo(path);
  await store.copy(path, "copied/there.bin");
  await store.move("copied/there.bin", "moved/here.bin");
  const after = await store.getFileInfo("moved/here.bin");
  if (await store.exists("copied/there.bin")) {
    differences.push("copied/there.bin is still there after the move");
  }
  if (!await areEqual(await store.read(path), await store.read(after.path))) {
    differences.push(`${after.path} does not hold the bytes of ${path}`);
  }
  const metadata = JSON.stringify(after.metadata);
  if (metadata !== JSON.stringify(before.metadata)) {
    differences.push(`${after.path} has the metadata ${metadata}`);
  }
  title("Copied, then moved", out);
  out(`  ${path} → copied/there.bin → ${after.path}`);
  out(`  metadata came along: ${metadata}`);
  return differences;
}

async function printListings(
  store: Store,
  pattern: string,
  out: Output["out"],
): Promise<void> {
  const options = { maxDepth: 1, pattern };
  title(`listFiles("", { maxDepth: 1, pattern: "${pattern}" })`, out);
  const paths = await Array.fromAsync(store.listFiles("", options));
  print(paths.map(({ path }) => path).sort(), out);

  title('listFolders("")', out);
  const folders = await Array.fromAsync(store.listFolders(""));
  const infos = await Promise.all(
    folders.map(({ path }) => store.getFolderInfo(path)),
  );
  print(
    align(infos.map(({ path, fileCount, totalSize }) => [
      path,
      count(fileCount, "file"),
      count(totalSize, "byte"),
    ])),
    out,
  );
}

/** Provokes errors on purpose and prints them as they are. */
async function printRefusals(
  store: Store,
  path: string,
  out: Output["out"],
): Promise<void> {
  const attempts: (() => Promise<unknown>)[] = [
    () => store.write(path, "created only if it is not there"),
    () => store.readText("no/such/file.txt"),
    () => store.readText("../outside.txt"),
  ];
  if (store.supports(Capability.CONDITIONAL_WRITE)) {
    attempts.push(() => store.write(path, "lost", { ifMatch: '"stale"' }));
  }
  if (!store.supports(Capability.GLOB)) {
    attempts.push(() => Array.fromAsync(store.glob("**/*.md")));
  }
  title("Refused, as asked for", out);
  for (const attempt of attempts) {
    try {
      await attempt();
      throw new Error("Cannot show a refusal: the store did not refuse");
    } catch (error) {
      if (!isRemoteStoreError(error)) throw error;
      out(`  ${error.code}: ${error.message}`);
    }
  }
}

function printResults(
  results: readonly WriteResult[],
  out: Output["out"],
): void {
  const rows = results.map((result) => [
    shorten(result.path),
    result.size.toLocaleString("en-US"),
    result.source,
    result.etag ?? "–",
    result.lastModified?.toISOString() ?? "–",
  ]);
  const head = ["path", "size", "source", "etag", "last modified"];
  const [first = "", ...lines] = align([head, ...rows]);
  out(`  ${first}`);
  print(lines, out);
}

function title(text: string, out: Output["out"]): void {
  out("");
  out(text);
}

function print(lines: readonly string[], out: Output["out"]): void {
  for (const line of lines.slice(0, SHOWN)) out(`  ${line}`);
  if (lines.length > SHOWN) out(`  … and ${lines.length - SHOWN} more`);
  if (lines.length === 0) out("  (none)");
}

/** Works on a few items at once; after a failure no further one is begun. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      await work(item, index).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: FILES_IN_FLIGHT }, worker));
  if (failures.length > 0) throw failures[0];
}

if (import.meta.main) {
  Deno.exitCode = await main(Deno.args, {
    out: (line) => console.log(line),
    err: (line) => console.error(line),
  });
}
