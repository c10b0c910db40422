// This module is browser compatible.
import { admits, type Preflights, shows } from "./answers.ts";
import { type Demands, requestsOf, shownBy } from "./requests.ts";

/** What is wrong with a bucket's rules. */
export interface CorsProblem {
  /**
   * What is missing: an origin, a method, a request's field, a field that answers show,
   * the time for which browsers remember; or a combination of what is allowed apart.
   */
  readonly kind:
    | "origin"
    | "method"
    | "field"
    | "exposed"
    | "maxAge"
    | "combination";
  /** Its name: `PUT`, `if-none-match`, `etag`. */
  readonly name: string;
  /** The operations that it breaks. */
  readonly operations: readonly string[];
  /** A sentence that says so. */
  readonly message: string;
}

/** Looks for what preflights refuse. */
export async function refusedBy(
  preflights: Preflights,
  origin: string,
  demands: Demands,
): Promise<CorsProblem[]> {
  const asked = demands.operations.flatMap((operation) =>
    requestsOf(operation, demands).map((request) => ({ operation, ...request }))
  );
  const methods = new Map<string, Set<string>>();
  for (const { method, operation } of asked) {
    methods.set(method, (methods.get(method) ?? new Set()).add(operation));
  }
  const allowed = new Set<string>();
  for (const method of methods.keys()) {
    if (await preflights.allows(origin, method, [])) allowed.add(method);
  }
  if (allowed.size === 0) {
    return [await originProblem(preflights, origin, methods, demands)];
  }
  const problems: CorsProblem[] = [];
  for (const [method, operations] of methods) {
    if (allowed.has(method)) continue;
    problems.push(problem("method", method, operations, "is not allowed"));
  }
  const fields = new Map<string, Set<string>>();
  for (const { operation, method, fields: names } of asked) {
    if (!allowed.has(method)) continue;
    if (await preflights.allows(origin, method, names)) continue;
    const before = fields.size;
    let found = false;
    for (const name of names) {
      if (await preflights.allows(origin, method, [name])) continue;
      found = true;
      fields.set(name, (fields.get(name) ?? new Set()).add(operation));
    }
    if (found || before !== fields.size) continue;
    problems.push({
      kind: "combination",
      name: method,
      operations: [operation],
      message: `${method} is allowed with each of ${
        names.join(", ")
      }, but not with all of them at once, as ${operation} sends them: one rule has to allow them all`,
    });
  }
  for (const [name, operations] of fields) {
    problems.push(
      problem("field", name, operations, "is not among the allowed headers"),
    );
  }
  return problems;
}

function problem(
  kind: "method" | "field",
  name: string,
  operations: ReadonlySet<string>,
  what: string,
): CorsProblem {
  const needed = [...operations];
  return {
    kind,
    name,
    operations: needed,
    message: `${name} ${what}: ${needed.join(", ")} will fail`,
  };
}

// What people write for an origin, and what is none: with a slash, with the other scheme.
async function originProblem(
  preflights: Preflights,
  origin: string,
  methods: ReadonlyMap<string, unknown>,
  { operations }: Demands,
): Promise<CorsProblem> {
  const other = origin.startsWith("https:")
    ? origin.replace("https:", "http:")
    : origin.replace("http:", "https:");
  let hint = preflights.redirected
    ? "the service redirects elsewhere, which no preflight follows: is it the right region?"
    : "no rule names it, or there are no rules";
  for (
    const [like, why] of [
      [`${origin}/`, "a rule names it with a slash at its end"],
      [other, `a rule names ${other}, which is another origin`],
    ] as const
  ) {
    for (const method of methods.keys()) {
      if (await preflights.allows(like, method, [])) hint = why;
    }
  }
  return {
    kind: "origin",
    name: origin,
    operations,
    message: `the origin ${origin} may do nothing: ${hint}`,
  };
}

/**
 * Looks for what answers do not show, of those that a page gets to see; `null` where it
 * sees none. Azure shows by the star in a rule what an answer has, and nothing else: so
 * what no answer has is not judged.
 */
export function hiddenBy(
  answers: readonly Headers[],
  origin: string,
  demands: Demands,
): CorsProblem[] | null {
  const seen = answers.filter((headers) => admits(headers, origin));
  const [first] = seen;
  if (first === undefined) return null;
  const isHidden = (field: string) => {
    const carrier = seen.find((headers) => headers.has(field));
    if (carrier === undefined && demands.service === "azure") return false;
    return !shows(carrier ?? first, field);
  };
  return [...shownBy(demands)].filter(([field]) => isHidden(field))
    .map(([name, { loss, operations }]): CorsProblem => ({
      kind: "exposed",
      name,
      operations,
      message: `${name} is not exposed: ${loss}`,
    }));
}
