/**
 * The Data Lake endpoint beside the Blob endpoint, as Microsoft's REST documentation
 * describes Path Create, Update and Delete. No emulator speaks it, so nothing here has
 * been compared with a real service; it refuses whatever the documentation refuses.
 *
 * @module
 */
import {
  type Node,
  type Paths,
  Refusal,
  requireConditions,
} from "../azure/account.ts";
import { answer } from "../azure/answers.ts";
import { type Asked, FakeAzure, requireNoLease } from "../azure/service.ts";

/** How many paths a recursive delete removes in one call. */
const DELETED_AT_ONCE = 3;

/** The content headers of Path Create, by the names that Blob Storage gives back. */
const CONTENT_FIELDS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
];

/** An account with a hierarchical namespace. */
export class FakeDataLake extends FakeAzure {
  /** Whether a rename's answer names the version; the documentation lists the field, samples lack it. */
  renameTellsEtag = false;
  readonly #appended = new WeakMap<
    Paths,
    Map<string, Map<number, Uint8Array<ArrayBuffer>>>
  >();

  constructor() {
    super(true);
  }

  /** Finds what answers, by the host. */
  protected override async route(asked: Asked): Promise<Response> {
    if (!asked.host.includes(".dfs.")) return await super.route(asked);
    const paths = this.containers.get(asked.container);
    if (paths === undefined) throw new Refusal(404, "FilesystemNotFound");
    switch (asked.method) {
      case "PUT":
        return asked.headers.has("x-ms-rename-source")
          ? this.#rename(paths, asked)
          : create(paths, asked);
      case "PATCH":
        return this.#update(paths, asked);
      case "DELETE":
        return remove(paths, asked);
      default:
        throw new Refusal(405, "UnsupportedHttpVerb");
    }
  }

  /** Words a failure: in JSON here. */
  protected override refuse(refusal: Refusal, asked: Asked): Response {
    if (!asked.host.includes(".dfs.")) return super.refuse(refusal, asked);
    const { status, code } = refusal;
    const json = JSON.stringify({ error: { code, message: "No." } });
    const headers = { "x-ms-error-code": code };
    return answer(status, headers, asked.method === "HEAD" ? null : json);
  }

  #rename(paths: Paths, asked: Asked): Response {
    const { path, query, headers, container } = asked;
    if (query.has("resource")) {
      throw new Refusal(400, "UnsupportedQueryParameter");
    }
    const source = headers.get("x-ms-rename-source") ?? "";
    const start = `/${container}/`;
    if (!source.startsWith(start) || /[^\x21-\x7e]/.test(source)) {
      throw new Refusal(400, "InvalidSourceUri");
    }
    const from = decodeURIComponent(
      source.slice(start.length).split("?")[0] ?? "",
    );
    const node = paths.nodes.get(from);
    if (node === undefined) throw new Refusal(404, "SourcePathNotFound");
    requireConditions(node, headers, "x-ms-source-");
    requirePathConditions(paths, path, headers);
    requireNoLease(paths, path);
    paths.rename(from, path);
    return answer(
      201,
      this.renameTellsEtag
        ? { etag: node.etag, "last-modified": node.modified.toUTCString() }
        : {},
    );
  }

  #update(paths: Paths, asked: Asked): Response {
    const { path, query, body, headers } = asked;
    const node = paths.nodes.get(path);
    if (node === undefined) throw new Refusal(404, "PathNotFound");
    if (node.kind === "folder") throw new Refusal(409, "InvalidResourceType");
    const position = Number(query.get("position") ?? NaN);
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new Refusal(400, "MissingRequiredQueryParameter");
    }
    const files = this.#appended.get(paths) ?? new Map();
    this.#appended.set(paths, files);
    const chunks: Map<number, Uint8Array<ArrayBuffer>> = files.get(path) ??
      new Map();
    files.set(path, chunks);
    switch (query.get("action")) {
      case "append":
        if (body.byteLength === 0) throw new Refusal(400, "InvalidHeaderValue");
        chunks.set(position, body);
        return answer(202);
      case "flush": {
        if (body.byteLength > 0) {
          throw new Refusal(400, "ContentLengthMustBeZero");
        }
        requireConditions(node, headers);
        const bytes = join(node, chunks, position);
        files.delete(path);
        const modified = new Date();
        const written = paths.put(path, { ...node, bytes, modified });
        return answer(200, fieldsOf(written));
      }
      default:
        throw new Refusal(400, "InvalidQueryParameterValue");
    }
  }
}

