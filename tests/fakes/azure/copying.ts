/**
 * Copies within the fake service.
 *
 * @module
 */
import { type Paths, Refusal, requireConditions } from "./account.ts";
import { answer } from "./answers.ts";
import {
  type Asked,
  find,
  storedFields,
  toMeta,
  versionFields,
} from "./service.ts";

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
  // Put Blob From URL: a new blob of one piece, with what the request says and no more.
  const puts = headers.get("x-ms-blob-type") === "BlockBlob";
  if (puts && headers.get("x-ms-copy-source-blob-properties") !== "false") {
    throw new Refusal(400, "InvalidHeaderValue");
  }
  const waits = puts || headers.get("x-ms-requires-sync") === "true";
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
  if (puts) {
    const made = paths.put(path, {
      ...toMeta(headers),
      bytes,
      headers: storedFields(headers),
      tags,
      tier: headers.get("x-ms-access-tier"),
    });
    return answer(201, versionFields(made, null));
  }
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
