/**
 * Pure: which rules of the contract the names of tests begin with.
 *
 * @module
 */

const START = /^(?:[A-Z][A-Z\d]+(?:-[A-Z]+)*-\d{3}[a-z]?(?:[ ,:]+|$))+/;
const RULE = /[A-Z][A-Z\d]+(?:-[A-Z]+)*-\d{3}/g;

/** Returns the rules that a source's test names begin with. */
export function rulesNamed(source: string): Set<string> {
  const found = new Set<string>();
  for (const [, text = ""] of source.matchAll(/["'`]([^"'`\n]*)/g)) {
    const [start = ""] = START.exec(text) ?? [];
    for (const [rule] of start.matchAll(RULE)) found.add(rule);
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
