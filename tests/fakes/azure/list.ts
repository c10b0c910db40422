/**
 * List Blobs of the fake service.
 *
 * @module
 */
import { type Node, type Paths, Refusal } from "./account.ts";
import { listing } from "./answers.ts";

/** Answers one page. */
export function listPage(
  paths: Paths,
  query: URLSearchParams,
  pageSize: number,
): Response {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter");
  const marker = query.get("marker") ?? "";
  const asked = Number(query.get("maxresults") ?? pageSize);
  if (!(asked >= 1)) throw new Refusal(400, "OutOfRangeQueryParameterValue");
  const limit = Math.min(asked, pageSize);
  const entries = new Map<string, Node | null>();
  for (const [name, node] of paths.nodes) {
    if (!name.startsWith(prefix)) continue;
    const cut = delimiter === null
      ? -1
      : name.indexOf(delimiter, prefix.length);
    if (cut >= 0) entries.set(name.slice(0, cut + 1), null);
    // A real folder is listed by its prefix.
    else if (delimiter !== null && node.kind === "folder") {
      entries.set(`${name}/`, null);
    } else entries.set(name, node);
  }
  const names = [...entries.keys()].sort().filter((name) => name >= marker);
  const page = names.slice(0, limit);
  return listing({
    blobs: page.flatMap((name) => {
      const node = entries.get(name);
      return node ? [[name, node] as const] : [];
    }),
    prefixes: page.filter((name) => entries.get(name) === null),
    next: names[limit] ?? "",
  });
}
