import { assertEquals, assertSameSet, thrownAtCall } from "./assert.ts";
import { type Bench, collect } from "./bench.ts";
import type { Group, Point } from "./points.ts";
import { assertRefusal, type Refusal, unsupported } from "./refusals.ts";

const TREE: readonly string[] = [
  "top.txt",
  "gr/a.txt",
  "gr/sub/b.txt",
  "gr/sub/deep/c.txt",
  "gr/sub/deep/c.csv",
  "gf/1",
  "gf/x/2",
  "gf/x/y/3",
  "grr/d.txt",
  "od[d]/e*.txt",
  "od[d]/ee.txt",
  "Gr/A.TXT",
];

/** Patterns, each with what it matches, written out by hand. */
const CELLS: readonly (readonly [string, readonly string[]])[] = [
  ["gr/**/*.txt", ["gr/a.txt", "gr/sub/b.txt", "gr/sub/deep/c.txt"]],
  ["gf/**/*", ["gf/1", "gf/x/2", "gf/x/y/3"]],
  ["gf/**", ["gf/1", "gf/x/2", "gf/x/y/3"]],
  ["**/3", ["gf/x/y/3"]],
  ["**", TREE],
  ["*", ["top.txt"]],
  ["*.txt", ["top.txt"]],
  ["*/*.txt", ["gr/a.txt", "grr/d.txt", "od[d]/e*.txt", "od[d]/ee.txt"]],
  ["gr/*", ["gr/a.txt"]],
  ["gr/?.txt", ["gr/a.txt"]],
  ["gr/su?/b.txt", ["gr/sub/b.txt"]],
  ["gr?/d.txt", ["grr/d.txt"]],
  ["gr/[abc].txt", ["gr/a.txt"]],
  ["gr/[!abc].txt", []],
  ["gr[!a]d.txt", []],
  ["gr[/]a.txt", []],
  ["gr/sub/deep/c.[a-c]*", ["gr/sub/deep/c.csv"]],
  ["gr/a.txt", ["gr/a.txt"]],
  ["./gr//a.txt", ["gr/a.txt"]],
  ["gr", []],
  ["gr/", []],
  ["gr/**/c.*", ["gr/sub/deep/c.txt", "gr/sub/deep/c.csv"]],
  ["**/sub/**/*.txt", ["gr/sub/b.txt", "gr/sub/deep/c.txt"]],
  ["od[[]d]/*", ["od[d]/e*.txt", "od[d]/ee.txt"]],
  ["od[[]d]/e[*].txt", ["od[d]/e*.txt"]],
  ["GR/*", []],
  ["Gr/*", ["Gr/A.TXT"]],
  ["none/**", []],
  ["gr/*.(txt|csv)", []],
  ["gr/.*", []],
];

const TREE_KEY = {};

function cell(pattern: string, wanted: readonly string[], root: string): Point {
  return {
    label: `${JSON.stringify(pattern)} in ${root || "the root"}`,
    allowed: (target) => target.has("glob") && target.seedable,
    async run(bench) {
      await bench.once(TREE_KEY, async () => {
        await bench.putAll(TREE);
        // Its root has wildcards in its own name, and they stand for themselves.
        await bench.putAll(TREE.map((path) => `ro[o]t*/in/${path}`));
      });
      const { store } = bench;
      const at = root === "" ? store : store.child(root);
      const files = await collect(at.glob(pattern));
      const all = root === "" && pattern.startsWith("**")
        ? wanted.flatMap((path) => [path, `ro[o]t*/in/${path}`])
        : wanted;
      assertSameSet(files.map(({ path }) => path), all, "the files");
      for (const { kind } of files) assertEquals(kind, "file", "kind");
    },
  };
}

function refused(
  label: string,
  pattern: string,
  refusal: (bench: Bench) => Refusal,
): Point {
  return {
    label,
    allowed: () => true,
    run(bench) {
      const error = thrownAtCall(() => bench.store.glob(pattern), "glob");
      assertRefusal(error, refusal(bench), bench);
      return Promise.resolve();
    },
  };
}

/** Native glob. */
export const GLOB_TESTS: readonly Group[] = [
  {
    ids: "GLOB-014, GLOB-002",
    title: "glob: what each pattern matches",
    points: CELLS.map(([pattern, wanted]) => cell(pattern, wanted, "")),
  },
  {
    ids: "STORE-018, GLOB-014",
    title: "glob: below a root whose name has wildcards",
    points: CELLS.map(([pattern, wanted]) =>
      cell(pattern, wanted, "ro[o]t*/in")
    ),
  },
  {
    ids: "GLOB-003, ASYNC-045",
    title: "glob: bad patterns are refused at the call",
    points: [
      refused("empty", "", () => ({ code: "InvalidArgument" })),
      refused("no text", 7 as never, () => ({ code: "InvalidArgument" })),
    ],
  },
  {
    ids: "STORE-006, GLOB-003, CAP-007",
    title: "glob: without GLOB it is refused at the call",
    points: [{
      ...refused("gate", "*", () => unsupported("glob")),
      allowed: (target) => !target.has("glob"),
    }],
  },
];