// What has been appended must follow on without a gap, and end at the position.
function join(
  node: Node,
  chunks: ReadonlyMap<number, Uint8Array<ArrayBuffer>>,
  position: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(position);
  bytes.set(node.bytes);
  let at = node.bytes.byteLength;
  for (
    let chunk;
    (chunk = chunks.get(at)) !== undefined;
    at += chunk.byteLength
  ) {
    if (at + chunk.byteLength > position) break;
    bytes.set(chunk, at);
  }
  if (at !== position) throw new Refusal(400, "InvalidFlushPosition");
  return bytes;
}

function create(paths: Paths, { path, query, headers, body }: Asked): Response {
  const resource = query.get("resource");
  if (resource !== "file" && resource !== "directory") {
    throw new Refusal(400, "InvalidQueryParameterValue");
  }
  if (body.byteLength > 0) throw new Refusal(400, "ContentLengthMustBeZero");
  requirePathConditions(paths, path, headers);
  requireNoLease(paths, path);
  const kind = resource === "file" ? "file" : "folder";
  const there = paths.nodes.get(path);
  if (kind === "folder" && there?.kind === "folder") {
    return answer(201, fieldsOf(there));
  }
  const stored: Record<string, string> = {};
  for (const name of CONTENT_FIELDS) {
    const value = headers.get(`x-ms-${name}`);
    if (value !== null) stored[name] = value;
  }
  const metadata = readProperties(headers.get("x-ms-properties"));
  return answer(
    201,
    fieldsOf(paths.put(path, { kind, headers: stored, metadata })),
  );
}

function requirePathConditions(
  paths: Paths,
  path: string,
  headers: Headers,
): void {
  const node = paths.nodes.get(path);
  if (headers.get("if-none-match") === "*" && node !== undefined) {
    throw new Refusal(409, "PathAlreadyExists");
  }
  requireConditions(node, headers);
}

function readProperties(field: string | null): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const pair of field?.split(",") ?? []) {
    const match = /^([A-Za-z_]\w*)=([A-Za-z0-9+/]*=*)$/.exec(pair);
    if (match === null) throw new Refusal(400, "InvalidPropertyName");
    metadata[match[1] ?? ""] = atob(match[2] ?? "");
  }
  return metadata;
}

function remove(paths: Paths, { path, query, headers }: Asked): Response {
  const node = paths.nodes.get(path);
  if (node === undefined) throw new Refusal(404, "PathNotFound");
  const recursive = query.get("recursive");
  requireConditions(node, headers);
  requireNoLease(paths, path);
  if (node.kind === "file") {
    if (recursive !== null) throw new Refusal(400, "UnsupportedQueryParameter");
    paths.nodes.delete(path);
    return answer(200);
  }
  if (recursive === null) {
    throw new Refusal(400, "MissingRequiredQueryParameter");
  }
  if (query.get("paginated") === "true" && recursive !== "true") {
    throw new Refusal(400, "InvalidQueryParameterValue");
  }
  const below = paths.below(path).sort().reverse();
  if (recursive === "false" && below.length > 0) {
    throw new Refusal(409, "DirectoryNotEmpty");
  }
  for (const name of below.slice(0, DELETED_AT_ONCE)) paths.nodes.delete(name);
  if (below.length > DELETED_AT_ONCE) {
    return answer(200, { "x-ms-continuation": `${below.length}==` });
  }
  paths.nodes.delete(path);
  return answer(200);
}

function fieldsOf(node: Node): Record<string, string> {
  return { etag: node.etag, "last-modified": node.modified.toUTCString() };
}
