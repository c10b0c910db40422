/**
 * Random sequences of operations, run on a store and on the model side by side.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isRemoteStoreError, Store, type StoreLike } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { Model } from "./model.ts";

/** Where a sequence happens: the store, what it should do, and the folder in front of every path. */
interface World {
  readonly store: StoreLike;
  readonly model: Model;
  readonly prefix: string;
}

/** One step: what it is called in a counterexample, and what it compares. */
interface Step {
  readonly text: string;
  run(world: World): Promise<void>;
}

// Few names, so that files, folders and paths below files meet all the time.
const path = fc.constantFrom(
  "a",
  "b",
  "a/a",
  "a/b",
  "b/a",
  "a/a/a",
  "a/a/b",
  "b/a/b",
);
const folder = fc.constantFrom("", "a", "b", "a/a", "a/b", "b/a", "a/a/b");
const text = fc.string({ unit: fc.constantFrom("x", "y", "é"), maxLength: 6 });
const bool = fc.boolean();
const tag = fc.constantFrom(null, "t1", "t2");

/** A step whose outcome is one word on both sides. */
function step(
  text: string,
  real: (store: StoreLike) => Promise<string | void>,
  model: (model: Model, prefix: string) => string,
): Step {
  return {
    text,
    async run({ store, model: oracle, prefix }) {
      assertEquals(await outcome(real(store)), model(oracle, prefix), text);
    },
  };
}

async function outcome(promise: Promise<string | void>): Promise<string> {
  try {
    return await promise ?? "ok";
  } catch (error) {
    if (isRemoteStoreError(error)) return error.code;
    throw error;
  }
}

function writing(how: "bytes" | "stream" | "atomic" | "pieces") {
  return fc.tuple(path, text, bool, tag).map(([at, content, overwrite, tag]) =>
    step(`write ${how} ${at} ${content} ${overwrite} ${tag}`, async (store) => {
      const options = { overwrite, metadata: tag === null ? null : { tag } };
      if (how === "bytes") await store.write(at, content, options);
      if (how === "stream") await store.write(at, new Blob([content]), options);
      if (how === "atomic") await store.writeAtomic(at, content, options);
      if (how === "pieces") {
        await using writer = await store.openAtomic(at, options);
        for (const char of content) await writer.write(char);
        await writer.close();
      }
    }, (model, prefix) => model.write(prefix + at, content, overwrite, tag))
  );
}

const reading = path.map((at) =>
  step(
    `read ${at}`,
    (store) => store.readText(at),
    (model, prefix) => model.read(prefix + at),
  )
);

const ranging = fc.tuple(path, fc.nat(14), fc.option(fc.nat(14)), bool)
  .map(([at, offset, length, suffix]) =>
    step(`range ${at} ${offset} ${length} ${suffix}`, async (store) => {
      const range = suffix
        ? { suffix: offset }
        : { offset, length: length ?? undefined };
      return [...await store.readBytes(at, { range })].join();
    }, (model, prefix) => {
      const found = model.read(prefix + at);
      if (!model.files.has(prefix + at)) return found;
      const bytes = new TextEncoder().encode(found);
      const start = suffix ? Math.max(0, bytes.length - offset) : offset;
      const end = suffix
        ? undefined
        : length === null
        ? undefined
        : start + length;
      return [...bytes.slice(start, end)].join();
    })
  );

const deleting = fc.tuple(path, bool).map(([at, missingOk]) =>
  step(
    `delete ${at} ${missingOk}`,
    (store) => store.delete(at, { missingOk }),
    (model, prefix) => model.delete(prefix + at, missingOk),
  )
);

const deletingFolder = fc.tuple(path, bool, bool)
  .map(([at, recursive, missingOk]) =>
    step(
      `deleteFolder ${at} ${recursive} ${missingOk}`,
      (store) => store.deleteFolder(at, { recursive, missingOk }),
      (model, prefix) => model.deleteFolder(prefix + at, recursive, missingOk),
    )
  );

