import type {
  CallOptions,
  FileInfo,
  HeadResult,
  ResolvedPath,
  StoreLike,
} from "../../mod.ts";
import { assert, assertEquals, isEqual } from "./assert.ts";
import { type Bench, bytesOf } from "./bench.ts";
import {
  groupsOf,
  invalidPath,
  notFound,
  type Row,
  type Variant,
} from "./matrix.ts";
import type { Group } from "./points.ts";
import type { Refusal } from "./refusals.ts";
import { seen, type Site } from "./states.ts";

const NO_OPTIONS: readonly Variant<CallOptions>[] = [
  { label: "no options", options: {}, everywhere: true },
  {
    label: "a signal that stays quiet",
    // Made when it is asked for: Workers refuse it while a module loads.
    get options() {
      return { signal: new AbortController().signal };
    },
    everywhere: true,
  },
];

const probe = {
  gates: [],
  root: true,
  mutates: false,
  variants: NO_OPTIONS,
  // Without LIST a backend has neither folders nor a root to speak of (BE-029).
  decided: (state, _variant, target) =>
    state.kind !== "root" || target.has("list"),
  outcome: () => null,
} satisfies Partial<Row<CallOptions>>;

const EXISTS: Row<CallOptions> = {
  ...probe,
  method: "exists",
  id: "BE-004",
  call: (store, { path }, options) => store.exists(path, options),
  judge(value, site, _, bench) {
    const kind = seen(site, bench.target);
    const stands = kind !== "absent" && kind !== "below";
    assertEquals(value, stands, "exists");
  },
};

const IS_FILE: Row<CallOptions> = {
  ...probe,
  method: "isFile",
  id: "BE-005",
  call: (store, { path }, options) => store.isFile(path, options),
  judge: (value, site) => assertEquals(value, site.kind === "file", "isFile"),
};

const IS_FOLDER: Row<CallOptions> = {
  ...probe,
  method: "isFolder",
  id: "BE-005",
  call: (store, { path }, options) => store.isFolder(path, options),
  judge(value, site, _, bench) {
    const kind = seen(site, bench.target);
    const folders = ["folder", "hollow", "root"];
    assertEquals(value, folders.includes(kind), "isFolder");
  },
};

function outcome(
  site: Site,
  _options: CallOptions,
  bench: Bench,
): Refusal | null {
  const kind = seen(site, bench.target);
  if (kind === "folder" || kind === "hollow") return invalidPath(site);
  return kind === "file" ? null : notFound(site);
}

const metadata = {
  gates: ["metadata"],
  root: false,
  mutates: false,
  variants: NO_OPTIONS,
  outcome,
} as const;

/** Fails unless a file's info is complete, frozen and about the site. */
export function assertInfo(info: FileInfo, site: Site): void {
  assertEquals(info.kind, "file", "kind");
  assertEquals(info.path, site.canonical, "path");
  assertEquals(info.name, site.canonical.split("/").at(-1), "name");
  assertEquals(info.size, bytesOf(site.text ?? "").byteLength, "size");
  assert(Object.isFrozen(info), "the info is not frozen (MOD-001)");
  assert(info.etag === null || isEtag(info.etag), `the etag ${info.etag}`);
  assert(
    info.lastModified === null || isTime(info.lastModified),
    "lastModified is no time (MOD-001)",
  );
  assertEquals(info.metadata, null, "metadata that nobody gave (WR-013)");
  assert(typeof info.extra === "object" && info.extra !== null, "extra");
}

/** Returns whether a text is an ETag with its quotes. */
export function isEtag(text: string): boolean {
  return /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(text);
}

function isTime(value: Date): boolean {
  return Object.prototype.toString.call(value) === "[object Date]" &&
    Number.isFinite(value.getTime());
}

const GET_FILE_INFO: Row<CallOptions> = {
  ...metadata,
  method: "getFileInfo",
  id: "BE-016",
  call: (store, { path }, options) => store.getFileInfo(path, options),
  judge: (value, site) => assertInfo(value as FileInfo, site),
};

const HEAD: Row<CallOptions> = {
  ...metadata,
  method: "head",
  id: "WR-008",
  call: (store, { path }, options) => store.head(path, options),
  async judge(value, site, _, bench) {
    const info = await bench.store.getFileInfo(site.path);
    const { path, size, digest, etag, lastModified, metadata } = info;
    const head: HeadResult = {
      path,
      size,
      digest,
      etag,
      lastModified,
      metadata,
      versionId: null,
      source: "sidecar",
    };
    assertEquals(value, head, "head against getFileInfo");
    assert(Object.isFrozen(value), "the result is not frozen (MOD-001)");
  },
};

const resolving = {
  gates: [],
  root: true,
  mutates: false,
  variants: [{ label: "", options: {}, everywhere: true }],
  // Nothing is asked, so nothing has to stand there.
  outcome: () => null,
} satisfies Partial<Row<CallOptions>>;

const RESOLVE: Row<CallOptions> = {
  ...resolving,
  method: "resolve",
  id: "RES-010",
  call: (store, { path }) => store.resolve(path),
  judge(value, site, _, { store }) {
    const resolved = value as ResolvedPath;
    assertEquals(resolved.path, site.canonical, "path");
    assertEquals(
      resolved.nativePath,
      store.nativePath(site.path),
      "nativePath",
    );
    assert(resolved.backend !== "", "the backend has no name");
    assert(Object.isFrozen(resolved), "the plan is not frozen");
    assert(Object.isFrozen(resolved.details), "the details are not frozen");
  },
};

const NATIVE_PATH: Row<CallOptions> = {
  ...resolving,
  method: "nativePath",
  id: "BE-025, STORE-015",
  call: (store, { path }) => store.nativePath(path),
  judge(value, site, _, { store }) {
    const native = value as string;
    assertEquals(
      native,
      store.nativePath(site.canonical),
      "one path, one name",
    );
    const path = site.kind === "root" ? "" : site.canonical;
    assertEquals(store.toKey(native), path, "toKey of nativePath (NPR-010)");
  },
};

const CHILD: Row<CallOptions> = {
  ...resolving,
  method: "child",
  id: "CHILD-001, CHILD-003",
  root: false,
  call: (store, { path }) => store.child(path),
  judge(value, site, _, { store }) {
    const child = value as StoreLike;
    const same = store.child(site.canonical);
    assert(child.equals(same), "two children of one path differ (STORE-010)");
    assert(!child.equals(store), "a child equals its parent (STORE-010)");
    assertEquals(
      child.nativePath("x"),
      store.nativePath(`${site.canonical}/x`),
      "the native path below a child",
    );
    assert(isEqual(child.resolve("").path, "."), "a child's root is a root");
  },
};

/** Methods that look, without reading × states. */
export const PROBING: readonly Group[] = [
  ...groupsOf(EXISTS),
  ...groupsOf(IS_FILE),
  ...groupsOf(IS_FOLDER),
  ...groupsOf(GET_FILE_INFO),
  ...groupsOf(HEAD),
  ...groupsOf(RESOLVE),
  ...groupsOf(NATIVE_PATH),
  ...groupsOf(CHILD),
];
