/**
 * Pure: which rules of the contract the names of tests begin with.
 *
 * @module
 */

/** Returns the rules that a source's test names begin with. */
export function rulesNamed(source: string): Set<string> {
  const found = new Set<string>();
  for (const [, text = ""] of source.matchAll(/["'`]([^"'`\n]*)/g)) {
    const [start = ""] = /^(?:[A-Z]{2,}-\d{3}[a-z]?(?:[ ,:]+|$))+/.exec(text) ??
      [];
    for (const [rule] of start.matchAll(/[A-Z]{2,}-\d{3}/g)) found.add(rule);
  }
  return found;
}

/** Returns the rules of a series, `WR-001` to `WR-019`. */
export function series(prefix: string, last: number): string[] {
  return Array.from(
    { length: last },
    (_, i) => `${prefix}-${String(i + 1).padStart(3, "0")}`,
  );
}
