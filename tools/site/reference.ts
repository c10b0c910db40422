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

/**
 * Points anchors that a page lacks to those that are meant: `deno doc` counts the
 * methods of an interface in two ways, and gives examples no anchor.
 */
export function repaired(
  pages: ReadonlyMap<string, string>,
): Map<string, string> {
  const anchors = new Map(
    [...pages].map(([path, html]) => [
      path,
      new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)),
    ]),
  );
  const plain = (target: string) => target.replaceAll("&#x2F;", "/");
  return new Map(
    [...pages].map(([path, html]) => [
      path,
      html.replaceAll(
        /(\shref=")((?:&#x2F;|[^"#])*)#([^"]+)(")/g,
        (whole, before, target, anchor, after) => {
          const there = target === ""
            ? path
            : new URL(plain(target), `file:///${path}`).pathname.slice(1);
          const known = anchors.get(decodeURIComponent(there));
          if (known === undefined || known.has(anchor)) return whole;
          const bare = anchor.replace(/_\d+$/, "");
          const meant = [...known].find((id) =>
            id.replace(/_\d+$/, "") === bare || id === `${bare}s`
          );
          return `${before}${target}${
            meant === undefined ? "" : `#${meant}`
          }${after}`;
        },
      ),
    ]),
  );
}
