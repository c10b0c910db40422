import type { ListFilesOptions } from "../../mod.ts";
import { assertEquals, assertSameSet } from "./assert.ts";
import { type Bench, bytesOf, collect } from "./bench.ts";
import { depthOf, foldersBelow } from "./matrix_listing.ts";
import type { Group, Point } from "./points.ts";

/** One file at each depth and beside each folder, as paths below the tree's root. */
const TREE: readonly string[] = [
  "a.txt",
  "b.csv",
  ".hidden.txt",
  "ab/c.txt",
  "ab/D.TXT",
  "ab/cd/e.txt",
  "ab/cd/ef/g.txt",
  "ab/cd/ef/gh/i.csv",
  "abc/j.txt",
  "z[1]/k*.txt",
];

/** Where a listing can start in the tree, and how that is written. */
const STARTS: readonly (readonly [key: string, path: string])[] = [
  ["", ""],
  ["", "."],
  ["", "/"],
  ["ab", "ab"],
  ["ab", "./ab//"],
  ["ab/cd", "ab\\cd"],
  ["ab/cd/ef", "ab/cd/ef"],
  ["abc", "abc"],
  ["z[1]", "z[1]"],
];

const DEPTHS = [undefined, 0, 1, 2, 3, 100] as const;

/** Patterns with an independent answer for each name. */
const PATTERNS: readonly (readonly [string, (name: string) => boolean])[] = [
  ["*", () => true],
  ["*.txt", (name) => name.endsWith(".txt")],
  ["?.csv", (name) => name.length === 5 && name.endsWith(".csv")],
  ["[a-e].*", (name) => /^[a-e]\./.test(name)],
  ["[!a]*", (name) => !name.startsWith("a")],
  ["k[*].txt", (name) => name === "k*.txt"],
  ["[a", () => false],
  ["a.tx", () => false],
  ["ab/*", () => false],
];

const TREE_KEY = {};

async function plant(bench: Bench): Promise<void> {
  await bench.once(TREE_KEY, () => bench.putAll(TREE));
}

function tailsBelow(start: string): string[] {
  if (start === "") return [...TREE];
  return TREE.filter((path) => path.startsWith(`${start}/`))
    .map((path) => path.slice(start.length + 1));
}

const full = (start: string, tail: string) =>
  start === "" ? tail : `${start}/${tail}`;

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function point(label: string, run: (bench: Bench) => Promise<void>): Point {
  return {
    label,
    allowed: (target) => target.seedable && target.has("list"),
    async run(bench) {
      await plant(bench);
      await run(bench);
    },
  };
}

function filesPoint(
  start: string,
  path: string,
  options: ListFilesOptions,
  matches: (name: string) => boolean,
): Point {
  const label = `listFiles ${JSON.stringify(path)} ${JSON.stringify(options)}`;
  return point(label, async ({ store }) => {
    const { recursive, maxDepth } = options;
    const depth = maxDepth ?? (recursive ? Infinity : 0);
    const wanted = tailsBelow(start)
      .filter((tail) => depthOf(tail) <= depth && matches(nameOf(tail)))
      .map((tail) => full(start, tail));
    const files = await collect(store.listFiles(path, options));
    assertSameSet(files.map((file) => file.path), wanted, "the files listed");
    const deepest = Math.max(
      -1,
      ...files.map((file) =>
        file.path.split("/").length -
        (start === "" ? 0 : start.split("/").length) - 1
      ),
    );
    const reachable = Math.max(
      -1,
      ...wanted.map((at) =>
        depthOf(start === "" ? at : at.slice(start.length + 1))
      ),
    );
    assertEquals(deepest, reachable, "the greatest depth listed (DEPTH-001)");
  });
}

function startPoints(start: string, path: string): Point[] {
  const all = () => true;
  return [
    ...[undefined, false, true].flatMap((recursive) =>
      DEPTHS.map((maxDepth) => {
        const options: ListFilesOptions = {
          ...(recursive === undefined ? {} : { recursive }),
          ...(maxDepth === undefined ? {} : { maxDepth }),
        };
        return filesPoint(start, path, options, all);
      })
    ),
  ];
}

function patternPoints(start: string, path: string): Point[] {
  return PATTERNS.flatMap(([pattern, matches]) =>
    [{}, { recursive: true }, { maxDepth: 1 }].map((options) =>
      filesPoint(start, path, { ...options, pattern }, matches)
    )
  );
}

function folderPoints(start: string, path: string): Point[] {
  return DEPTHS.map((maxDepth) =>
    point(
      `listFolders ${JSON.stringify(path)}, maxDepth ${maxDepth}`,
      async ({ store }) => {
        const options = maxDepth === undefined ? {} : { maxDepth };
        const folders = await collect(store.listFolders(path, options));
        const wanted = foldersBelow(tailsBelow(start), maxDepth ?? 0)
          .map((tail) => full(start, tail));
        const paths = folders.map((folder) => folder.path);
        assertSameSet(paths, wanted, "the folders listed");
      },
    )
  );
}

function sumPoints(start: string, path: string): Point[] {
  return DEPTHS.map((maxDepth) => ({
    ...point(
      `getFolderInfo ${JSON.stringify(path)}, maxDepth ${maxDepth}`,
      async ({ store }) => {
        const options = maxDepth === undefined ? {} : { maxDepth };
        const info = await store.getFolderInfo(path, options);
        const files = tailsBelow(start)
          .filter((tail) => depthOf(tail) <= (maxDepth ?? Infinity))
          .map((tail) => full(start, tail));
        const size = files.reduce((sum, at) => sum + bytesOf(at).byteLength, 0);
        assertEquals(
          [info.path, info.fileCount, info.totalSize],
          [start === "" ? "." : start, files.length, size],
          "path, fileCount and totalSize",
        );
      },
    ),
    allowed: (target) =>
      target.seedable && target.has("list") && target.has("metadata"),
  }));
}

function childrenPoint(start: string, path: string): Point {
  return point(`iterChildren ${JSON.stringify(path)}`, async ({ store }) => {
    const children = await collect(store.iterChildren(path));
    const tails = tailsBelow(start);
    const wanted = [
      ...tails.filter((tail) => depthOf(tail) === 0),
      ...foldersBelow(tails, 0).map((tail) => `${tail}/`),
    ].map((tail) => full(start, tail));
    const seen = children.map(({ kind, path: at }) =>
      kind === "folder" ? `${at}/` : at
    );
    assertSameSet(seen, wanted, "the children, folders with a slash");
  });
}

function over(
  points: (start: string, path: string) => Point[],
): readonly Point[] {
  return STARTS.flatMap(([start, path]) => points(start, path));
}

/** Listings of one tree × where they start × depth × pattern. */
export const DEPTH: readonly Group[] = [
  {
    ids: "DEPTH-001, STORE-016, BE-014",
    title: "listFiles: every depth from every folder",
    points: over(startPoints),
  },
  {
    ids: "GLOB-001, STORE-014, BE-014",
    title: "listFiles: patterns match the name",
    points: over(patternPoints),
  },
  {
    ids: "DEPTH-002, BE-015",
    title: "listFolders: every depth from every folder",
    points: over(folderPoints),
  },
  {
    ids: "BE-026, ITER-001",
    title: "iterChildren: from every folder",
    points: over((start, path) => [childrenPoint(start, path)]),
  },
  {
    ids: "FOLDERINFO-001, BE-017",
    title: "getFolderInfo: every depth from every folder",
    points: over(sumPoints),
  },
];
