/**
 * Pure: where the links of a built site lead.
 *
 * @module
 */

/** A site: the text of each HTML file, and the names of the other files. */
export interface Built {
  /** HTML by its path from the site's root. */
  readonly pages: ReadonlyMap<string, string>;
  /** Every file. */
  readonly files: ReadonlySet<string>;
}

/** Returns the links and sources of a site that lead nowhere, with the page of each. */
export function deadLinks({ pages, files }: Built): string[] {
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = (path: string) => {
    const known = anchors.get(path);
    if (known !== undefined) return known;
    const found = new Set(
      [...(pages.get(path) ?? "").matchAll(/\s(?:id|name)="([^"]+)"/g)]
        .map(([, id = ""]) => decoded(id)),
    );
    anchors.set(path, found);
    return found;
  };
  return [...pages].flatMap(([path, html]) => {
    const found = new Set(
      [...html.matchAll(
        /<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"/g,
      )]
        .map(([, target = ""]) => decoded(target)),
    );
    return [...found].filter((target) => {
      if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target)) return false;
      const { pathname, hash } = new URL(target, `http://site/${path}`);
      const file = fileOf(decodeURIComponent(pathname.slice(1)), files);
      if (file === undefined) return true;
      const anchor = decodeURIComponent(hash.slice(1));
      return anchor !== "" && pages.has(file) && !anchorsOf(file).has(anchor);
    }).map((target) => `${path}: ${target}`);
  });
}

/** The file that answers for an address, as static hosts have it. */
export function fileOf(
  path: string,
  files: ReadonlySet<string>,
): string | undefined {
  const folder = path === "" || path.endsWith("/") ? path : `${path}/`;
  return [path, `${path}.html`, `${folder}index.html`].find((it) =>
    files.has(it)
  );
}

function decoded(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&#x2F;", "/")
    .replaceAll("&quot;", '"').replaceAll("&#39;", "'");
}
