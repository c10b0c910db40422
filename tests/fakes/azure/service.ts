/**
 * A Blob service behind a `fetch`: one account, in memory. For tests that need no
 * emulator, and for faults that an emulator does not make. It refuses what the
 * documentation refuses.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { answer, nodeFields, refused } from "./answers.ts";
import { type Node, Paths, Refusal, requireConditions } from "./account.ts";
import { batch } from "./batch.ts";
import { blockList, putBlock, putBlockList } from "./blocks.ts";
import { copy } from "./copying.ts";
import { listPage } from "./list.ts";
import { overridden, requirePermission } from "./permissions.ts";

/** The fake account's URLs. */
export const FAKE_BLOB_URL = "https://fake.blob.core.windows.net";

/** A request, taken apart. */
export interface Asked {
  readonly method: string;
  readonly host: string;
  readonly container: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CONTENT_FIELDS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
];

/** The fake service. */
export class FakeAzure {
  readonly hns: boolean;
  readonly containers = new Map<string, Paths>();
  /** How many requests have come, by what they are: `PUT`, `PUT block`. */
  readonly counts = new Map<string, number>();
  /** How many entries a page of a listing has at most. */
  pageSize = 5000;
  /** Whether a request whose date is too far from the clock is refused. */
  checksClock = false;
  /** Whether the source of a copy is told with what signed its URL, as Azurite does. */
  tellsSourceQuery = false;

  constructor(hns = false) {
    this.hns = hns;
  }

  /** Creates an empty container. */
  create(name: string): Paths {
    const paths = new Paths(this.hns);
    this.containers.set(name, paths);
    return paths;
  }

