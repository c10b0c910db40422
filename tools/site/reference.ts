/**
 * Pure: the reference as callers know it. `deno doc` names modules by their files, and
 * who imports knows the entries.
 *
 * @module
 */

const PACKAGE = "@remote-store/core";

/** Puts the names of entries in the place of those of their files, where they are read. */
export function named(
  html: string,
  exports: Readonly<Record<string, string>>,
): string {
  let made = html;
  for (const [entry, path] of Object.entries(exports)) {
    const file = path.replace(/^\.\//, "").replaceAll("/", "&#x2F;");
    const name = (PACKAGE + entry.slice(1)).replaceAll("/", "&#x2F;");
    // Words between tags only: addresses stay.
    made = made.replaceAll(`>${file}<`, `>${name}<`)
      .replaceAll(` - ${file} - `, ` - ${name} - `);
  }
  return made;
}
