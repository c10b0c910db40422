import type {
  DeleteFolderOptions,
  DeleteOptions,
  StoreLike,
} from "../../mod.ts";
import { assert, assertSameSet } from "./assert.ts";
import type { Bench } from "./bench.ts";
import {
  groupsOf,
  invalidPath,
  notFound,
  type Row,
  type Variant,
} from "./matrix.ts";
import type { Group } from "./points.ts";
import type { Refusal } from "./refusals.ts";
import { assertUntouched, seen, type Site } from "./states.ts";

const FLAGS = [undefined, false, true] as const;

/** What is no flag: each would count as true, or as false, by accident. */
export const NO_FLAGS: readonly unknown[] = ["false", 0, 1, null];

const DELETE: Row<DeleteOptions> = {
  method: "delete",
  id: "BE-012",
  gates: ["delete"],
  root: false,
  mutates: true,
  variants: [
    ...FLAGS.map((missingOk) => ({
      label: `missingOk ${missingOk}`,
      options: { missingOk },
      everywhere: true,
    })),
    ...NO_FLAGS.map((missingOk) => ({
      label: `missingOk ${JSON.stringify(missingOk)}`,
      options: { missingOk } as DeleteOptions,
      bad: true,
    })),
  ],
  outcome(site, { missingOk }, bench) {
    const kind = seen(site, bench.target);
    if (kind === "folder" || kind === "hollow") return invalidPath(site);
    return kind === "file" || missingOk ? null : notFound(site);
  },
  call: (store, { path }, options) => store.delete(path, options),
  async judge(value, site, _, bench) {
    assert(value === undefined, "delete gives a result");
    if (site.kind !== "file") return await assertUntouched(site, bench);
    assert(
      !await bench.store.isFile(site.canonical),
      "the file is still there",
    );
    const isLasting = bench.target.namespace === "hierarchical";
    const folder = await bench.store.isFolder(site.plot);
    assert(folder === isLasting, "the folder of the last file (MEM-014)");
  },
};

/** Deletes one path among many, and throws what failed. */
async function deleteAmongMany(
  store: StoreLike,
  path: string,
  options: DeleteOptions,
): Promise<undefined> {
  const failed = await store.deleteMany([path], options);
  const paths = [...failed.keys()];
  if (paths.length === 0) return;
  assert(
    paths.length === 1 && paths[0] === path,
    `failures at ${JSON.stringify(paths)}, expected the path as it was passed`,
  );
  throw failed.get(path);
}

const DELETE_MANY: Row<DeleteOptions> = {
  ...DELETE,
  method: "deleteMany",
  id: "BE-012, MANY-001",
  // Whether the capability or each path comes first, the rules leave open.
  decided: (state, _variant, target) =>
    target.has("delete") ||
    (state.kind !== "root" && state.kind !== "malformed"),
  // MANY-001: where a miss is fine, nobody is asked what else stands there.
  outcome: (site, options, bench) =>
    options.missingOk && (site.kind === "folder" || site.kind === "hollow")
      ? null
      : DELETE.outcome(site, options, bench),
  call: (store, { path }, options) => deleteAmongMany(store, path, options),
};

const RECURSION: readonly Variant<DeleteFolderOptions>[] = [
  ...FLAGS.flatMap((recursive) =>
    FLAGS.map((missingOk) => ({
      label: `recursive ${recursive}, missingOk ${missingOk}`,
      options: { recursive, missingOk },
      everywhere: true,
    }))
  ),
  ...NO_FLAGS.map((recursive) => ({
    label: `recursive ${JSON.stringify(recursive)}`,
    options: { recursive } as DeleteFolderOptions,
    bad: true,
  })),
];

function folderOutcome(
  site: Site,
  { recursive, missingOk }: DeleteFolderOptions,
  _bench: Bench,
): Refusal | null {
  switch (site.kind) {
    case "file":
      return invalidPath(site);
    case "folder":
      return recursive
        ? null
        : { code: "DirectoryNotEmpty", paths: site.paths };
    case "hollow":
      return null;
    default:
      return missingOk ? null : notFound(site);
  }
}

const DELETE_FOLDER: Row<DeleteFolderOptions> = {
  method: "deleteFolder",
  id: "BE-013",
  gates: ["delete"],
  root: false,
  mutates: true,
  variants: RECURSION,
  // Folders are seen by listing them.
  decided: (state, { bad }, target) =>
    bad === true || state.kind === "root" || state.kind === "malformed" ||
    target.has("list") || !target.has("delete"),
  outcome: folderOutcome,
  call: (store, { path }, options) => store.deleteFolder(path, options),
  async judge(value, site, _, bench) {
    assert(value === undefined, "deleteFolder gives a result");
    const { store } = bench;
    if (site.kind !== "folder" && site.kind !== "hollow") {
      return await assertUntouched(site, bench);
    }
    assert(!await store.exists(site.canonical), "the folder is still there");
    const below = `${site.canonical}/`;
    const others = site.files.filter((file) => !file.startsWith(below));
    const left = await bench.filesBelow(site.plot);
    assertSameSet(left, others, "the files beside the folder");
  },
};

/** Methods that delete × flags × states. */
export const DELETING: readonly Group[] = [
  ...groupsOf(DELETE),
  ...groupsOf(DELETE_MANY),
  ...groupsOf(DELETE_FOLDER),
];