  /** Answers a request; give it to a backend as its `fetch`. */
  readonly fetch = async (
    url: string,
    init: RequestInit,
  ): Promise<Response> => {
    init.signal?.throwIfAborted();
    const { body = null } = init;
    const asked = toAsked(
      url,
      init,
      body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body,
    );
    const what = asked.query.get("comp") ?? asked.query.get("action");
    const name = what === null ? asked.method : `${asked.method} ${what}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    // As over a wire: nothing is answered in the same turn.
    await Promise.resolve();
    init.signal?.throwIfAborted();
    return await this.answer(asked);
  };

  /** Answers a request that has been taken apart. */
  async answer(asked: Asked): Promise<Response> {
    try {
      requireProof(asked);
      requirePermission(asked, this.containers.get(asked.container));
      if (this.checksClock) requireDate(asked);
      return await this.route(asked);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.refuse(error, asked);
    }
  }

  /** Words a failure. */
  protected refuse(refusal: Refusal, asked: Asked): Response {
    return refused(refusal, asked.method === "HEAD");
  }

  /** Finds what answers. */
  protected async route(asked: Asked): Promise<Response> {
    const paths = this.containers.get(asked.container);
    const comp = asked.query.get("comp");
    if (paths === undefined) throw new Refusal(404, "ContainerNotFound");
    if (asked.query.get("restype") === "container") {
      if (comp === "list") return listPage(paths, asked.query, this.pageSize);
      if (comp === "batch") return await batch(this, asked);
      return answer(200);
    }
    switch (asked.method) {
      case "HEAD":
        return head(paths, asked);
      case "GET":
        return get(paths, asked, comp);
      case "DELETE":
        return remove(paths, asked);
      case "PUT":
        return await put(paths, asked, comp, this.tellsSourceQuery);
      default:
        throw new Refusal(405, "UnsupportedHttpVerb");
    }
  }
}

function toAsked(
  url: string,
  init: RequestInit,
  content: BodyInit | null,
): Asked {
  const { host, pathname, searchParams } = new URL(url);
  const [container = "", ...rest] = pathname.slice(1).split("/");
  const body = content as Uint8Array<ArrayBuffer> | null;
  return {
    method: init.method ?? "GET",
    host,
    container,
    path: decodeURIComponent(rest.join("/")),
    query: searchParams,
    headers: new Headers(init.headers),
    // A wire takes a copy.
    body: body ? body.slice() : new Uint8Array(0),
  };
}

function requireProof({ headers, query }: Asked): void {
  const signed = headers.get("authorization") ?? query.get("sig");
  if (signed === null) throw new Refusal(404, "ResourceNotFound");
  if (signed === "wrong") throw new Refusal(403, "AuthenticationFailed");
  if (headers.has("authorization") && !headers.has("x-ms-date")) {
    throw new Refusal(403, "AuthenticationFailed");
  }
}

/** How far a date may be off, in milliseconds. */
const MAX_SKEW = 15 * 60_000;

function requireDate({ headers }: Asked): void {
  const date = headers.get("x-ms-date");
  if (date === null) return;
  if (Math.abs(Date.parse(date) - Date.now()) <= MAX_SKEW) return;
  throw new Refusal(403, "AuthenticationFailed");
}

/** Returns the node at a path. */
export function find(paths: Paths, path: string): Node {
  const node = paths.nodes.get(path);
  if (node === undefined) throw new Refusal(404, "BlobNotFound");
  return node;
}

/** Returns the node or the version that a request names. */
function findAsked(paths: Paths, { path, query }: Asked): Node {
  const versionId = query.get("versionid");
  // As the emulator, which knows none.
  if (versionId === null || !paths.keepsVersions) return find(paths, path);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(versionId)) {
    throw new Refusal(400, "InvalidQueryParameterValue");
  }
  const node = paths.versionAt(path, versionId);
  if (node === undefined) throw new Refusal(404, "BlobNotFound");
  return node;
}

/** Refuses a change of what somebody has leased. */
export function requireNoLease(paths: Paths, path: string): void {
  if (paths.leased.has(path)) throw new Refusal(412, "LeaseIdMissing");
}

function head(paths: Paths, asked: Asked): Response {
  const node = findAsked(paths, asked);
  const length = String(node.bytes.byteLength);
  return answer(200, { ...nodeFields(node), "content-length": length });
}

function get(paths: Paths, asked: Asked, comp: string | null): Response {
  if (comp === "blocklist") {
    return blockList(paths, asked.path, asked.query);
  }
  const node = findAsked(paths, asked);
  if (comp === "tags") return tagsOf(node);
  const none = asked.headers.get("if-none-match");
  if (none !== null && none === node.etag) return answer(304);
  requireConditions(node, asked.headers);
  const { bytes } = node;
  const fields = { ...nodeFields(node), ...overridden(asked.query) };
  const range = /^bytes=(\d+)-(\d*)$/.exec(
    asked.headers.get("x-ms-range") ?? "",
  );
  if (range === null) {
    if (asked.headers.has("x-ms-range")) {
      throw new Refusal(400, "InvalidHeaderValue");
    }
    const length = String(bytes.byteLength);
    return answer(200, { ...fields, "content-length": length }, bytes.slice());
  }
  const start = Number(range[1]);
  if (start >= bytes.byteLength) throw new Refusal(416, "InvalidRange");
  const end = Math.min(Number(range[2] || Infinity), bytes.byteLength - 1);
  const { "content-md5": md5, ...others } = fields;
  return answer(206, {
    ...others,
    ...md5 === undefined ? {} : { "x-ms-blob-content-md5": md5 },
    "content-range": `bytes ${start}-${end}/${bytes.byteLength}`,
    "content-length": String(end - start + 1),
  }, bytes.slice(start, end + 1));
}

function remove(paths: Paths, asked: Asked): Response {
  const { path, headers, query } = asked;
  const node = findAsked(paths, asked);
  requireConditions(node, headers);
  requireNoLease(paths, path);
  if (query.has("versionid") && paths.keepsVersions) {
    if (headers.has("x-ms-delete-snapshots")) {
      throw new Refusal(400, "InvalidHeaderValue");
    }
    paths.removeVersion(path, node);
    return answer(202);
  }
  if (node.kind === "folder" && paths.below(path).length > 0) {
    throw new Refusal(409, "DirectoryIsNotEmpty");
  }
  paths.remove(path);
  return answer(202);
}

async function put(
  paths: Paths,
  asked: Asked,
  comp: string | null,
  tellsQuery: boolean,
): Promise<Response> {
  const { path, headers, body, query } = asked;
  if (comp === "block") return putBlock(paths, path, query, body);
  requireConditions(paths.nodes.get(path), headers);
  requireNoLease(paths, path);
  if (comp === "blocklist") return putBlockList(paths, asked);
  const source = headers.get("x-ms-copy-source");
  if (source !== null) {
    return copy(paths, asked, source, tellsQuery);
  }
  if (headers.get("x-ms-blob-type") !== "BlockBlob") {
    throw new Refusal(400, "MissingRequiredHeader");
  }
  const md5 = md5Of(body);
  if ((headers.get("content-md5") ?? md5) !== md5) {
    throw new Refusal(400, "Md5Mismatch");
  }
  const stored = { ...storedFields(headers), "content-md5": md5 };
  const node = await Promise.resolve(
    paths.put(path, { ...toMeta(headers), bytes: body, headers: stored }),
  );
  paths.uncommitted.delete(path);
  return answer(201, versionFields(node, md5));
}

function tagsOf({ tags }: Node): Response {
  const set = Object.entries(tags).map(([key, value]) =>
    `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`
  );
  return answer(
    200,
    { "content-type": "application/xml" },
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Tags><TagSet>${
      set.join("")
    }</TagSet></Tags>`,
  );
}

// The service computes one of each blob that comes in a single request.
function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

/** Returns the fields that tell of a version. */
export function versionFields(
  node: Node,
  md5: string | null,
): Record<string, string> {
  return {
    etag: node.etag,
    "last-modified": node.modified.toUTCString(),
    ...md5 === null ? {} : { "content-md5": md5 },
    ...node.versionId === null ? {} : { "x-ms-version-id": node.versionId },
  };
}

/** Returns the content headers that a blob request stores. */
export function storedFields(headers: Headers): Record<string, string> {
  const stored: Record<string, string> = {};
  for (const name of [...CONTENT_FIELDS, "content-md5"]) {
    const value = headers.get(`x-ms-blob-${name}`);
    if (value !== null) stored[name] = value;
  }
  return stored;
}

/** Returns the metadata of a request. */
export function toMeta(headers: Headers): { metadata: Record<string, string> } {
  const metadata: Record<string, string> = {};
  headers.forEach((value, name) => {
    if (!name.startsWith("x-ms-meta-")) return;
    const key = name.slice("x-ms-meta-".length);
    if (!/^[a-z_][a-z0-9_]*$/.test(key)) {
      throw new Refusal(400, "InvalidMetadata");
    }
    metadata[key] = value;
  });
  return { metadata };
}
