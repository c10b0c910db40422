import { assert } from "./assert.ts";
import type { Bench, Target } from "./bench.ts";

/** What stands at a path. */
export type Kind =
  | "absent"
  | "file"
  | "folder"
  | "hollow"
  | "below"
  | "root"
  | "malformed";

/** A path in some state, as a row of the table. */
export interface State {
  /** What a point's label says. */
  readonly name: string;
  /** The states that share a test. */
  readonly title: string;
  /** What stands there. */
  readonly kind: Kind;
  /** The path, below the folder of its point; a root or malformed path is taken as it is. */
  readonly path: string;
  /** The files to put first, below the folder of the point. */
  readonly files: readonly string[];
  /** How the path is written to the store. */
  readonly spell: (path: string) => string;
}

/** A state that is built: what to call, and what to expect. */
export interface Site {
  /** What stands there. */
  readonly kind: Kind;
  /** The path as it is given to the store. */
  readonly path: string;
  /** The path as the store says it. */
  readonly canonical: string;
  /** The folder of the point. */
  readonly plot: string;
  /** The text of the file there; `null` where there is none. */
  readonly text: string | null;
  /** All files that were put for it, as the store says them. */
  readonly files: readonly string[];
  /** What the path of an error may be. */
  readonly paths: readonly string[];
}

const same = (path: string) => path;

function state(
  title: string,
  kind: Kind,
  path: string,
  files: readonly string[] = [],
  spell: (path: string) => string = same,
  name = title,
): State {
  return { title, kind, path, files, spell, name };
}

const NEAR = ["folder/one.txt", "folder/sub/two.txt", "folder2/three.txt"];

/** The states that a path can be in, and the ways to write it. */
export const STATES: readonly State[] = [
  state("an absent path", "absent", "absent.txt"),
  state(
    "an absent path",
    "absent",
    "no/such/file.txt",
    [],
    same,
    "in an absent folder",
  ),
  // What a search for a prefix without its slash would find.
  state("an absent path", "absent", "fold", NEAR, same, "the start of others"),
  state("a file", "file", "file.txt", ["file.txt"]),
  state("a file", "file", "empty.bin", ["empty.bin"], same, "an empty file"),
  state("a folder", "folder", "folder", NEAR),
  state("a folder", "folder", "folder/sub", NEAR, same, "a subfolder"),
  state("an empty folder", "hollow", "hollow"),
  state("a path below a file", "below", "file.txt/x", ["file.txt"]),
  state(
    "a path below a file",
    "below",
    "file.txt/x/y",
    ["file.txt"],
    same,
    "two levels below a file",
  ),
  ...["", ".", "./", ".//", "./.", "/"].map((path) =>
    state("the root", "root", path, [], same, JSON.stringify(path))
  ),
  ...[
    ["..", ".."],
    ["a/../b", "a/../b"],
    ["a/..", "a/.."],
    ["..\\a", "..\\a"],
    ["a\\..\\b", "a\\..\\b"],
    ["with NUL", "a\0b"],
    ["with a lone surrogate", "a\ud800b"],
  ].map(([name = "", path = ""]) =>
    state("a malformed path", "malformed", path, [], same, name)
  ),
  ...spellings("a file", "file", "file.txt", ["file.txt"]),
  ...spellings("a folder", "folder", "folder", NEAR),
];

function spellings(
  of: string,
  kind: Kind,
  path: string,
  files: readonly string[],
): State[] {
  const title = `another spelling of ${of}`;
  const row = (name: string, spell: (path: string) => string) =>
    state(title, kind, path, files, spell, name);
  return [
    row("./a/b", (path) => `./${path}`),
    row("/a/b", (path) => `/${path}`),
    row("a//b", (path) => path.replaceAll("/", "//")),
    row("a/./b", (path) => path.replaceAll("/", "/./")),
    row("a\\b", (path) => path.replaceAll("/", "\\")),
    row("a/b/", (path) => `${path}/`),
  ];
}

/** The titles of the states, each once: one test for a method and a title. */
export const TITLES: readonly string[] = [
  ...new Set(STATES.map(({ title }) => title)),
];

/** Returns whether a state can be built on a target. */
export function isBuildable(state: State, target: Target): boolean {
  if (state.kind === "hollow") {
    return target.namespace === "hierarchical" && target.has("write") &&
      target.has("delete");
  }
  return state.files.length === 0 || target.seedable;
}

/** Returns the content that the suite gives to a file of a state. */
export function textAt(path: string): string {
  return path.endsWith("empty.bin") ? "" : `content of ${path}`;
}

const SURVIVORS = ["top.txt", "survivor/file.txt"];

/** Builds a state in a folder of its own; what cannot be built is left absent. */
export async function build(state: State, bench: Bench): Promise<Site> {
  const { kind, path } = state;
  if (kind === "root" || kind === "malformed") {
    const files = bench.target.seedable ? SURVIVORS : [];
    await bench.once(SURVIVORS, async () => {
      for (const file of files) await bench.put(file, textAt(file));
    });
    const paths = kind === "root" ? [path, "."] : [path];
    return { kind, path, canonical: ".", plot: "", text: null, files, paths };
  }
  const plot = bench.plot();
  const canonical = `${plot}/${path}`;
  const files = state.files.map((file) => `${plot}/${file}`);
  if (isBuildable(state, bench.target)) {
    for (const file of files) await bench.put(file, textAt(file));
    if (kind === "hollow") await bench.hollow(canonical);
  }
  return {
    kind,
    path: state.spell(canonical),
    canonical,
    plot,
    text: kind === "file" ? textAt(canonical) : null,
    files,
    paths: [canonical],
  };
}

/** Returns what stands at a site for a store that may be unable to see folders. */
export function seen(site: Site, target: Target): Kind {
  const blind = target.namespace === "flat" && !target.has("list");
  return site.kind === "folder" && blind ? "absent" : site.kind;
}

/** Fails unless the files and folders of a site are as they were built. */
export async function assertUntouched(site: Site, bench: Bench): Promise<void> {
  const { store } = bench;
  for (const file of site.files) {
    const stands = bench.has("read")
      ? await store.readText(file) === textAt(file)
      : await store.isFile(file);
    assert(stands, `the refused call changed ${file}`);
  }
  if (site.kind === "hollow") {
    const stands = await store.isFolder(site.canonical);
    assert(stands, `the refused call removed the folder ${site.canonical}`);
  }
  if (site.kind === "absent" || site.kind === "below") {
    const left = await store.isFile(site.canonical);
    assert(!left, `the refused call left a file at ${site.canonical}`);
  }
}
