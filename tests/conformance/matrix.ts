import type { Capability, StoreLike } from "../../mod.ts";
import { assertRefused, type Refusal, unsupported } from "./refusals.ts";
import type { Bench, Target } from "./bench.ts";
import type { Group, Point } from "./points.ts";
import {
  assertUntouched,
  build,
  isBuildable,
  type Site,
  type State,
  STATES,
  TITLES,
} from "./states.ts";

/** Parameters that have rules of their own. */
export interface Topic {
  /** The rules. */
  readonly ids: string;
  /** What the tests' titles say. */
  readonly name: string;
}

/** One combination of parameters. */
export interface Variant<O> {
  /** What a point's label says. */
  readonly label: string;
  /** The parameters. */
  readonly options: O;
  /**
   * Whether the parameters themselves are a mistake. Options are checked before
   * the gates; whether content is, too, the rules leave open.
   */
  readonly bad?: boolean | "content";
  /** Capabilities that these parameters need beside the method's. */
  readonly gates?: readonly Capability[];
  /** What it is about, where it has rules and tests of its own. */
  readonly topic?: Topic;
  /** Whether it is tried in every state, or where a file is only. */
  readonly everywhere?: boolean;
}

/** A method of the table: its parameters, and what each state makes of a call. */
export interface Row<O> {
  /** The method. */
  readonly method: string;
  /** The rule that the method has for itself. */
  readonly id: string;
  /** What it needs. */
  readonly gates: readonly Capability[];
  /** Whether the root is a place for it. */
  readonly root: boolean;
  /** Whether a call changes its site, so that each point needs its own. */
  readonly mutates: boolean;
  /** The combinations of parameters. */
  readonly variants: readonly Variant<O>[];
  /** Whether the rules say something about the point; always if left out. */
  decided?(state: State, variant: Variant<O>, target: Target): boolean;
  /** Returns how a call ends that passes the gates; `null` for success. */
  outcome(site: Site, options: O, bench: Bench): Refusal | null;
  /** Makes the call. */
  call(store: StoreLike, site: Site, options: O): unknown;
  /** Fails unless the result is right. */
  judge(
    value: unknown,
    site: Site,
    options: O,
    bench: Bench,
  ): Promise<void> | void;
}

const RULES: Readonly<Record<string, string>> = {
  "an absent path": "BE-021",
  "a file": "",
  "a folder": "BE-021",
  "an empty folder": "MEM-014",
  "a path below a file": "ID-209",
  "the root": "BE-029, STORE-002",
  "a malformed path": "PATH-003, PATH-007",
};

/** Returns how a call has to end, by the order of checks; `null` for success. */
export function expected<O>(
  row: Row<O>,
  { options, bad, gates = [] }: Variant<O>,
  site: Site,
  bench: Bench,
): Refusal | null {
  const isNoPlace = site.kind === "malformed" ||
    (site.kind === "root" && !row.root);
  if (isNoPlace) return { code: "InvalidPath", paths: site.paths };
  if (bad) return { code: "InvalidArgument" };
  const missing = [...row.gates, ...gates].find((gate) => !bench.has(gate));
  if (missing !== undefined) return unsupported(missing);
  return row.outcome(site, options, bench);
}

/** Returns the tests of a method: one for each kind of state and each topic. */
export function groupsOf<O>(row: Row<O>): Group[] {
  const topics = [...new Set(row.variants.map(({ topic }) => topic))];
  return TITLES.flatMap((title) =>
    topics.map((topic) => groupOf(row, title, topic))
  ).filter(({ points }) => points.length > 0);
}

function groupOf<O>(
  row: Row<O>,
  title: string,
  topic: Topic | undefined,
): Group {
  const rule = RULES[title] ?? "PATH-002, PATH-004";
  const ids = [topic?.ids, row.id, rule].filter(Boolean).join(", ");
  const states = STATES.filter((state) => state.title === title);
  const variants = row.variants.filter((variant) =>
    variant.topic === topic && (variant.everywhere || title === "a file")
  );
  return {
    ids,
    title: `${row.method}: ${title}${topic ? `, ${topic.name}` : ""}`,
    points: states.flatMap((state) =>
      variants.map((variant) => toPoint(row, state, variant))
    ),
  };
}

function toPoint<O>(row: Row<O>, state: State, variant: Variant<O>): Point {
  const label = [row.method, state.name, variant.label].filter(Boolean)
    .join(", ");
  return {
    label,
    allowed(target) {
      if (row.decided?.(state, variant, target) === false) return false;
      const passes = row.gates.every((gate) => target.has(gate));
      if (variant.bad === "content" && !passes) return false;
      if (isBuildable(state, target)) return true;
      // Refused before anybody looks, so nothing has to stand there.
      return state.kind !== "hollow" && (variant.bad !== undefined ||
        [...row.gates, ...variant.gates ?? []].some((gate) =>
          !target.has(gate)
        ));
    },
    async run(bench) {
      const site = row.mutates
        ? await build(state, bench)
        : await bench.once(state, () => build(state, bench));
      const { options } = variant;
      const refusal = expected(row, variant, site, bench);
      const call = async () => await row.call(bench.store, site, options);
      if (refusal === null) {
        await row.judge(await call(), site, options, bench);
        return;
      }
      await assertRefused(call, refusal, bench);
      if (row.mutates && isBuildable(state, bench.target)) {
        await assertUntouched(site, bench);
      }
    },
  };
}

/** Returns a refusal of a wrong kind of node at a site. */
export function invalidPath(site: Site): Refusal {
  return { code: "InvalidPath", paths: site.paths };
}

/** Returns the refusal of a path where nothing is. */
export function notFound(site: Site): Refusal {
  return { code: "NotFound", paths: site.paths };
}
