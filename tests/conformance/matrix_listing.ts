import type {
  CallOptions,
  FileInfo,
  FolderEntry,
  FolderInfo,
  StoreLike,
} from "../../mod.ts";
import { assert, assertEquals, assertSameSet } from "./assert.ts";
import { type Bench, bytesOf, collect } from "./bench.ts";
import {
  groupsOf,
  invalidPath,
  notFound,
  type Row,
  type Variant,
} from "./matrix.ts";
import { assertInfo } from "./matrix_probing.ts";
import type { Group } from "./points.ts";
import type { Refusal } from "./refusals.ts";
import { seen, type Site, textAt } from "./states.ts";

/** Options of every method that lists. */
interface Listing extends CallOptions {
  readonly recursive?: boolean;
  readonly maxDepth?: number;
  readonly pattern?: string;
}

const PLAIN: readonly Variant<Listing>[] = [
  { label: "no options", options: {}, everywhere: true },
];

const BAD_DEPTHS: readonly Variant<Listing>[] = [
  -1,
  1.5,
  NaN,
  Infinity,
  "1",
  null,
].map((maxDepth) => ({
  label: `maxDepth ${maxDepth} (${typeof maxDepth})`,
  options: { maxDepth } as Listing,
  bad: true,
  everywhere: maxDepth === -1 || Number.isNaN(maxDepth),
}));

const BAD_FLAGS: readonly Variant<Listing>[] = ["false", 0, null].map(
  (recursive) => ({
    label: `recursive ${JSON.stringify(recursive)}`,
    options: { recursive } as unknown as Listing,
    bad: true,
  }),
);

const BAD_PATTERNS: readonly Variant<Listing>[] = ["", 7, null].map(
  (pattern) => ({
    label: `pattern ${JSON.stringify(pattern)}`,
    options: { pattern } as unknown as Listing,
    bad: true,
  }),
);

/** Returns the files that a site holds, by their path below it. */
export function below(site: Site): string[] {
  if (site.kind === "root") return [...site.files];
  const start = `${site.canonical}/`;
  return site.kind === "folder"
    ? site.files.filter((file) => file.startsWith(start))
      .map((file) => file.slice(start.length))
    : [];
}

/** Returns the path of what lies below a site. */
export function join(site: Site, tail: string): string {
  return site.kind === "root" ? tail : `${site.canonical}/${tail}`;
}

/** Returns how many folders lie between a listed path and a file below it. */
export function depthOf(tail: string): number {
  return tail.split("/").length - 1;
}

/** Returns the folders below a site, down to a depth. */
export function foldersBelow(
  tails: readonly string[],
  depth: number,
): string[] {
  const folders = new Set<string>();
  for (const tail of tails) {
    const names = tail.split("/").slice(0, -1);
    names.forEach((_, at) => {
      if (at <= depth) folders.add(names.slice(0, at + 1).join("/"));
    });
  }
  return [...folders];
}

function assertFiles(
  files: readonly FileInfo[],
  site: Site,
  wanted: readonly string[],
): void {
  const paths = wanted.map((tail) => join(site, tail));
  assertSameSet(files.map(({ path }) => path), paths, "the files listed");
  for (const file of files) {
    const text = textAt(file.path);
    // Listings may leave metadata out, and the suite gives none here.
    assertInfo(file, { ...site, canonical: file.path, text });
  }
}

function assertFolders(
  folders: readonly FolderEntry[],
  site: Site,
  wanted: readonly string[],
): void {
  const paths = wanted.map((tail) => join(site, tail));
  assertSameSet(folders.map(({ path }) => path), paths, "the folders listed");
  for (const folder of folders) {
    assertEquals(folder.kind, "folder", "kind");
    assertEquals(folder.name, folder.path.split("/").at(-1), "name (MOD-008)");
    assert(Object.isFrozen(folder), "the entry is not frozen (MOD-006)");
  }
}

const listing = {
  gates: ["list"],
  root: true,
  mutates: false,
  // Absent, a file, below a file: an empty listing, never an error (Gap 3).
  outcome: () => null,
} as const;

