/**
 * Answers of the fake service, in the shapes of the real one: XML with a byte order
 * mark, ETags without quotes in listings.
 *
 * @module
 */
import type { Node, Refusal } from "./account.ts";

const REQUEST_ID = "5f2bb9f2-0000-0000-0000-000000000000";
const PROPERTIES: readonly (readonly [field: string, element: string])[] = [
  ["content-type", "Content-Type"],
  ["content-encoding", "Content-Encoding"],
  ["content-language", "Content-Language"],
  ["content-md5", "Content-MD5"],
  ["cache-control", "Cache-Control"],
  ["content-disposition", "Content-Disposition"],
];

/** Returns an answer with the fields that each one has. */
export function answer(
  status: number,
  headers: Record<string, string> = {},
  body: BodyInit | null = null,
): Response {
  const fields = {
    "x-ms-request-id": REQUEST_ID,
    "x-ms-version": "2023-11-03",
    date: new Date().toUTCString(),
    ...headers,
  };
  const empty = status === 204 || status === 304;
  return new Response(empty ? null : body, { status, headers: fields });
}

/** Returns the answer that a refusal is. */
export function refused(refusal: Refusal, isHead: boolean): Response {
  const { status, code } = refusal;
  const xml =
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
  const headers = {
    "x-ms-error-code": code,
    "content-type": "application/xml",
  };
  return answer(status, headers, isHead ? null : xml);
}

/** Returns the fields that tell of a node. */
export function nodeFields(node: Node): Record<string, string> {
  const fields: Record<string, string> = {
    etag: node.etag,
    "last-modified": node.modified.toUTCString(),
    "content-type": "application/octet-stream",
    ...node.headers,
  };
  for (const [key, value] of Object.entries(node.metadata)) {
    fields[`x-ms-meta-${key}`] = value;
  }
  if (node.kind === "folder") fields["x-ms-meta-hdi_isfolder"] = "true";
  if (node.versionId !== null) fields["x-ms-version-id"] = node.versionId;
  fields["x-ms-access-tier"] = node.tier ?? "Hot";
  if (node.tier === null) fields["x-ms-access-tier-inferred"] = "true";
  const tags = Object.keys(node.tags).length;
  if (tags > 0) fields["x-ms-tag-count"] = String(tags);
  if (node.copy !== null) {
    const size = node.bytes.byteLength;
    fields["x-ms-copy-id"] = node.copy.id;
    fields["x-ms-copy-source"] = node.copy.source;
    fields["x-ms-copy-status"] = "success";
    fields["x-ms-copy-progress"] = `${size}/${size}`;
    fields["x-ms-copy-completion-time"] = node.modified.toUTCString();
  }
  return fields;
}

/** What a listing's page holds. */
export interface Listing {
  readonly blobs: readonly (readonly [name: string, node: Node])[];
  readonly prefixes: readonly string[];
  readonly next: string;
}

/** Returns a page of List Blobs. */
export function listing({ blobs, prefixes, next }: Listing): Response {
  const names = prefixes.map((prefix) =>
    `<BlobPrefix><Name>${escape(prefix)}</Name></BlobPrefix>`
  );
  const entries = blobs.map(([name, node]) => blobXml(name, node));
  const xml =
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${
      names.join("")
    }${entries.join("")}</Blobs><NextMarker>${
      escape(next)
    }</NextMarker></EnumerationResults>`;
  return answer(200, { "content-type": "application/xml" }, xml);
}

function blobXml(name: string, node: Node): string {
  const fields = nodeFields(node);
  const properties = PROPERTIES.map(([field, element]) =>
    fields[field] === undefined
      ? ""
      : `<${element}>${escape(fields[field])}</${element}>`
  );
  const metadata = Object.entries(node.metadata);
  if (node.kind === "folder") metadata.push(["hdi_isfolder", "true"]);
  const pairs = metadata.map(([key, value]) =>
    `<${key}>${escape(value)}</${key}>`
  );
  const etag = node.etag.replaceAll('"', "");
  const tags = Object.keys(node.tags).length;
  return `<Blob><Name>${
    escape(name)
  }</Name><Properties><Last-Modified>${node.modified.toUTCString()}</Last-Modified><Etag>${etag}</Etag><ResourceType>${
    node.kind === "folder" ? "directory" : "file"
  }</ResourceType><Content-Length>${node.bytes.byteLength}</Content-Length>${
    properties.join("")
  }<AccessTier>${node.tier ?? "Hot"}</AccessTier>${
    node.tier === null ? "<AccessTierInferred>true</AccessTierInferred>" : ""
  }${tags > 0 ? `<TagCount>${tags}</TagCount>` : ""}</Properties>${
    pairs.length === 0
      ? "<Metadata />"
      : `<Metadata>${pairs.join("")}</Metadata>`
  }</Blob>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}
