/**
 * Pure: what a release changes in the files.
 *
 * @module
 */

const VERSION_REGEXP = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;

/** Says why a version cannot follow another one; `null` where it can. */
export function whyNotAfter(next: string, current: string): string | null {
  const [to, from] = [numbersOf(next), numbersOf(current)];
  if (to === null) return `"${next}" is no version like 1.2.3 or 1.2.3-rc.1`;
  if (from === null) return `the manifest has "${current}"`;
  for (const [i, number] of to.entries()) {
    if (number !== from[i]!) {
      return number > from[i]! ? null : `it is older than ${current}`;
    }
  }
  const [a, b] = [next, current].map((it) => VERSION_REGEXP.exec(it)?.[4]);
  // 1.2.3-rc.1 comes before 1.2.3.
  if (a !== undefined && b === undefined) return `it is older than ${current}`;
  return null;
}

function numbersOf(version: string): number[] | null {
  const found = VERSION_REGEXP.exec(version);
  return found === null ? null : found.slice(1, 4).map(Number);
}

/** Puts a version into a manifest, and leaves the rest as it is. */
export function withVersion(manifest: string, version: string): string {
  const changed = manifest.replace(
    /^( *"version": ")[^"]+(")/m,
    (_, before, after) => before + version + after,
  );
  if (JSON.parse(changed).version !== version) {
    throw new Error("the manifest has no version of its own");
  }
  return changed;
}

/** Gives what is unreleased its version and day, and begins anew above it. */
export function withRelease(
  changelog: string,
  version: string,
  day: string,
): string {
  const start = /^## \[Unreleased\]\n+(?:To become [^\n]*\n+)?/m.exec(
    changelog,
  );
  if (start === null) throw new Error('the changelog lacks "## [Unreleased]"');
  const rest = changelog.slice(start.index + start[0].length);
  if (changelog.includes(`\n## [${version}]`)) {
    throw new Error(`the changelog has ${version} already`);
  }
  const [entries = ""] = rest.split(/^## /m);
  if (!/^- /m.test(entries)) {
    throw new Error("the changelog has nothing that is unreleased");
  }
  return `${
    changelog.slice(0, start.index)
  }## [Unreleased]\n\n## [${version}] - ${day}\n\n${rest}`;
}

/** The part of the changelog about one version: what a release says of itself. */
export function notesOf(changelog: string, version: string): string {
  const parts = changelog.split(/^(?=## \[)/m);
  const part = parts.find((it) => it.startsWith(`## [${version}]`));
  if (part === undefined) throw new Error(`the changelog lacks ${version}`);
  return part.replace(/^.*\n+/, "").trim();
}
