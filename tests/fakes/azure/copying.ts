/**
 * Copies within the fake service.
 *
 * @module
 */
import { type Paths, Refusal, requireConditions } from "./account.ts";
import { answer } from "./answers.ts";
import { type Asked, find, versionFields } from "./service.ts";

/** Copies a blob, with its committed blocks, and writes down which copy it was. */
export function copy(
  paths: Paths,
  { path, headers }: Asked,
  from: string,
  tellsQuery: boolean,
): Response {
  const { origin, pathname } = new URL(from);
  const [, , ...rest] = pathname.split("/");
  const node = find(paths, decodeURIComponent(rest.join("/")));
  requireConditions(node, headers, "x-ms-source-");
  if (node.kind === "folder") throw new Refusal(409, "PathConflict");
  const { bytes, headers: fields, metadata, blocks } = node;
  const waits = headers.get("x-ms-requires-sync") === "true";
  const takes = headers.get("x-ms-copy-source-tag-option") === "COPY";
  const given = headers.get("x-ms-tags");
  // One is for copies that are waited for, and reads them by the source's permission.
  if (takes && (!waits || given !== null)) {
    throw new Refusal(400, "InvalidHeaderValue");
  }
  const permissions = new URL(from).searchParams.get("sp");
  if (takes && permissions !== null && !permissions.includes("t")) {
    throw new Refusal(403, "AuthorizationPermissionMismatch");
  }
  const tags = takes
    ? node.tags
    : Object.fromEntries(new URLSearchParams(given ?? ""));
  const id = crypto.randomUUID();
  const copied = { id, source: tellsQuery ? from : origin + pathname };
  const made = paths.put(path, {
    bytes,
    headers: fields,
    metadata,
    blocks,
    tags,
    tier: headers.get("x-ms-access-tier"),
    copy: copied,
  });
  return answer(202, {
    ...versionFields(made, null),
    "x-ms-copy-id": id,
    "x-ms-copy-status": "success",
  });
}
