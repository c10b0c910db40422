import { assert, assertEquals } from "./assert.ts";
import type { Bench, Target } from "./bench.ts";
import type { TransferOptions } from "../../mod.ts";
import { NO_FLAGS } from "./matrix_deleting.ts";
import type { Group, Point } from "./points.ts";
import { assertRefused, type Refusal, unsupported } from "./refusals.ts";
import {
  assertUntouched,
  build,
  isBuildable,
  seen,
  type Site,
  type State,
  STATES,
} from "./states.ts";

type Method = "copy" | "move";

/** A destination: a state, or the source itself. */
type Destination = State | "itself" | "itself, spelled otherwise";

const SOURCES = STATES.filter(({ kind, title, name }) =>
  kind === "root" || kind === "malformed"
    ? [".", "a/../b", "./."].some((path) => name.includes(path))
    : !title.startsWith("another") || name === "a//b"
);

const DESTINATIONS: readonly Destination[] = [
  ...STATES.filter(({ kind, title, name }) =>
    kind === "root"
      ? true
      : kind === "malformed"
      ? name === "a/../b" || name === "with NUL"
      : !title.startsWith("another") || name === "a\\b"
  ),
  "itself",
  "itself, spelled otherwise",
];

/** Returns how a transfer has to end: BE-018's order, one check a line. */
function expected(
  from: Site,
  to: Site,
  overwrite: boolean | undefined,
  target: Target,
): Refusal | null {
  const refusal = (code: Refusal["code"], { paths }: Site) => ({ code, paths });
  const source = seen(from, target);
  if (source === "folder" || source === "hollow") {
    return refusal("InvalidPath", from);
  }
  if (source !== "file") return refusal("NotFound", from);
  if (from.canonical === to.canonical) return null;
  const isBlocked = ["folder", "hollow", "below"].includes(to.kind);
  if (isBlocked && target.strict) return refusal("InvalidPath", to);
  const exists = to.kind === "file" && !overwrite;
  return exists ? refusal("AlreadyExists", to) : null;
}

const isNoPlace = ({ kind }: Site) => kind === "root" || kind === "malformed";

function refusalOf(
  method: Method,
  from: Site,
  to: Site,
  options: TransferOptions,
  bench: Bench,
): Refusal | null {
  if (isNoPlace(from)) return { code: "InvalidPath", paths: from.paths };
  if (isNoPlace(to)) return { code: "InvalidPath", paths: to.paths };
  const { overwrite } = options;
  if (overwrite !== undefined && typeof overwrite !== "boolean") {
    return { code: "InvalidArgument" };
  }
  if (!bench.has(method)) return unsupported(method);
  return expected(from, to, overwrite, bench.target);
}

function aim(from: Site, to: Destination): Site | null {
  if (typeof to !== "string") return null;
  const path = from.canonical;
  return { ...from, path: to === "itself" ? path : `./${path}//` };
}

function toPoint(
  method: Method,
  source: State,
  destination: Destination,
  options: TransferOptions,
): Point {
  const name = typeof destination === "string" ? destination : destination.name;
  return {
    label:
      `${method} ${source.name} to ${name}, overwrite ${options.overwrite}`,
    allowed: (target) =>
      [source, destination].every((state) =>
        typeof state === "string" || isBuildable(state, target) ||
        (!target.has(method) && state.kind !== "hollow")
      ),
    async run(bench) {
      const from = await build(source, bench);
      const to = aim(from, destination) ??
        await build(destination as State, bench);
      const refusal = refusalOf(method, from, to, options, bench);
      const call = () => bench.store[method](from.path, to.path, options);
      if (refusal !== null) {
        await assertRefused(call, refusal, bench);
        // Refused by its path alone, so nobody has looked.
        if (!bench.target.seedable || isNoPlace(from)) return;
        await assertUntouched(from, bench);
        await assertUntouched(to, bench);
        return;
      }
      assert(await call() === undefined, `${method} gives a result`);
      await assertMoved(method, from, to, bench);
    },
  };
}

async function assertMoved(
  method: Method,
  from: Site,
  to: Site,
  bench: Bench,
): Promise<void> {
  const { store } = bench;
  const isSame = from.canonical === to.canonical;
  const stays = method === "copy" || isSame;
  assertEquals(
    await store.isFile(from.canonical),
    stays,
    "the source is there",
  );
  assert(await store.isFile(to.canonical), "the destination is not there");
  if (!bench.has("read")) return;
  const text = await store.readText(to.canonical);
  assertEquals(text, from.text, "the content at the destination");
  if (stays) {
    assertEquals(await store.readText(from.canonical), from.text, "the source");
  }
}

// A source that is no file needs few destinations: nobody gets as far as looking.
function isTelling(source: State, destination: Destination): boolean {
  if (source.kind === "file") return true;
  if (destination === "itself") return true;
  if (typeof destination === "string") return false;
  const { kind, name } = destination;
  return kind === "root"
    ? name === '"."' || name === '"/"'
    : kind === "malformed"
    ? name === "with NUL"
    : name === "a file" || name === "an absent path" || name === "a folder";
}

function groups(method: Method, id: string): Group[] {
  const titles = [...new Set(SOURCES.map(({ title }) => title))];
  return titles.map((title) => {
    const sources = SOURCES.filter((state) => state.title === title);
    const isFile = title === "a file";
    const rule = isFile
      ? "STORE-008a"
      : title === "the root"
      ? "BE-029"
      : "BE-021";
    const points = sources.flatMap((source) =>
      DESTINATIONS.filter((to) => isTelling(source, to)).flatMap((to) =>
        (source.kind === "file" ? [undefined, false, true] : [undefined, true])
          .map((overwrite) => toPoint(method, source, to, { overwrite }))
      )
    );
    const flags = sources.flatMap((source) =>
      NO_FLAGS.map((overwrite) =>
        toPoint(method, source, "itself", { overwrite } as TransferOptions)
      )
    );
    return {
      ids: `${id}, ${rule}`,
      title: `${method}: from ${title} to every state`,
      points: [...points, ...flags],
    };
  });
}

/** `copy` and `move` × source states × destination states × overwrite. */
export const TRANSFERS: readonly Group[] = [
  ...groups("copy", "BE-019"),
  ...groups("move", "BE-018"),
];