const LIST_FILES: Row<Listing> = {
  ...listing,
  method: "listFiles",
  id: "BE-014",
  variants: [
    ...PLAIN,
    { label: "recursive", options: { recursive: true }, everywhere: true },
    { label: "maxDepth 1", options: { maxDepth: 1 }, everywhere: true },
    { label: "a pattern", options: { pattern: "t*.txt" }, everywhere: true },
    ...BAD_DEPTHS,
    ...BAD_FLAGS,
    ...BAD_PATTERNS,
  ],
  call: (store, { path }, options) => collect(store.listFiles(path, options)),
  judge(value, site, { recursive, maxDepth, pattern }) {
    const depth = maxDepth ?? (recursive ? Infinity : 0);
    const wanted = below(site).filter((tail) =>
      depthOf(tail) <= depth &&
      (pattern === undefined || /(^|\/)t[^/]*\.txt$/.test(tail))
    );
    assertFiles(value as FileInfo[], site, wanted);
  },
};

const LIST_FOLDERS: Row<Listing> = {
  ...listing,
  method: "listFolders",
  id: "BE-015",
  variants: [
    ...PLAIN,
    { label: "maxDepth 2", options: { maxDepth: 2 }, everywhere: true },
    ...BAD_DEPTHS,
  ],
  call: (store, { path }, options) => collect(store.listFolders(path, options)),
  judge(value, site, { maxDepth = 0 }) {
    const wanted = foldersBelow(below(site), maxDepth);
    assertFolders(value as FolderEntry[], site, wanted);
  },
};

const ITER_CHILDREN: Row<Listing> = {
  ...listing,
  method: "iterChildren",
  id: "BE-026",
  variants: PLAIN,
  call: (store, { path }, options) =>
    collect(store.iterChildren(path, options)),
  judge(value, site) {
    const children = value as (FileInfo | FolderEntry)[];
    const tails = below(site);
    const files = tails.filter((tail) => depthOf(tail) === 0);
    const isFile = (child: FileInfo | FolderEntry): child is FileInfo =>
      child.kind === "file";
    assertFiles(children.filter(isFile), site, files);
    const folders = children.filter((child) => child.kind === "folder");
    assertFolders(folders, site, foldersBelow(tails, 0));
  },
};

function sumOutcome(site: Site, _: Listing, bench: Bench): Refusal | null {
  const kind = seen(site, bench.target);
  if (kind === "file") return invalidPath(site);
  return kind === "absent" || kind === "below" ? notFound(site) : null;
}

const GET_FOLDER_INFO: Row<Listing> = {
  method: "getFolderInfo",
  id: "BE-017",
  gates: ["metadata", "list"],
  root: true,
  mutates: false,
  variants: [
    ...PLAIN,
    ...[0, 1].map((maxDepth) => ({
      label: `maxDepth ${maxDepth}`,
      options: { maxDepth },
      everywhere: true,
    })),
    ...BAD_DEPTHS,
  ],
  outcome: sumOutcome,
  call: (store: StoreLike, { path }, options) =>
    store.getFolderInfo(path, options),
  judge(value, site, { maxDepth = Infinity }) {
    const info = value as FolderInfo;
    const files = below(site).filter((tail) => depthOf(tail) <= maxDepth);
    const bytes = files.map((tail) => bytesOf(textAt(join(site, tail))));
    assertEquals(info.kind, "folder", "kind");
    assertEquals(info.path, site.canonical, "path");
    assertEquals(info.name, site.canonical.split("/").at(-1), "name");
    assertEquals(info.fileCount, files.length, "fileCount");
    const size = bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assertEquals(info.totalSize, size, "totalSize");
    assert(Object.isFrozen(info), "the info is not frozen (MOD-004)");
    const time = info.lastModified;
    assert(
      time === null || (files.length > 0 && Number.isFinite(time.getTime())),
      "lastModified (RFC-0017)",
    );
  },
};

/** Methods that list × options × states. */
export const LISTING: readonly Group[] = [
  ...groupsOf(LIST_FILES),
  ...groupsOf(LIST_FOLDERS),
  ...groupsOf(ITER_CHILDREN),
  ...groupsOf(GET_FOLDER_INFO),
];
