/**
 * Pure: the reference as callers know it. `deno doc` names modules by their files, and
 * who imports knows the entries.
 *
 * @module
 */

import type { ApiSymbol } from "../docs/api.ts";
import { printTable } from "../docs/markdown.ts";

const PACKAGE = "@remote-store/core";

/** A page of all entries, with what each exports: the way into what `deno doc` makes. */
export function referencePage(
  api: readonly ApiSymbol[],
  exports: Readonly<Record<string, string>>,
): string {
  const parts = Object.entries(exports).map(([entry, path]) => {
    const folder = `/api/${path.replace(/^\.\//, "")}`;
    const link = (text: string, to: string) =>
      // The site's own router does not know these pages.
      `<a href="${folder}/${to}" target="_self">${text}</a>`;
    const rows = api.filter((it) => it.entry === entry).map((it) => [
      link(`<code>${it.name}</code>`, `~/${it.name}.html`),
      it.kind === "reference" ? "of another entry" : it.kind,
      it.doc,
    ]);
    return [
      `## ${PACKAGE}${entry.slice(1)}`,
      link("The whole entry on a page", "index.html"),
      printTable(["Name", "Kind", "What it is"], rows),
    ].join("\n\n");
  });
  const intro =
    "Every entry of the package, and all that each exports. Behind a name are its members, its types and an example.";
  return `# Reference\n\n${intro}\n\n${parts.join("\n\n")}\n`;
}

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
