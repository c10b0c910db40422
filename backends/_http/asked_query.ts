// This module is browser compatible.
import { InvalidArgumentError } from "../../core/errors.ts";

/**
 * The parameters of a kind of request, in the order in which they are sent, with what each
 * value has to be. Names of those that may be missing end in `?`.
 */
export type QueryRules = Readonly<Record<string, (value: string) => boolean>>;

/** The reason that a question is refused for. It shows nothing but what was asked. */
export function refused(why: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot sign the request: ${why}`);
}

/** Returns whether a query has all parameters that are needed, and none beside those that may be there. */
export function hasNames(
  rules: QueryRules,
  query: ReadonlyMap<string, string>,
): boolean {
  const names = Object.keys(rules);
  const known = new Set(names.map((name) => name.replace("?", "")));
  return names.every((name) => name.endsWith("?") || query.has(name)) &&
    [...query.keys()].every((name) => known.has(name));
}

/**
 * Returns the parameters in the order of their rules.
 *
 * @throws {InvalidArgumentError} If a value is not what its rule wants.
 */
export function inOrder(
  rules: QueryRules,
  query: ReadonlyMap<string, string>,
): Record<string, string> {
  const ordered: Record<string, string> = {};
  for (const [rule, isRight] of Object.entries(rules)) {
    const name = rule.replace("?", "");
    const value = query.get(name);
    if (value === undefined) continue;
    if (!isRight(value)) {
      throw refused(
        `the parameter ${JSON.stringify(name)} has a value that is not taken`,
      );
    }
    ordered[name] = value;
  }
  return ordered;
}