const transferring = fc.tuple(bool, path, path, bool)
  .map(([keep, from, to, overwrite]) =>
    step(
      `${keep ? "copy" : "move"} ${from} ${to} ${overwrite}`,
      (store) => store[keep ? "copy" : "move"](from, to, { overwrite }),
      (model, prefix) =>
        model.transfer(prefix + from, prefix + to, overwrite, keep),
    )
  );

const listing = fc.tuple(folder, fc.nat(2)).map(([at, maxDepth]): Step => ({
  text: `list ${at} ${maxDepth}`,
  run: async (world) => await compareListing(world, at, maxDepth),
}));

const probing = path.map((at): Step => ({
  text: `probe ${at}`,
  async run({ store, model, prefix }) {
    const file = model.files.get(prefix + at);
    const isFolder = model.folders.has(prefix + at);
    assertEquals(await store.isFile(at), file !== undefined, at);
    assertEquals(await store.isFolder(at), isFolder, at);
    assertEquals(await store.exists(at), isFolder || file !== undefined, at);
    if (file === undefined) return;
    const info = await store.getFileInfo(at);
    assertEquals(info.size, new TextEncoder().encode(file.text).length);
    assertEquals(info.metadata, file.tag === null ? null : { tag: file.tag });
  },
}));

/** Compares everything that a listing of a folder can show. */
export async function compareListing(
  { store, model, prefix }: World,
  at: string,
  maxDepth: number,
): Promise<void> {
  const place = `${prefix}${at}`.replace(/\/$/, "");
  const found = model.list(place, maxDepth);
  const own = (paths: string[]) => paths.map((p) => p.slice(prefix.length));
  const files = await Array.fromAsync(store.listFiles(at, { maxDepth }));
  assertEquals(files.map((file) => file.path).sort(), own(found.files));
  const folders = await Array.fromAsync(store.listFolders(at, { maxDepth }));
  assertEquals(folders.map((one) => one.path).sort(), own(found.folders));
  const flat = model.list(place, 0);
  const children = await Array.fromAsync(store.iterChildren(at));
  assertEquals(
    children.map((one) => one.path).sort(),
    own([...flat.files, ...flat.folders]).sort(),
  );
  if (at !== "" && !model.folders.has(place)) return;
  const sum = await store.getFolderInfo(at);
  const all = model.list(place, Infinity).files;
  const bytes = all.reduce((n, file) => {
    const { text = "" } = model.files.get(file) ?? {};
    return n + new TextEncoder().encode(text).length;
  }, 0);
  assertEquals([sum.fileCount, sum.totalSize], [all.length, bytes]);
}

/** Sequences of steps; a counterexample prints them by their text. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    writing("bytes"),
    writing("stream"),
    writing("atomic"),
    writing("pieces"),
    reading,
    ranging,
    deleting,
    deletingFolder,
    transferring,
    listing,
    probing,
  ).map((one) => ({ ...one, [fc.toStringMethod]: () => one.text })),
  { maxLength: 24 },
);

/** Runs a sequence on a fresh memory and compares everything at its end. */
export async function runSequence(
  steps: readonly Step[],
  inChild: boolean,
): Promise<void> {
  const whole = new Store({ backend: new MemoryBackend() });
  const prefix = inChild ? "root/of child/" : "";
  const store = inChild ? whole.child("root").child("of child") : whole;
  const world: World = { store, model: new Model(), prefix };
  for (const { run } of steps) await run(world);
  await compareListing(world, "", 9);
  for (const [key, { text }] of world.model.files) {
    assertEquals(await whole.readText(key), text);
  }
}

/** Checks as many sequences as wanted; a failure shrinks and names its seed. */
export async function checkSequences(
  runs: number,
  seed: number,
): Promise<void> {
  await fc.assert(fc.asyncProperty(sequences, fc.boolean(), runSequence), {
    numRuns: runs,
    seed,
  });
}
